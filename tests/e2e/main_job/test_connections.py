"""A warm worker of the function keeps its connections: to AWS, and to the services under test."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tests.deployed import Deployed
from tests.torture.things import serving
from tests.truth import beside
from ulid import ULID
from urllib3.connection import HTTPConnection

from awsit.lambdas import atomic_invoker

ACTIONS = 4


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many connections were opened, by host and port."""
    counted, connect = Counter[str](), HTTPConnection.connect

    def counting(connection: HTTPConnection) -> None:
        counted[f"{connection.host}:{connection.port}"] += 1
        connect(connection)

    monkeypatch.setattr(HTTPConnection, "connect", counting)
    return counted


@pytest.mark.skipif(bool(beside.PYTHON), reason="this interpreter closes the connections that its callers keep")
def test_later_runs_of_a_worker_open_no_connection(
    deployed: Deployed,
    monkeypatch: pytest.MonkeyPatch,
    opened: Counter[str],
) -> None:
    made = deployed.installation
    function = deployed.aws.client("lambda").get_function_configuration(FunctionName=made.function_name)
    for name, value in {**function["Environment"]["Variables"], "AWSIT_ALLOWED_HOSTS": "127.0.0.1"}.items():
        monkeypatch.setenv(name, value)
    atomic_invoker._host.cache_clear()
    with serving() as things:
        call = {"type": "http_call", "params": {"url": things.url, "expected_status": 404}}
        actions = [{**call, "name": f"Call{number}"} for number in range(ACTIONS)]
        document = json.dumps({"name": "calls", "actions": actions}).encode()
        deployed.aws.client("s3").put_object(Bucket=made.bucket, Key="scenarios/calls.json", Body=document)
        opened.clear()
        after = []
        for _ in range(3):
            assert _run(made.state_machine_arn) == "passed"
            after.append(Counter(opened))
        service = things.url.removeprefix("http://").rstrip("/")
    atomic_invoker._host.cache_clear()

    assert after[0][service] == 1
    assert after[0] == after[1] == after[2]


def _run(machine: str) -> object:
    """Call the function as the state machine does, in this process; the status that it reports."""
    run_id = f"run-{ULID()}"
    arn = machine.replace(":stateMachine:", ":execution:") + f":{run_id}"
    execution = {"id": arn, "name": run_id, "started_at": "2030-01-01T00:00:00Z"}

    def task(name: str, **more: object) -> dict[str, object]:
        answer: dict[str, object] = atomic_invoker.lambda_handler({"task": name, "execution": execution, **more}, None)
        return answer

    task("prepare", input={"scenario": "calls"})
    for index in range(ACTIONS):
        task("execute", index=index, sequence=1)
    task("verify")
    return task("report")["status"]
