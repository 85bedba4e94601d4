"""`python -m player` is `needledrop`."""

if __name__ == "__main__":  # a spawned process imports this file under another name, and must load nothing
    from player.cli import main

    raise SystemExit(main())
