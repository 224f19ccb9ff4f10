"""What must be undone is on the disk before it is done, and nothing else waits for the disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.engine.table import TableAws
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.store import lines
from awsit.engine.store.journal import JournalStore
from awsit.system.marks import Marks

MARKS = Marks(lambda: b"mine" * 8)
CALL = 'type: http_call, params: {url: "http://api.test/orders", method: POST}'
READ = '{name: Read, type: http_call, params: {url: "http://api.test/read"}}'


class Disk:
    """The disk of a machine that may lose its power: what was synced of the journal, line by line."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path, self.syncs = path, 0
        self.synced = b""
        self._fsync = os.fsync
        monkeypatch.setattr("os.fsync", self.sync)

    def sync(self, descriptor: int) -> None:
        self._fsync(descriptor)
        self.syncs += 1
        self.synced = self.path.read_bytes()

    def begun(self) -> list[int]:
        """The steps of which it knows that they were begun, a number for each call."""
        return [
            line["index"] for line in lines.read(self.synced, RUN_ID, MARKS).whole.values() if line["write"] == "begin"
        ]

    def ended(self) -> list[int]:
        """The steps whose answers it has."""
        return [
            line["record"]["index"]
            for line in lines.read(self.synced, RUN_ID, MARKS).whole.values()
            if line["write"] == "finish" and line["record"]["kind"] != "cleanup"
        ]


def calls(
    scenario: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knows: Callable[[Disk], list[int]] = Disk.begun
) -> tuple[Disk, list[list[int]]]:
    """What the disk knew at each request of a run: the steps that were begun, or what `knows` says."""
    folder = tmp_path / "journal"
    disk = Disk(folder / f"{RUN_ID}.jsonl", monkeypatch)
    made = World(answer(200, {"id": "o-1"}), aws=TableAws(), store=JournalStore(folder, MARKS))
    known: list[list[int]] = []
    send = made.http.send

    def noting(*args, **kwargs):
        known.append(knows(disk))
        return send(*args, **kwargs)

    monkeypatch.setattr(made.http, "send", noting)
    made.run(scenario)
    return disk, known


def test_a_run_with_nothing_to_undo_waits_for_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, known = calls(f"name: it\nactions:\n  - {{name: Create, {CALL}}}\n  - {READ}\n", tmp_path, monkeypatch)

    assert disk.syncs == 0
    assert len(known) == 2
    assert lines.read(disk.path.read_bytes(), RUN_ID, MARKS).whole


@pytest.mark.parametrize(
    ("actions", "end", "expected"),
    [
        (f"{{name: Create, {CALL}, cleanup: [{READ}]}}", "", [[0], [0], [0]]),
        (f"{{name: Create, {CALL}}}", f"cleanup: [{READ}]", [[0], [0, 1], [0, 1]]),
        (
            f"{{name: Create, {CALL}, pass_to_context: {{id: $.body.id}}}}",
            'cleanup: [{name: Undo, type: http_call, params: {url: "http://api.test/{{ context.id }}"}}]',
            [[0], [0, 1], [0, 1]],
        ),
    ],
)
def test_what_is_undone_is_on_the_disk_before_it_is_done(
    actions: str, end: str, expected: list[list[int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, known = calls(
        f"name: it\nactions:\n  - {actions}\n  - {READ.replace('Read', 'Look')}\n{end}\n", tmp_path, monkeypatch
    )

    assert known == expected


def test_a_step_whose_value_names_what_another_undoes_is_on_the_disk_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undo = '{name: Undo, type: http_call, params: {url: "http://api.test/{{ context.id }}"}}'
    first = f"{{name: Create, {CALL}, pass_to_context: {{id: $.body.id}}}}"
    second = f"{{name: Fill, {CALL}, cleanup: [{undo}]}}"

    _, known = calls(f"name: it\nactions:\n  - {first}\n  - {second}\n  - {READ}\n", tmp_path, monkeypatch)

    assert known == [[0], [0, 1], [0, 1], [0, 1]]


@pytest.mark.parametrize(
    ("captures", "named", "expected"),
    [
        ("pass_to_context: {id: $.body.id}", "context.id", [0]),
        ("assert: []", "actions.Create.result.body.id", [0]),
        ("assert: []", "run.id", []),
    ],
)
def test_the_answer_that_names_what_is_undone_is_on_the_disk_before_anything_else_is_done(
    captures: str, named: str, expected: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undo = f'{{name: Undo, type: http_call, params: {{url: "http://api.test/{{{{ {named} }}}}"}}}}'
    scenario = f"name: it\nactions:\n  - {{name: Create, {CALL}, {captures}, cleanup: [{undo}]}}\n  - {READ}\n"

    _, known = calls(scenario, tmp_path, monkeypatch, Disk.ended)

    assert known[:2] == [[], expected]


def test_each_attempt_that_may_make_something_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    until = "until: {assert: [{path: $.body.id, equals: o-2}], timeout_seconds: 2}, continue_on_failure: true"
    scenario = f"name: it\nactions:\n  - {{name: Create, {CALL}, {until}, cleanup: [{READ}]}}\n"

    _, known = calls(scenario, tmp_path, monkeypatch)

    assert known[:3] == [[0], [0, 0], [0, 0, 0]]
