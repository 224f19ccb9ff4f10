"""The trials of `make torture`, each in small, with faults that are the same each time."""

from __future__ import annotations

from itertools import cycle

import pytest
from tests.deployed import Deployed
from tests.torture import engines, trials
from tests.torture.faults import FAULTS, faulty, rules
from tests.torture.ground import Ground, Tally, scenario
from ulid import ULID

from awsit.aws.client.clients import AwsClients
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions.engine import StepFunctionsEngine
from awsit.model.run import RunRequest
from awsit.system.clock import SystemClock


@pytest.fixture(scope="module")
def ground(deployed: Deployed) -> Ground:
    return Ground(deployed)


def summary(tally: Tally) -> str:
    return f"{tally.verdicts} {tally.notes} {tally.reasons}"


OPERATIONS = ("PutObject", "StartExecution", "Query", "GetItem", "UpdateItem", "PutItem", "GetObject", "BatchWriteItem")


def test_faults_of_every_kind_change_nothing(ground: Ground) -> None:
    tally, kinds = Tally("each fault"), cycle(FAULTS)
    chosen = [rule for name in OPERATIONS for _ in range(2) for rule in rules(next(kinds), operation=name, times=1)]

    with ground.unchanged(tally, 1) as rows, faulty(ground.made.sandbox.endpoint_url, chosen) as proxy:
        trials.followed(ground, proxy, rows, tally, 1)
        assert proxy.faults >= 2 * len(OPERATIONS)

    assert tally.is_good, summary(tally)
    assert tally.verdicts == {"passed": 1}, summary(tally)


@pytest.mark.parametrize(
    ("trial", "runs"),
    [(trials.stops, 2), (trials.dead_workers, 3), (engines.dead_engines, 2)],
)
def test_nothing_is_left_lost_or_harmed(ground: Ground, trial: trials.Trial, runs: int) -> None:
    tally = trial(ground, runs, 7)

    assert tally.runs == runs
    assert tally.is_good, summary(tally)


def test_no_run_removes_what_another_made(ground: Ground) -> None:
    tally = trials.at_once(ground, 6, 7)

    assert tally.is_good, summary(tally)
    assert tally.verdicts == {"passed": 6}


def test_a_start_whose_answer_was_lost_starts_one_run(ground: Ground) -> None:
    chosen = [{**rule, "operation": "StartExecution"} for rule in rules("lost", times=1)]
    row = ground.row("row-lost-start")["order_id"]["S"]
    request = RunRequest(f"run-{ULID()}", "torture", scenario(0), {"row": row})

    with faulty(ground.made.sandbox.endpoint_url, chosen) as proxy:
        engine = StepFunctionsEngine(AwsClients(endpoint_url=proxy.url), ground.made.installation, SystemClock())
        started = engine.start(request)
        assert proxy.faults == 1

    assert started.run_id == request.run_id
    assert ground.report(started.run_id) is not None


def test_an_answer_of_s3_that_breaks_off_is_read_again(ground: Ground) -> None:
    run_id, _ = trials.start(ground, ground.row("row-broken-read")["order_id"]["S"], pause=0)
    report = ground.report(run_id)
    chosen = [{**rule, "operation": "GetObject"} for rule in rules("lost", times=2)]

    with faulty(ground.made.sandbox.endpoint_url, chosen) as proxy:
        made = ground.made.installation
        again = DynamoRunStore(AwsClients(endpoint_url=proxy.url), made.table, made.bucket).report(run_id)
        assert proxy.faults == 2

    assert again == report
