"""What the functions of the sandbox load when they start, so that they send nothing to AWS, and how they come to it.

Python reads `sitecustomize` from a folder on its module path (module `site`), Node.js what `NODE_OPTIONS` requires.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from awsit.http.addressing.aws_hosts import DOMAINS

_FOLDER = Path(__file__).parent
_REQUIRE = f'--require="{(_FOLDER / "refuse_aws.js").as_posix()}"'
_GUARDS = {"PYTHONPATH": (os.pathsep, str(_FOLDER)), "NODE_OPTIONS": (" ", _REQUIRE)}
"""What each variable must contain, after its separator."""

ENVIRONMENT: Mapping[str, str] = {
    **{name: guard for name, (_, guard) in _GUARDS.items()},
    "AWSIT_AWS_DOMAINS": ",".join(DOMAINS),
}
"""The variables of every function; one that has such a variable of its own has `guarded` ones."""


def guarded(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables of a function, those that would take the place of `ENVIRONMENT`'s with the guard added."""
    return {name: _with_guard(name, value) for name, value in variables.items()}


def _with_guard(name: str, value: str) -> str:
    separator, guard = _GUARDS.get(name, ("", ""))
    return value if guard in value else f"{value}{separator}{guard}"
