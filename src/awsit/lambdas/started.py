"""How the workers of Lambda start: for a call that waits, or before there is anything to do.

Nearly all that a start makes lives as long as the worker, and to look through it for garbage again and again takes a
fifth of the start. So Python's garbage collector waits from the first import of a handler until the start has ended,
and then leaves alone what there is.

Nobody waits for a worker that starts for a snapshot, or to be kept ready, so it imports all that is imported later
elsewhere. What a snapshot holds is the same in every worker that starts from it. No connection is open then, and
nothing unique is made but the seed of `random`, from which the SDK takes its waits between attempts: with one seed,
throttled workers would come back at the same moment.

Sources: AWS Lambda developer guide, "Using Lambda environment variables", "Handling uniqueness with Lambda SnapStart",
and "Lambda SnapStart runtime hooks for Python".
"""

from __future__ import annotations

import gc
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


def is_worker() -> bool:
    """Whether Lambda runs this process (AWS Lambda developer guide, "Using Lambda environment variables")."""
    from awsit import config

    return "AWS_LAMBDA_FUNCTION_NAME" in config.environment()


def begin_start() -> None:
    """Look for no garbage until `end_start`."""
    gc.disable()


def end_start() -> None:
    """Look for garbage from now on; a worker does so only among what is made from now on.

    In any other process what was imported is among the oldest objects, which Python looks through least often.
    """
    gc.freeze()
    if not is_worker():
        gc.unfreeze()
    gc.enable()


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
