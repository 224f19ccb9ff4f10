"""What each line of the function names."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.aws.stepfunctions.execution import Execution
from awsit.lambdas import run_log
from awsit.lambdas.host import Host

SCENARIO = "name: named\nactions: [{name: Get, type: http_call, params: {url: 'http://api.test/'}}]"


def test_an_invocation_forgets_what_the_one_before_it_named(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(run_log.logger.registered_handler, "stream", stream)
    world = World(answer())
    world.run(SCENARIO)
    store: Any = world.store
    host = Host(world.services, world.services.aws, store, "bucket", "table")

    run_log.begin("one")
    run_log.name(host, Execution("arn", RUN_ID), {"task": "execute", "index": 0, "sequence": 2})
    run_log.logger.info("of a run")
    run_log.begin("two")
    run_log.logger.info("of a sweep")

    keys = ("request_id", "run_id", "scenario", "action", "attempt")
    assert [[json.loads(line).get(key) for key in keys] for line in stream.getvalue().splitlines()] == [
        ["one", RUN_ID, "scenario", "Get", 2],
        ["two", None, None, None, None],
    ]


def test_a_task_that_failed_has_a_line_with_its_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(run_log.logger.registered_handler, "stream", stream)

    try:
        int("no number")
    except ValueError:
        run_log.logger.exception("task failed", extra={"task": "execute"})

    line = json.loads(stream.getvalue())
    assert (line["message"], line["task"], line["level"]) == ("task failed", "execute", "ERROR")
    assert line["exception_name"] == "ValueError"
    assert line["exception"].startswith("Traceback")
    assert "no number" in line["exception"]
    assert "Logging error" not in capsys.readouterr().err
