"""Executions, and the runs that they are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from msgspec import Struct

from awsit.model.json import Json
from awsit.system.clock import parse_iso
from awsit.system.ulid import RANDOM_BITS, ulid

_CLEANUP = re.compile(r"cleanup-(run-[0-9A-HJKMNP-TV-Z]{26})-(?:(?P<next>next[0-9a-f]{12})|[0-9a-z]+)")
_RUN_ID = re.compile(r"run-[0-9A-HJKMNP-TV-Z]{26}")

OF_SUITE = "suite"
"""What the names of executions end with that clean up setups, whether the suite or a command has started them."""


class Execution(Struct, frozen=True):
    """An execution of the state machine, from its context object, and the ID of the run that it is.

    One that finishes the clean-up of an earlier run has that run's ID, and is its `cleaner`. `goes_on`: with a clean-up
    that another execution handed over to it, for want of events.
    """

    arn: str
    run_id: str
    cleaner: str = ""
    goes_on: bool = False

    @classmethod
    def of(cls, event: Mapping[str, Json]) -> Execution:
        """The execution that an event of the state machine names: `{execution: {id, name, started_at}}`.

        The CLI names an execution after its run. One started from the console or a schedule has any name: its run ID is
        a ULID of its start time and a hash of its ARN, so that every task of it comes to the same. `started_at` is ISO
        8601, or milliseconds since the epoch, as EventBridge has it.
        """
        execution = event["execution"]
        arn, name = str(execution["id"]), str(execution["name"])
        if cleanup := _CLEANUP.fullmatch(name):
            return cls(arn, cleanup[1], arn, goes_on=cleanup["next"] is not None)
        return cls(arn, name if _RUN_ID.fullmatch(name) else f"run-{_ulid(arn, execution['started_at'])}")


def cleanup_name(run_id: str, token: str) -> str:
    """The name of an execution that finishes the clean-up of a run; `token` is a few random letters and digits."""
    return f"cleanup-{run_id}-{token}"


def next_cleanup_name(execution: Execution) -> str:
    """The name of the execution that goes on with the clean-up of this one, always the same."""
    return cleanup_name(execution.run_id, f"next{hashlib.sha256(execution.arn.encode()).hexdigest()[:12]}")


def _ulid(arn: str, started_at: Json) -> str:
    is_iso = isinstance(started_at, str) and not started_at.isdecimal()
    milliseconds = int(parse_iso(started_at).timestamp() * 1000) if is_iso else int(started_at)
    return ulid(milliseconds, int.from_bytes(hashlib.sha256(arn.encode()).digest()[: RANDOM_BITS // 8], "big"))
