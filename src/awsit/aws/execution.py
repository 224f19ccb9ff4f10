"""Which run an execution is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from awsit.engine.clock import parse_iso
from awsit.model.json import Json

_RUN_ID = re.compile(r"run-[0-9A-HJKMNP-TV-Z]{26}")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Execution:
    """An execution of the state machine, from its context object, and the ID of the run that it is."""

    arn: str
    run_id: str

    @classmethod
    def of(cls, event: Mapping[str, Json]) -> Execution:
        """The execution that an event of the state machine names: `{execution: {id, name, started_at}}`.

        The CLI names an execution after its run. One started from the console or a schedule has any name: its run ID is
        a ULID of its start time and a hash of its ARN, so that every task of it comes to the same.
        """
        told = event["execution"]
        arn, name = str(told["id"]), str(told["name"])
        return cls(arn, name if _RUN_ID.fullmatch(name) else f"run-{_ulid(arn, str(told['started_at']))}")


def _ulid(arn: str, started_at: str) -> str:
    milliseconds = int(parse_iso(started_at).timestamp() * 1000)
    number = (milliseconds << 80) | int.from_bytes(hashlib.sha256(arn.encode()).digest()[:10], "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
