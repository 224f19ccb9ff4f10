"""Runs of one suite share the results of actions with `cache_seconds`, on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.conformance.comparing import report
from tests.conformance.world import World, world
from ulid import ULID

from awsit.model.json import Json
from awsit.model.run import RunRequest

LOGIN: Json = {
    "name": "login",
    "actions": [
        {
            "name": "Login",
            "type": "http_call",
            "cache_seconds": 60,
            "params": {"url": "{{ env.SERVICE }}/flaky/{{ vars.key }}/0/503"},
            "pass_to_context": {"calls": "$.body.calls"},
        }
    ],
    "variables": {"key": ""},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("suites")) as made:
        yield made


@pytest.mark.parametrize("engine", ["local", "remote"])
def test_a_suite_of_several_runs_logs_in_once(engine: str, made: World) -> None:
    service, key = made.env["SERVICE"], f"suite-{engine}"
    shared = getattr(made.deployed, engine)()

    def calls(suite: str) -> Json:
        request = RunRequest(f"run-{ULID()}", "login", LOGIN, {"key": key}, {"SERVICE": service}, suite)
        return report(shared, LOGIN, request)["context"]["calls"]

    assert [calls(suite) for suite in ("one", "one", "two", "one", "")] == [1, 1, 2, 1, 3]
