"""A small checkout to set up: the real scripts, a stub player and one package that pip finds on this disk."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[2]

STUB = """\
import json, os, sys
import crate
print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "crate": crate.__file__}))
sys.exit(7 if "fail" in sys.argv else 0)
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder as `git clone` leaves it, and an index of packages beside it."""

    root: Path
    index: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def quick(self) -> str:
        """To pretend: a bare environment is a copy of this checkout's, not five seconds of work."""
        return (
            "sys.path.insert(0, os.path.dirname(PLAY))\n"
            "import shutil, _install\n"
            "bare = lambda _, names: [n for n in names if n.startswith(('crate', 'installed-'))]\n"
            f"made = {str(self.venv)!r}\n"
            f"_install.make_environment = lambda: shutil.copytree(made, _install.VENV, True, bare)"
        )

    def lock(self, version: str) -> None:
        """Make a release of the package `crate`, and let the lock file name it."""
        wheel = self.index / f"crate-{version}-py3-none-any.whl"
        info = f"crate-{version}.dist-info"
        files = {
            "crate.py": "",
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: crate\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, text in files.items():
                archive.writestr(zipfile.ZipInfo(name), text)  # its date is fixed, so its hash is too
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        text = f"crate=={version} \\\n    --hash=sha256:{digest}\n# For the tests only\n"
        (self.root / "requirements.lock").write_text(text, encoding="utf-8")

    def environment(self, changes: Mapping[str, str]) -> dict[str, str]:
        """This process's environment, in which pip knows only the index beside the checkout."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.index)}
        return {**clean, **pip, **changes}

    def command(self, *arguments: str, pretend: str = "") -> list[str]:
        """`scripts/play ARGUMENTS`; `pretend` is Python to run first, to change what the script will find."""
        play = str(self.root / "scripts" / "play")
        if not pretend:
            return [sys.executable, play, *arguments]
        start = f"import os, runpy, sys\nPLAY = sys.argv[0] = {play!r}\n{pretend}\nrunpy.run_path(PLAY)"
        return [sys.executable, "-c", start, *arguments]

    def play(
        self,
        *arguments: str,
        folder: Path | None = None,
        pretend: str = "",
        changes: Mapping[str, str] = MappingProxyType({}),
    ) -> subprocess.CompletedProcess[str]:
        """Run the script to its end, in `folder`, with `changes` to the environment."""
        return subprocess.run(
            self.command(*arguments, pretend=pretend),
            cwd=folder or self.index,
            env=self.environment(changes),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


def make_checkout(folder: Path) -> Checkout:
    """A checkout in `folder` whose lock file names crate 1.0; nothing is set up yet."""
    made = Checkout(root=folder / "check out", index=folder / "index")
    (made.root / "scripts").mkdir(parents=True)
    (made.root / "player").mkdir()
    made.index.mkdir()
    for name in ("play", "test", "_setup.py", "_install.py"):
        shutil.copy(ROOT / "scripts" / name, made.root / "scripts" / name)
    (made.root / "player" / "__main__.py").write_text(STUB, encoding="utf-8")
    made.lock("1.0")
    return made
