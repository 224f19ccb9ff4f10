"""What the calls of a process come to, without what differs from run to run, and the file that keeps it.

`recorded.json` is made by `python -m tests.permissions.record`; a test holds it to what awsit calls today.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.permissions.calls import Call, Need
from tests.permissions.policies import asked_for

from awsit.model.permissions import AwsLocation

FILE = Path(__file__).with_name("recorded.json")

_CHANGING = {
    r"awsit-run-[0-9A-HJKMNP-TV-Z]{26}": "awsit-run-1",
    r"run-[0-9A-HJKMNP-TV-Z]{26}": "RUN",
    r"suite-[0-9A-HJKMNP-TV-Z]{26}": "SUITE",
    r"mapRun:awsit-suite-flow/[0-9a-f-]{36}:[0-9a-f-]{36}": "mapRun:awsit-suite-flow/MAP:1f",
    r"RUN-[0-9a-z]{8}\b": "RUN-TOKEN",
    r"stack/awsit/[0-9a-f-]{36}": "stack/awsit/1f",
    r"-bucket-[0-9a-f]{13}\b": "-bucket-1abc",
    r"-[0-9A-F]{13}\b": "-1ABC",
    r"\b[0-9a-f]{64}\b": "HASH",
    r"\b[0-9a-f]{32}\b": "TOKEN",
    r"\b[0-9a-z]{26}\b": "SECRET",
}
"""Parts of ARNs and keys that are other ones in each run."""


@dataclass(frozen=True, order=True)
class Row:
    """One permission that a call takes. `keys` are the condition keys that a statement of the caller asks for."""

    caller: str
    call: str
    action: str
    resource: str
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def need(self) -> Need:
        """What has to be allowed."""
        return Need(self.action, self.resource, dict(self.keys))


def rows(calls: Iterable[Call], location: AwsLocation, names: Mapping[str, str]) -> set[Row]:
    """The permissions of calls; `names` are what stands in their ARNs, and the names of the template for it."""
    return {_row(call, need, names) for call in calls for need in call.needs(location)}


def _row(call: Call, need: Need, names: Mapping[str, str]) -> Row:
    asked = asked_for(call.caller, need.action)
    keys = tuple(
        (key, tuple(_steady(value, {}) for value in values)) for key, values in need.context.items() if key in asked
    )
    return Row(call.caller, str(call), need.action, _steady(need.resource, names), keys)


def _steady(text: str, names: Mapping[str, str]) -> str:
    for name, known in names.items():
        text = text.replace(name, known)
    for pattern, known in _CHANGING.items():
        text = re.sub(pattern, known, text)
    return text


def load() -> set[Row]:
    """The rows that are kept."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        Row(each["caller"], each["call"], each["action"], each["resource"], _keys(each.get("keys", {})))
        for each in kept
    }


def save(found: Iterable[Row]) -> None:
    """Keep these rows."""
    lines = [
        json.dumps(
            {
                "caller": each.caller,
                "call": each.call,
                "action": each.action,
                "resource": each.resource,
                **({"keys": dict(each.keys)} if each.keys else {}),
            }
        )
        for each in sorted(found)
    ]
    FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def _keys(keys: Mapping[str, list[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((key, tuple(values)) for key, values in keys.items())
