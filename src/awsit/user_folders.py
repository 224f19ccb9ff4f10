"""Folders of the user, outside of any project (XDG Base Directory Specification 0.8), and the key that is in one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from awsit.errors import UsageError
from awsit.system.marks import KEY_BYTES, Marks, user_key


def user_state_folder(variables: Mapping[str, str]) -> Path:
    """Where awsit keeps what belongs to no project."""
    return _user_folder(variables, "XDG_STATE_HOME", ".local/state")


def user_cache_folder(variables: Mapping[str, str]) -> Path:
    """Where awsit keeps what it can build again: a project's folder may be a stranger's."""
    return _user_folder(variables, "XDG_CACHE_HOME", ".cache")


def marks(variables: Mapping[str, str]) -> Marks:
    """The marks of this user, by the key in `AWSIT_STATE_KEY` or in the configuration folder. Raises UsageError."""
    named = variables.get("AWSIT_STATE_KEY", "")
    if 0 < len(named) < KEY_BYTES:
        hint = "make one with: openssl rand -hex 32"
        raise UsageError(f"AWSIT_STATE_KEY has fewer than {KEY_BYTES} characters", hint=hint)
    folder = _user_folder(variables, "XDG_CONFIG_HOME", ".config")
    return Marks(lambda: named.encode() or user_key(folder))


def _user_folder(variables: Mapping[str, str], variable: str, usual: str) -> Path:
    """A folder of the XDG Base Directory Specification 0.8; of a user who has no home, one that nobody can make."""
    named = Path(variables.get(variable, ""))
    return (named if named.is_absolute() else _home(variables) / usual) / "awsit"


def _home(variables: Mapping[str, str]) -> Path:
    try:
        return Path(variables.get("HOME") or "~").expanduser()
    except RuntimeError:  # a container may run as a user that nothing there knows
        return Path(os.devnull)
