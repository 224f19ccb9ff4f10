"""What people met who tested real systems: how each scenario ends against an emulated AWS, and what it says."""

import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from tests.authorities.scripted import Request, scripted

from awsit.aws.client.clients import AwsClients
from awsit.cli.wiring.wiring import Wiring
from awsit.http.transport import Urllib3Transport
from awsit.sandbox.info import client_environment
from awsit.sandbox.sandbox import Sandbox
from awsit.system.clock import SystemClock
from awsit.system.randomness import SystemRandomness

ORDERS = {
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    "BillingMode": "PAY_PER_REQUEST",
}


class Case(NamedTuple):
    """The scenario's actions (and what follows them), its exit code, what it says and what it does not say."""

    actions: str
    code: int
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()


CASES = {
    "a creation that is refused leaves nothing behind": Case(
        """
  - name: Create
    type: http_call
    params: {url: "SERVICE/refuses", method: POST, body: {product: pen}, expected_status: 201}
    pass_to_context: {id: $.body.id}
    cleanup: [{name: Delete, type: http_call, params: {url: "SERVICE/orders/{{ context.id }}", method: DELETE}}]
""",
        1,
        ("answered 422", "nothing to undo", "clean"),
        ("LEFT BEHIND", "left behind"),
    ),
    "neither does one that was never sent": Case(
        """
  - name: Create
    type: http_call
    params: {url: "http://127.0.0.1:1/orders", method: POST, body: {product: pen}}
    pass_to_context: {id: $.body.id}
    cleanup: [{name: Delete, type: http_call, params: {url: "SERVICE/orders/{{ context.id }}", method: DELETE}}]
""",
        1,
        ("refused the connection", "nothing to undo", "clean"),
        ("LEFT BEHIND", "left behind"),
    ),
    "clean-up deletes what clean-up found": Case(
        """
  - name: Order
    type: dynamodb
    params: {operation: batch_write, table: orders, items: [{pk: "{{ run.id }}", sk: a}, {pk: "{{ run.id }}", sk: b}]}
cleanup:
  - name: Find
    type: dynamodb
    params: {operation: query, table: orders, key_condition: {pk: "{{ run.id }}"}, projection_expression: "pk, sk"}
    pass_to_context: {found: $.items}
  - {name: Remove, type: dynamodb, params: {operation: batch_write, table: orders, keys: "{{ context.found }}"}}
""",
        0,
        ("PASSED", "clean"),
    ),
    "an object that comes late is waited for": Case(
        """
  - name: Both
    type: parallel
    params:
      branches:
        - - {name: Later, type: wait, params: {seconds: 0.5}}
          - name: Put
            type: aws_api
            params: {service: s3, operation: put_object, params: {Bucket: files, Key: late.txt, Body: DONE}}
        - - name: Arrives
            type: aws_api
            params: {service: s3, operation: get_object, params: {Bucket: files, Key: late.txt}}
            until: {assert: [{path: $.Body, equals: DONE}], timeout_seconds: 10, interval_seconds: 0.1}
""",
        0,
        ("PASSED",),
    ),
    "an object that never comes is told by its last error": Case(
        """
  - name: Arrives
    type: aws_api
    params: {service: s3, operation: get_object, params: {Bucket: files, Key: never.txt}}
    retry: {max_attempts: 10, interval_seconds: 0.1, retry_on: [not_found]}
    until: {assert: [{path: $.Body, equals: DONE}], timeout_seconds: 0.4, interval_seconds: 0.1}
""",
        1,
        ("NoSuchKey",),
    ),
    "a waiter keeps to the time of its action": Case(
        """
  - name: Arrives
    type: aws_api
    params: {service: s3, wait_for: {waiter: object_exists, delay_seconds: 1}, params: {Bucket: files, Key: never.txt}}
    timeout_seconds: 1.5
""",
        1,
        ("WaiterTimeout", "was not reached in time ("),
    ),
    "an item that never comes does not exist": Case(
        """
  - name: Arrives
    type: dynamodb
    params: {operation: get_item, table: orders, key: {pk: never, sk: never}}
    until: {assert: [{path: $.item, exists: true}], timeout_seconds: 0.3, interval_seconds: 0.1}
""",
        1,
        ("$.item",),
    ),
    "a plain parameter is no secret": Case(
        """
  - {name: Read, type: dynamodb, params: {operation: get_item, table: "{{ parameter('/shop/table') }}", key: {pk: x}}}
""",
        1,
        ("no-such-table-here",),
        ("***",),
    ),
    "a path into a text says how to read the JSON in it": Case(
        """
  - name: Queue
    type: aws_api
    params: {service: sqs, operation: create_queue, params: {QueueName: "q-{{ run.id }}"}}
    auto_cleanup: true
    pass_to_context: {queue: $.QueueUrl}
  - name: Send
    type: aws_api
    params:
      service: sqs
      operation: send_message
      params: {QueueUrl: "{{ context.queue }}", MessageBody: '{"status": "done"}'}
  - name: Receive
    type: aws_api
    params: {service: sqs, operation: receive_message, params: {QueueUrl: "{{ context.queue }}"}}
    until: {assert: [{path: "$.Messages[0].Body.status", equals: done}], timeout_seconds: 0.3, interval_seconds: 0.1}
""",
        1,
        ("json_path: $.status",),
    ),
    "records of a stream are read as the JSON that they hold": Case(
        """
  - name: Iterator
    type: aws_api
    params:
      service: kinesis
      operation: get_shard_iterator
      params: {StreamName: records, ShardId: shardId-000000000000, ShardIteratorType: TRIM_HORIZON}
    pass_to_context: {iterator: $.ShardIterator}
  - name: Put
    type: aws_api
    params:
      service: kinesis
      operation: put_record
      params: {StreamName: records, PartitionKey: "1", Data: '{"batch": "{{ run.id }}"}'}
  - name: Read
    type: aws_api
    params: {service: kinesis, operation: get_records, params: {ShardIterator: "{{ context.iterator }}"}}
    assert: [{path: "$.Records[0].Data", json_path: $.batch, equals: "{{ run.id }}"}]
""",
        0,
        ("PASSED",),
    ),
    "what is created is deleted without being told how": Case(
        """
  - name: Queue
    type: aws_api
    params: {service: sqs, operation: create_queue, params: {QueueName: "q-{{ run.id }}"}}
    auto_cleanup: true
  - name: Topic
    type: aws_api
    params: {service: sns, operation: create_topic, params: {Name: orders}}
    auto_cleanup: true
""",
        0,
        ("PASSED", "clean"),
    ),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Any]]:
    """Clients of an emulated AWS with a table, a bucket, a stream and a parameter, to which the environment leads."""
    folder, outside = tmp_path_factory.mktemp("sandbox"), {"PATH": os.environ["PATH"]}
    sandbox = Sandbox(folder, Urllib3Transport(), SystemClock(), SystemRandomness(), outside=outside)
    info = sandbox.start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in client_environment(info).items():
                patch.setenv(name, value)
            make = AwsClients(endpoint_url=info.endpoint_url).client
            make("dynamodb").create_table(**ORDERS)
            make("s3").create_bucket(Bucket="files")
            make("kinesis").create_stream(StreamName="records", ShardCount=1)
            make("ssm").put_parameter(Name="/shop/table", Type="String", Value="no-such-table-here")
            yield make
    finally:
        sandbox.stop()


@pytest.fixture
def wiring() -> Wiring:
    return Wiring()


def answer(request: Request) -> bytes:
    status = "422 Unprocessable Entity" if request.target == "/refuses" else "200 OK"
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize("name", CASES)
def test_a_case_of_a_real_system(awsit, scenario, client, name) -> None:
    case = CASES[name]
    with scripted(answer) as server:
        path = scenario(f"name: real\nactions:{case.actions}".replace("SERVICE", server.url))
        result = awsit("run", str(path), "--engine", "local")
    output = " ".join(result.output.split())
    assert result.exit_code == case.code, result.output
    assert [each for each in case.says if each not in output] == [], result.output
    assert [each for each in case.never_says if each in output] == [], result.output
    assert left(client) == []


def left(client: Callable[[str], Any]) -> list[str]:
    """What the runs left: items, queues and topics."""
    items = client("dynamodb").scan(TableName="orders")["Items"]
    queues = client("sqs").list_queues().get("QueueUrls", [])
    return [*map(str, items), *queues, *(each["TopicArn"] for each in client("sns").list_topics()["Topics"])]


@pytest.mark.usefixtures("client")
def test_a_plan_tells_what_auto_cleanup_does(awsit, scenario) -> None:
    put = "{service: s3, operation: put_object, params: {Bucket: files, Key: a.txt, Body: a}}"
    path = scenario(f"name: real\nactions: [{{name: Put, type: aws_api, params: {put}, auto_cleanup: true}}]\n")
    output = awsit("plan", str(path)).output
    assert "s3:PutObject" in output
    assert "s3:DeleteObject" in output
