"""What a command does with the file of a scenario, it does once: reading it, resolving `use` in it, validating it."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.functional.fakes import CREATED, PASSING, FakeWiring

from awsit.http.fake import FakeTransport
from awsit.model.http import HttpResponse
from awsit.scenario.checks import shape
from awsit.scenario.library import expander
from awsit.scenario.reading import load

FILE = "scenarios/order_is_stored.yaml"
MATRIX = (
    PASSING + "matrix: [{quantity: 1}, {quantity: 2}, {quantity: 3}]\ndefaults: {http_call: {timeout_seconds: 5}}\n"
)
OTHER = PASSING.replace("order_is_stored", "order_is_sent") + "defaults: {http_call: {timeout_seconds: 5}}\n"


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> dict[str, Counter[str]]:
    """How often each file was read, and each scenario expanded and validated."""
    counters: dict[str, Counter[str]] = {"read": Counter(), "expanded": Counter(), "validated": Counter()}

    def count(module: Any, name: str, kind: str, key: Callable[..., str]) -> None:
        original = getattr(module, name)

        def counting(*arguments: Any, **options: Any) -> Any:
            counters[kind][key(*arguments)] += 1
            return original(*arguments, **options)

        monkeypatch.setattr(module, name, counting)

    count(load, "load_text", "read", lambda _, file="-": file)
    count(expander, "from_source", "expanded", lambda source: source.document["name"])
    count(shape, "scenario_problems", "validated", lambda document, *_: document["name"])
    return counters


@pytest.mark.parametrize(
    ("command", "validates"),
    [
        (["validate", "scenarios"], True),
        (["validate", FILE], True),
        (["list-scenarios"], False),
        (["plan", "--offline", "scenarios"], True),
        (["plan", "--offline", "order_is_stored"], True),
        (["run", FILE], True),
        (["run", "scenarios"], True),
        (["run", "order_is_stored"], True),
        (["run", "order_is_stored[2]", "order_is_sent", FILE], True),
        (["run", "order_*", "--repeat", "2"], True),
        (["run", "scenarios", "--state-machine-arn", "arn:aws:states:eu-west-1:123456789012:stateMachine:a"], True),
        (["run", "order_is_stored", "--no-wait", "--stack", "awsit"], True),
        (["push", "scenarios"], True),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_reads_expands_and_validates_each_scenario_once(
    awsit: Callable[..., Result],
    scenario: Callable[..., Path],
    counts: dict[str, Counter[str]],
    command: list[str],
    validates: bool,
) -> None:
    scenario(MATRIX)
    scenario(OTHER, "order_is_sent.yaml")

    result = awsit(*command)

    assert result.exit_code == 0, result.output
    assert set(counts["read"].values()) == {1}, counts
    assert set(counts["expanded"].values()) == ({1} if validates else set()), counts
    assert set(counts["validated"].values()) == ({1} if validates else set()), counts


def test_so_does_the_rerun_of_what_failed(
    awsit: Callable[..., Result], scenario: Callable[..., Path], wiring: FakeWiring, counts: dict[str, Counter[str]]
) -> None:
    scenario(MATRIX)
    wiring.http_fake = FakeTransport(HttpResponse(500, {}, b"", ""))
    awsit("run", "scenarios")
    wiring.http_fake = FakeTransport(CREATED)
    for counter in counts.values():
        counter.clear()

    result = awsit("run", "--rerun-failed", "order_is_stored")

    assert result.exit_code == 0, result.output
    assert all(set(counter.values()) == {1} for counter in counts.values()), counts
