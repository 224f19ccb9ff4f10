"""What runs of one suite share, on each engine: results of actions with `cache_seconds`, and the setup around them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.conformance.comparing import report
from tests.conformance.world import World, world
from ulid import ULID

from awsit.aws.runs.items import HELD_SECONDS
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions.past_runs import PastRuns
from awsit.model.json import Json, dumps
from awsit.model.run import RunRequest
from awsit.system.clock import SystemClock, parse_iso

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


def test_of_runs_at_once_in_the_account_one_logs_in_and_the_others_wait(made: World) -> None:
    service, engine, suite = made.env["SERVICE"], made.deployed.remote(), f"suite-{ULID()}"

    def calls(_: int) -> Json:
        request = RunRequest(f"run-{ULID()}", "login", LOGIN, {"key": suite}, {"SERVICE": service}, suite)
        return report(engine, LOGIN, request)["context"]["calls"]

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(calls, range(3))) == [1] * 3


THING = "{{ env.SERVICE }}/late/{{ run.id }}/0"
SETUP: Json = {
    "name": "suite",
    "actions": [
        {
            "name": "Make",
            "type": "http_call",
            "let": {"token": "t0ken-of-the-suite"},
            "params": {"url": THING, "method": "POST", "body": {}, "expected_status": 201},
            "pass_to_context": {"thing": "$.body.name"},
            "cleanup": [{"name": "Remove", "type": "http_call", "params": {"url": THING, "method": "DELETE"}}],
        }
    ],
}
WITHIN: Json = {
    "name": "within",
    "actions": [
        {
            "name": "Say",
            "type": "http_call",
            "params": {"url": "{{ env.SERVICE }}/echo", "method": "POST", "body": {"said": "{{ suite.token }}"}},
            "pass_to_context": {"said": "$.body.body.said"},
            "assert": [{"path": "$.body.body.said", "matches_regex": "^t0ken-.*$"}],
        }
    ],
    "assertions": [{"path": "$.run.id", "not_equals": "{{ suite.thing }}"}],
}


@pytest.mark.parametrize("engine", ["local", "remote"])
def test_a_setup_stays_until_it_is_cleaned_up_and_gives_its_values_to_the_runs_within(engine: str, made: World) -> None:
    one, env, setup_id = getattr(made.deployed, engine)(), {"SERVICE": made.env["SERVICE"]}, f"run-{ULID()}"
    setup = report(one, SETUP, RunRequest(setup_id, "suite:a", SETUP, env=env, hold=True))
    assert setup["status"] == "passed"
    one.release(setup_id)

    within = report(one, WITHIN, RunRequest(f"run-{ULID()}", "within", WITHIN, env=env, suite_run=setup_id))
    assert within["status"] == "passed"
    assert within["context"]["said"] == "***"
    assert "t0ken-of-the-suite" not in dumps([setup, within])
    assert made.left(setup_id) == [f"thing {setup_id}"]

    cleaned = one.clean_up(setup_id)
    assert (cleaned.status, cleaned.cleanup.verdict) == ("passed", "clean")
    assert made.left(setup_id) == []


@pytest.mark.parametrize("engine", ["local", "remote"])
def test_a_setup_that_failed_is_cleaned_up_at_once(engine: str, made: World) -> None:
    one, setup_id = getattr(made.deployed, engine)(), f"run-{ULID()}"
    failing = {**SETUP, "assertions": [{"path": "$.context.thing", "equals": "another"}]}
    request = RunRequest(setup_id, "suite:a", failing, env={"SERVICE": made.env["SERVICE"]}, hold=True)
    setup = report(one, failing, request)
    assert (setup["status"], setup["cleanup"]["verdict"]) == ("failed", "clean")
    assert made.left(setup_id) == []


def test_no_sweep_and_no_clean_up_of_all_takes_a_setup_for_a_day(made: World) -> None:
    one, setup_id = made.deployed.remote(), f"run-{ULID()}"
    report(one, SETUP, RunRequest(setup_id, "suite:a", SETUP, env={"SERVICE": made.env["SERVICE"]}, hold=True))
    installation = made.deployed.installation
    store = DynamoRunStore(made.deployed.aws, installation.table, installation.bucket)
    ended = parse_iso(store.report(setup_id).finished_at).timestamp()
    assert setup_id not in store.open_runs(ended + HELD_SECONDS - 1)
    assert setup_id in store.open_runs(ended + HELD_SECONDS + 1)
    assert setup_id not in PastRuns(made.deployed.aws, installation, SystemClock()).open()
    one.clean_up(setup_id)
    assert setup_id not in store.open_runs(ended + HELD_SECONDS + 1)
