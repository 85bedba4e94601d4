"""The player: a show stepped through by key, one engine that plays its commands, and the screen over both."""
