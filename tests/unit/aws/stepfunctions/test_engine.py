"""The pace of runs that one command starts one by one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.aws.fakes import FakeAws, Pages

from awsit.aws.installation import Installation
from awsit.aws.stepfunctions import engine as module
from awsit.aws.stepfunctions.engine import MANY_RUNS, StepFunctionsEngine
from awsit.model.run import RunRequest
from awsit.system.clock import FakeClock

ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:awsit-test-flow"


@pytest.mark.parametrize(("endpoint_url", "reads"), [(None, [{"ServiceCode": "states"}]), ("http://127.0.0.1:9", [])])
def test_the_quotas_of_the_account_are_read_once_when_there_are_many(
    endpoint_url: str | None, reads: list[Any]
) -> None:
    class Refused(Exception):
        pass

    quotas, started = Pages([{"Quotas": []}]), []
    machine = SimpleNamespace(
        start_execution=lambda **given: started.append((given["name"], len(quotas.asked))),
        exceptions=SimpleNamespace(ExecutionAlreadyExists=Refused),
    )
    bucket = SimpleNamespace(put_object=lambda **_: {})
    reader = SimpleNamespace(get_paginator=lambda _: quotas)
    aws: Any = FakeAws(stepfunctions=machine, s3=bucket, **{"service-quotas": reader})
    aws.endpoint_url, paced = endpoint_url, []
    aws.keep_to = paced.append
    engine = StepFunctionsEngine(aws, Installation(ARN, "bucket", "table", "function", "", ""), FakeClock())

    for number in range(MANY_RUNS + 10):
        engine.start(RunRequest(f"run-{number}", "many", {"name": "many", "actions": []}))

    assert quotas.asked == reads
    assert [name for name, asked in started if asked][:1] == [f"run-{MANY_RUNS - 1}"] * len(reads)
    assert len(paced) == len(reads)
    assert module.looks_allowed(paced[0]).value == 150 if paced else True
