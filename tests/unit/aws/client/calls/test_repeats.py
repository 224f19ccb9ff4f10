"""AWS calls whose answers are lost, over real sockets: the service counts what it was asked for."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import closing
from typing import Any

import pytest
from botocore.session import get_session
from tests.unit.engine.world import World

from awsit.aws.client.calls.repeats import is_safe
from awsit.aws.client.clients import AwsClients
from awsit.errors import Effect
from awsit.model.result import CleanupOutcome, RunResult, Status
from awsit.records import replace
from awsit.system.clock import SystemClock

ITEM = {"table": "t", "item": {"id": "a"}}
ADD = {
    "operation": "update_item",
    "table": "t",
    "key": {"id": "a"},
    "update_expression": "ADD n :one",
    "expression_attribute_values": {":one": 1},
}
CONDITIONAL = {"operation": "put_item", **ITEM, "condition_expression": "attribute_not_exists(id)"}
QUEUE = "http://sqs.test/000000000000/q"
SEND = {"service": "sqs", "operation": "send_message", "params": {"QueueUrl": QUEUE, "MessageBody": "x"}}
INVOKE = {"service": "lambda", "operation": "invoke", "params": {"FunctionName": "f"}}
UNSAFE = [
    pytest.param("dynamodb", ADD, id="add"),
    pytest.param("dynamodb", CONDITIONAL, id="conditional"),
    pytest.param("aws_api", SEND, id="message"),
    pytest.param("aws_api", INVOKE, id="invoke"),
    pytest.param("lambda_invoke", {"function": "f"}, id="function"),
]
TOKEN = {"service": "dynamodb", "operation": "transact_write_items", "params": {"TransactItems": []}}
SAFE = [
    pytest.param("dynamodb", {"operation": "get_item", "table": "t", "key": {"id": "a"}}, id="read"),
    pytest.param("dynamodb", {"operation": "put_item", **ITEM}, id="put"),
    pytest.param("aws_api", {"service": "sqs", "operation": "list_queues"}, id="list"),
]

LOST, FAILS, CUT, THROTTLED, OK = "lost", "fails", "cut", "throttled", "ok"
MOVED = "moved"


class Service:
    """A server on loopback: it counts requests, and each meets the next of the faults; the last one stays."""

    def __init__(self, *faults: str) -> None:
        self._faults = list(faults)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.bodies: list[str] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # or its thread waits in `accept` for ever
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            request += connection.recv(65536)
        head, _, body = request.partition(b"\r\n\r\n")
        lengths = (line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        length = int(next(lengths, b"0"))
        while len(body) < length:
            body += connection.recv(65536)
        self.bodies.append(body.decode())
        fault = self._faults.pop(0) if len(self._faults) > 1 else self._faults[0]
        if fault != LOST:
            connection.sendall(_answers(fault))


def _answers(fault: str) -> bytes:
    status, document = {
        OK: ("200 OK", {}),
        CUT: ("200 OK", {}),
        MOVED: ("301 Moved Permanently", {}),
        FAILS: ("500 Internal Server Error", {"__type": "InternalServerError", "message": "oh"}),
        THROTTLED: ("400 Bad Request", {"__type": "ThrottlingException", "message": "slow down"}),
    }[fault]
    body = json.dumps(document).encode()
    length = len(body) + (100 if fault == CUT else 0)
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {length}\r\n"
    if fault == MOVED:
        head += "x-amz-bucket-region: eu-central-1\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)


def ran(url: str, action_type: str, params: Any, **keys: Any) -> RunResult:
    """The report of a run of one action, whose clean-up does nothing."""
    world = World()
    aws = AwsClients(region="eu-west-1", endpoint_url=url)
    world.services = replace(world.services, aws=aws, clock=SystemClock())
    action = {"name": "Act", "type": action_type, "params": params, "settle_seconds": 0, **keys}
    return world.run(json.dumps({"name": "it", "actions": [action]}))


@pytest.mark.parametrize("fault", [LOST, FAILS, CUT])
@pytest.mark.parametrize(("action_type", "params"), UNSAFE)
def test_a_write_that_may_have_been_carried_out_is_sent_once(action_type: str, params: Any, fault: str) -> None:
    with closing(Service(fault, OK)) as service:
        (step,) = ran(service.url, action_type, params).steps

    assert len(service.bodies) == 1
    assert (step.status, len(step.attempts)) == (Status.ERROR, 1)
    assert step.attempts[0].effect is Effect.UNKNOWN
    assert step.error is not None
    assert "may have taken effect" in step.error.hint


def test_what_it_may_have_done_may_be_there() -> None:
    undo = {"name": "Undo", "type": "dynamodb", "when": "{{ actions.Act.status == 'passed' }}"}
    undo["params"] = {"operation": "delete_item", "table": "t", "key": {"id": "a"}}  # type: ignore[assignment]

    with closing(Service(LOST, OK)) as service:
        result = ran(service.url, "dynamodb", CONDITIONAL, cleanup=[undo])

    (left,) = result.cleanup.left_behind
    assert (left.outcome, left.look_for[0].attempt) == (CleanupOutcome.MAY_BE_THERE, 1)


@pytest.mark.parametrize("fault", [LOST, FAILS, THROTTLED])
@pytest.mark.parametrize(("action_type", "params"), SAFE)
def test_what_is_safe_is_sent_again_and_counted(action_type: str, params: Any, fault: str) -> None:
    with closing(Service(fault, fault, OK)) as service:
        (step,) = ran(service.url, action_type, params).steps

    assert len(service.bodies) == 3
    assert step.status is Status.PASSED
    assert [(each.number, each.status, each.by_sdk) for each in step.attempts] == [
        (1, Status.ERROR, True),
        (2, Status.ERROR, True),
        (3, Status.PASSED, False),
    ]
    assert all(each.message for each in step.attempts[:2])


@pytest.mark.parametrize(("action_type", "params"), UNSAFE[:3])
def test_what_was_throttled_did_nothing_and_is_sent_again(action_type: str, params: Any) -> None:
    with closing(Service(THROTTLED, OK)) as service:
        (step,) = ran(service.url, action_type, params).steps

    assert len(service.bodies) == 2
    assert [each.status for each in step.attempts] == [Status.ERROR, Status.PASSED]


def test_a_bucket_in_another_region_is_no_attempt_more() -> None:
    params = {"service": "s3", "operation": "list_objects_v2", "params": {"Bucket": "b"}}

    with closing(Service(MOVED, OK)) as service:
        (step,) = ran(service.url, "aws_api", params).steps

    assert len(service.bodies) > 1
    assert len(step.attempts) == 1


def test_what_the_sdk_repeats_is_no_attempt_of_retry() -> None:
    retry = {"max_attempts": 2, "interval_seconds": 0.01, "retry_on": ["InternalServerError"]}

    with closing(Service(*(FAILS,) * 5, OK)) as service:
        (step,) = ran(service.url, *SAFE[0].values, retry=retry).steps

    assert len(service.bodies) == 6
    assert [each.by_sdk for each in step.attempts] == [True] * 4 + [False] * 2
    assert step.status is Status.PASSED


def test_a_write_with_a_token_of_the_sdk_is_sent_again_with_the_same() -> None:
    item = {"Put": {"TableName": "t", "Item": {"id": {"S": "a"}}}}
    params = {"service": "dynamodb", "operation": "transact_write_items", "params": {"TransactItems": [item]}}

    with closing(Service(LOST, OK)) as service:
        (step,) = ran(service.url, "aws_api", params).steps

    tokens = {json.loads(body)["ClientRequestToken"] for body in service.bodies}
    assert (len(service.bodies), len(tokens), step.status) == (2, 1, Status.PASSED)


def test_calls_of_awsit_itself_are_repeated_as_ever() -> None:
    key = {"id": {"S": "a"}}

    with closing(Service(LOST, OK)) as service:
        client = AwsClients(region="eu-west-1", endpoint_url=service.url).client("dynamodb")
        client.update_item(TableName="t", Key=key)

    assert len(service.bodies) == 2


@pytest.mark.parametrize(
    ("service", "operation", "params", "safe"),
    [
        ("dynamodb", "PutItem", {"ReturnValues": "ALL_OLD"}, False),
        ("dynamodb", "PutItem", {"Expected": {}}, False),
        ("dynamodb", "DeleteItem", {}, True),
        ("dynamodb", "ExecuteStatement", {}, False),
        ("s3", "PutObject", {}, True),
        ("s3", "PutObject", {"IfNoneMatch": "*"}, False),
        ("s3", "GetObject", {}, True),
        ("s3", "CreateBucket", {}, False),
        ("sqs", "SendMessage", {"MessageDeduplicationId": "1"}, True),
        ("sqs", "SendMessageBatch", {"Entries": [{"MessageDeduplicationId": "1"}]}, True),
        ("sqs", "SendMessageBatch", {"Entries": [{"MessageDeduplicationId": "1"}, {}]}, False),
        ("sqs", "ReceiveMessage", {}, False),
        ("sqs", "DeleteQueue", {}, False),
        ("ec2", "CreateNatGateway", {}, True),
        ("apigateway", "TestInvokeMethod", {}, False),
        ("cloudwatch", "ListMetrics", {}, True),
    ],
)
def test_which_calls_are_safe(service: str, operation: str, params: Any, safe: bool) -> None:
    model = get_session().get_service_model(service).operation_model(operation)

    assert is_safe(model, params) is safe
