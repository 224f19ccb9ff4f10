"""When workers carry runs out, and when they are not worth their start."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from awsit import config
from awsit.cli.running.side_by_side.worth import RUNS_A_WORKER, WORKERS_A_CORE, Workers
from awsit.cli.selection.requested_run import RequestedRun
from awsit.cli.selection.waiting.shelf import Shelf, ShelvedRun
from awsit.cli.session import Session
from awsit.model.json import Json
from awsit.model.run import RunRequest
from awsit.system.spool import Spool

CORES = os.cpu_count() or 1


def workers(jobs: int) -> Workers:
    return Workers(config.load({"jobs": jobs}, {}, Path()), ExitStack(), steps=False)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(Session(), Spool(tmp_path), {})


def run(shelf: Shelf, document: Json) -> ShelvedRun:
    return shelf.put(RequestedRun(RunRequest("run-1", "it", document)))


def test_so_many_runs_are_worth_it(shelf: Shelf) -> None:
    many = [run(shelf, {"actions": []})] * RUNS_A_WORKER * 2
    assert workers(2).are_worth_it(many)
    assert not workers(2).are_worth_it(many[1:])


@pytest.mark.parametrize(
    "document",
    [
        {"actions": [{"name": "Log in", "cache_seconds": 60}]},
        {"actions": [], "limits": {"http": {"api.test": 5}}},
    ],
)
def test_runs_that_share_results_or_limits_stay_in_one_process(shelf: Shelf, document: Json) -> None:
    many = [run(shelf, {"actions": []})] * RUNS_A_WORKER * 2
    assert not workers(2).are_worth_it([*many, run(shelf, document)])


def test_one_alone_and_more_than_share_the_cores_are_never_worth_it(shelf: Shelf) -> None:
    many = [run(shelf, {"actions": []})] * RUNS_A_WORKER * (1 + WORKERS_A_CORE * CORES)
    assert not workers(1 + WORKERS_A_CORE * CORES).are_worth_it(many)
    assert not workers(1).are_worth_it(many)
    assert workers(WORKERS_A_CORE * CORES).are_worth_it(many)
