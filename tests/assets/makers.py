"""The scripts that make the assets, as modules."""

from __future__ import annotations

import sys
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "assets"
STAND_INS = ASSETS / "films" / "stand-ins"


@cache
def maker(name: str) -> ModuleType:
    """The script scripts/`name`, which has no suffix, loaded without being run."""
    folder = str(ROOT / "scripts")
    if folder not in sys.path:
        sys.path.append(folder)
    loader = SourceFileLoader(f"maker_{name}", f"{folder}/{name}")
    spec = spec_from_loader(loader.name, loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module
