"""Paths in messages and reports."""

from __future__ import annotations

from pathlib import Path


def shown(path: Path) -> str:
    """The path as a person would type it: from the working folder, where it is below that."""
    working = Path.cwd()
    return str(path.relative_to(working)) if path.is_relative_to(working) else str(path)
