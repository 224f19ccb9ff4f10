"""What the history of an execution shows of the start request."""

from typing import Any

import pytest
from tests.unit.engine.world import NoAws

from awsit.aws.installation import Installation
from awsit.aws.runs import secret_variables
from awsit.aws.scenarios import ScenarioStore
from awsit.aws.stepfunctions.execution_input import ExecutionInputs
from awsit.engine.store.records import SecretInputs
from awsit.model.json import dumps
from awsit.model.run import RunRequest
from awsit.system.clock import FakeClock


def test_no_secret_variable_is_in_the_input_of_an_execution(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[SecretInputs] = []

    def give(_aws: Any, _table: str, _run_id: str, secrets: SecretInputs, _at: float) -> None:
        given.append(secrets)

    monkeypatch.setattr(secret_variables, "give", give)
    monkeypatch.setattr(ScenarioStore, "put_by_hash", lambda *_: "scenarios/sha256/1.json")
    document = {"name": "s", "actions": [{"name": "A", "type": "wait", "redact": ["vars.code"]}]}
    request = RunRequest(
        "run-1",
        "s",
        document,
        {"password": "pass-7c1f", "code": "code-7c1f", "user": "ada"},
        {"DB_TOKEN": "token-7c1f", "STAGE": "test"},
    )

    started_with = ExecutionInputs(NoAws(), Installation("arn", "b", "t", "f", "/f", "/s"), FakeClock()).of(request)

    assert "7c1f" not in dumps(started_with)
    assert (started_with["variables"], started_with["env"]) == ({"user": "ada"}, {"STAGE": "test"})
    assert given[0].variables == {"password": "pass-7c1f", "code": "code-7c1f"}
    assert given[0].env == {"DB_TOKEN": "token-7c1f"}
