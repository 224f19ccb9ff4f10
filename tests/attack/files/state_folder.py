"""The state folder of a repository that somebody else wrote: links out of it, records that are no records, names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from tests.attack.commands import awsit, waiting, write
from tests.attack.payload import Payload

_ID = "run-01M8H13G5NGNR3JWAXQBST9MMQ"
_REPORT = {"run_id": _ID, "scenario": "s", "status": "passed", "engine": "local", "started_at": "2030-01-01T00:00:00Z"}
_VICTIM = "the victim's own"

LINKS = (
    ".awsit/last-run.json",
    ".awsit/.gitignore",
    ".awsit/sandbox-stacks.json",
    ".awsit/crash.log",
    f".awsit/reports/{_ID}.json",
    f".awsit/journal/{_ID}.jsonl",
    ".awsit/schema/scenario.json",
    ".awsit/sandbox/server.log",
)
FOLDERS = (".awsit", ".awsit/reports", ".awsit/journal", ".awsit/sandbox", ".awsit/cache")
COMMANDS = (("run", "s.json"), ("runs",), ("status",), ("cleanup",), ("history",), ("run", "--rerun-failed"), ("logs",))
RECORDS: Mapping[str, object] = {
    "empty": "",
    "no JSON": "{",
    "null": None,
    "a number": 1,
    "a list": [],
    "a text": "run",
    "no fields": {},
    "fields of other types": {name: [{}] for name in _REPORT},
    "an ID that is a path": {**_REPORT, "run_id": "../../../../victim"},
    "an ID that steers": {**_REPORT, "run_id": "run-\x1b[2J\u202e##vso[x]"},
    "a scenario that steers": {**_REPORT, "scenario": "\x1b]0;x\x07\n::add-mask::x"},
    "a time that is none": {**_REPORT, "started_at": "9" * 9999},
    "a time in the far future": {**_REPORT, "started_at": "9999-12-31T23:59:59.999999+14:00"},
    "depth": "[" * 90000,
    "a large number": '{"duration_seconds": ' + "9" * 90000 + "}",
    "another status": {**_REPORT, "status": "<script>"},
    "another version": {**_REPORT, "version": "awsit.report/999"},
    "steps that are none": {**_REPORT, "steps": [None, 1, {"name": {}}]},
    "surrogates": {**_REPORT, "scenario": "\ud800"},
    "bytes": b"\xff\xfe\x00" * 3000,
}
NAMES = (
    "\x1b[2J",
    "\x9b31m",
    "\u202etxt",
    "a\nb",
    "##vso[task]",
    "::add-mask::x",
    "\x07",
    "$(touch owned)",
    "`id`",
    "-rf",
)


def payloads() -> Iterator[Payload]:
    for file in LINKS:
        for command in COMMANDS:
            yield Payload(f"{file} is a link, {' '.join(command)}", partial(_linked, file, command))
    for folder in FOLDERS:
        for command in COMMANDS[:2]:
            yield Payload(f"{folder} is a link, {' '.join(command)}", partial(_linked_folder, folder, command))
    for name, record in RECORDS.items():
        for place in ("reports", "journal"):
            yield Payload(f"{place}: {name}", partial(_every_command, partial(_record, place, record)))
        yield Payload(f"last run: {name}", partial(_every_command, lambda record=record: write(LINKS[0], record)))
    for name in NAMES:
        yield Payload(f"a file called {name!r}", partial(_every_command, partial(_named, name)))


def _linked(file: str, command: tuple[str, ...]) -> str:
    victim = Path(write("victim/file", _VICTIM))
    write("s.json", waiting())
    path = Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(victim.resolve())
    awsit(*command)
    return "" if victim.read_text() == _VICTIM else f"the file behind the link became {victim.read_text()[:80]!r}"


def _linked_folder(folder: str, command: tuple[str, ...]) -> str:
    victim = Path("victim")
    victim.mkdir()
    (victim / "file").write_text(_VICTIM)
    write("s.json", waiting())
    path = Path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(victim.resolve())
    awsit(*command)
    return "" if (victim / "file").read_text() == _VICTIM else "a file behind the linked folder was changed"


def _record(place: str, record: object) -> None:
    ending = "json" if place == "reports" else "jsonl"
    write(f".awsit/{place}/{_ID}.{ending}", record)


def _named(name: str) -> None:
    for place in ("reports", "journal", "sandbox", "."):
        write(f".awsit/{place}/{name}.json", json.dumps(_REPORT))
        write(f".awsit/{place}/{name}.jsonl", json.dumps(_REPORT))
    write(f"scenarios/{name}.yaml", "name: [")


def _every_command(plant: Callable[[], object]) -> str:
    write("s.json", waiting())
    plant()
    for command in (*COMMANDS, ("status", _ID), ("cleanup", _ID), ("report", _ID, "--html", "-"), ("list-scenarios",)):
        awsit(*command)
    return "a shell ran" if Path("owned").exists() else ""
