"""Programs of the machine that decide who is right."""

import os
import shutil

import pytest


def required(name: str) -> str:
    """The program's path. Without it the test is skipped, and fails in CI: what was not asked is not known."""
    found = shutil.which(name)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(not_installed(name))
    return found or ""


def not_installed(name: str) -> str:
    """Why a test is skipped. `tests/not_tested.py` counts these."""
    return f"{name} is not installed: apt-get install {name}"
