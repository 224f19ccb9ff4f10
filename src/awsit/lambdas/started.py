"""Workers that Lambda starts before there is anything to do: for a snapshot, or to keep them ready.

Nobody waits for their start, so all is imported that is imported later elsewhere. What a snapshot holds is the same in
every worker that starts from it. No connection is open then, and nothing unique is made but the seed of `random`, from
which the SDK takes its waits between attempts: with one seed, throttled workers would come back at the same moment.

Sources: AWS Lambda developer guide, "Using Lambda environment variables", "Handling uniqueness with Lambda SnapStart",
and "Lambda SnapStart runtime hooks for Python".
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from importlib import import_module

KIND = "AWS_LAMBDA_INITIALIZATION_TYPE"
_SNAPSHOT, _READY = "snap-start", "provisioned-concurrency"

IMPORTED_LATER = (
    "awsit.expressions.jsonpath.rfc9535",
    "awsit.expressions.templates.evaluate",
    "awsit.scenario.checks.models",
    "jsonschema",
)
"""What many runs need, and a worker that starts for a call imports when it is needed."""


def complete_start(environment: Mapping[str, str]) -> None:
    """Do what is left to do in a worker that starts before there is anything to do; nothing in any other."""
    kind = environment.get(KIND)
    if kind in {_SNAPSHOT, _READY}:
        for name in IMPORTED_LATER:
            import_module(name)
    if kind == _SNAPSHOT:
        _renew_seed()


def _renew_seed() -> None:
    from snapshot_restore_py import register_after_restore  # type: ignore[import-not-found] # Lambda's Python has it

    register_after_restore(random.seed)
