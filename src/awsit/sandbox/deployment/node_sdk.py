"""The AWS SDK for JavaScript, which Lambda's Node.js runtimes bring and this machine does not.

The emulator has a substitute for some of its clients, for functions that `require` them.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from awsit.model import json

_IMPORTED = re.compile(r"(require\(|\bfrom|\bimport\(?)\s*[\"'](aws-sdk|@aws-sdk/[\w-]+)(?:/[^\"']*)?[\"']")
_SUBSTITUTE = re.compile(r'"(@aws-sdk/client-[a-z0-9-]+)":')
_ENDINGS = {".js", ".mjs", ".cjs"}


def missing_clients(folder: Path) -> list[str]:
    """The packages of the SDK that the code in the folder uses, and that are neither beside it nor substituted."""
    missing = {
        package
        for file in sorted(folder.rglob("*"))
        if file.suffix in _ENDINGS and file.is_file() and "node_modules" not in file.relative_to(folder).parts
        for package in _used(file, folder)
        if not (folder / "node_modules" / package).is_dir()
    }
    return sorted(missing)


def _used(file: Path, folder: Path) -> Iterator[str]:
    """The packages of the SDK that a file uses and that the emulator does not substitute there."""
    is_module = file.suffix == ".mjs" or (file.suffix == ".js" and _is_module(folder))
    for how, package in _IMPORTED.findall(file.read_text(encoding="utf-8", errors="replace")):
        if is_module or not how.startswith("require") or package not in substituted():
            yield package


def _is_module(folder: Path) -> bool:
    """Whether `.js` files are modules (Node.js documentation, "Packages": `type`)."""
    try:
        document = json.loads((folder / "package.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and document.get("type") == "module"


@cache
def substituted() -> frozenset[str]:
    """The packages that the emulator has a substitute for: the keys of tables in its JavaScript."""
    runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
    scripts = [value for value in vars(runtime).values() if isinstance(value, str)]
    return frozenset(package for script in scripts for package in _SUBSTITUTE.findall(script))
