"""`aws_api` through botocore's real clients, their answers stubbed."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import botocore.session
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from awsit.actions.registry import BY_TYPE
from awsit.errors import EnvironmentFailure, ErrorKind
from awsit.model.json import dumps

META = {"RequestId": "req-1", "HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}
QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/orders"


@pytest.fixture(scope="module")
def session() -> botocore.session.Session:
    made = botocore.session.Session()
    made.set_credentials("pretend", "pretend")
    return made


@pytest.fixture
def stub(session: botocore.session.Session, bench: Any) -> Iterator[Any]:
    """Make the client of a service whose answers are to be added, in order."""
    stubbers: list[Stubber] = []

    def of(service: str) -> Stubber:
        bench.client = session.create_client(service, region_name="eu-central-1")
        stubbers.append(Stubber(bench.client))
        stubbers[-1].activate()
        return stubbers[-1]

    yield of
    for stubber in stubbers:
        stubber.assert_no_pending_responses()
        stubber.client.close()


@pytest.mark.parametrize("operation", ["send_message", "SendMessage"])
def test_any_operation_by_either_name(bench: Any, stub: Any, operation: str) -> None:
    params = {"QueueUrl": QUEUE, "MessageBody": "hi", "DelaySeconds": 3}
    stub("sqs").add_response("send_message", {"MessageId": "m-1", "ResponseMetadata": META}, params)
    done = bench.run("aws_api", {"service": "sqs", "operation": operation, "params": params})
    assert done.result == {"MessageId": "m-1", "request_id": "req-1"}
    assert done.request == {"service": "sqs", "operation": operation, "params": params}


def test_times_are_iso_text_and_fractions_exact(bench: Any, stub: Any) -> None:
    point = {"Timestamp": datetime(2030, 1, 1, 12, tzinfo=UTC), "Sum": 0.1}
    asked = {
        "Namespace": "Orders",
        "MetricName": "Placed",
        "StartTime": "2030-01-01T00:00:00Z",
        "EndTime": "2030-01-02T00:00:00Z",
        "Period": 60,
    }
    stub("cloudwatch").add_response("get_metric_statistics", {"Datapoints": [point]}, asked)
    result = bench.run(
        "aws_api", {"service": "cloudwatch", "operation": "get_metric_statistics", "params": asked}
    ).result
    assert dumps(result["Datapoints"]) == '[{"Timestamp":"2030-01-01T12:00:00Z","Sum":0.1}]'


def test_fractions_and_binary_data_are_given_as_the_client_takes_them(bench: Any, stub: Any) -> None:
    metric = {"MetricName": "Total", "Value": 1.5}
    stub("cloudwatch").add_response("put_metric_data", {}, {"Namespace": "Orders", "MetricData": [metric]})
    params = {"Namespace": "Orders", "MetricData": [{"MetricName": "Total", "Value": Decimal("1.5")}]}
    bench.run("aws_api", {"service": "cloudwatch", "operation": "put_metric_data", "params": params})

    stub("kinesis").add_response("put_record", {"ShardId": "s", "SequenceNumber": "1"}, None)
    data: dict[str, Any] = {"StreamName": "orders", "PartitionKey": "a", "Data": {"$base64": "AP8="}}
    sent: list[Any] = []
    bench.client.meta.events.register("before-parameter-build", lambda params, **_: sent.append(params["Data"]))
    bench.run("aws_api", {"service": "kinesis", "operation": "put_record", "params": data})
    assert sent == [b"\x00\xff"]


def body(content: bytes) -> dict[str, Any]:
    return {"Body": StreamingBody(io.BytesIO(content), len(content)), "ContentLength": len(content)}


@pytest.mark.parametrize(
    ("content", "value"), [("grün".encode(), "grün"), (b"", ""), (b"\x00\xff", {"$base64": "AP8="})]
)
def test_a_body_is_text_or_base64(bench: Any, stub: Any, content: bytes, value: Any) -> None:
    stub("s3").add_response("get_object", body(content))
    params = {"service": "s3", "operation": "get_object", "params": {"Bucket": "orders", "Key": "a.txt"}}
    assert bench.run("aws_api", params).result == {"Body": value, "ContentLength": len(content), "request_id": None}


def test_a_body_has_a_limit(bench: Any, stub: Any) -> None:
    stub("s3").add_response("get_object", body(b"x" * 11))
    params = {"service": "s3", "operation": "get_object", "params": {"Bucket": "orders", "Key": "a.txt"}}
    error = bench.refused("aws_api", {**params, "max_body_bytes": 10})
    assert (error.kind, error.message) == (ErrorKind.VALIDATION, "the body is larger than 10 bytes")


def pages(stub: Any, *pages: dict[str, Any]) -> None:
    stubber = stub("logs")
    for page in pages:
        stubber.add_response("filter_log_events", page)


LOGS = {"service": "logs", "operation": "filter_log_events", "params": {"logGroupName": "/orders"}}


def test_pages_are_merged(bench: Any, stub: Any) -> None:
    pages(stub, {"events": [{"message": "a"}], "nextToken": "t"}, {"events": [{"message": "b"}]})
    result = bench.run("aws_api", {**LOGS, "paginate": {}}).result
    assert [event["message"] for event in result["events"]] == ["a", "b"]
    assert result["truncated"] is False


def test_pages_end_at_the_limit(bench: Any, stub: Any) -> None:
    pages(stub, {"events": [{"message": "a"}, {"message": "b"}], "nextToken": "t"})
    result = bench.run("aws_api", {**LOGS, "paginate": {"max_items": 1}}).result
    assert (len(result["events"]), result["truncated"]) == (1, True)


def test_pages_end_with_the_time(bench: Any, stub: Any) -> None:
    pages(stub, {"events": [], "nextToken": "t1"}, {"events": [], "nextToken": "t2"})
    bench.client.meta.events.register("before-parameter-build", lambda **_: bench.clock.sleep(6))
    error = bench.refused("aws_api", {**LOGS, "paginate": {}}, timeout_seconds=10)
    assert (error.kind, error.message) == (
        ErrorKind.TIMEOUT,
        "logs filter_log_events: not all pages were read in time",
    )


def test_an_operation_without_pages_says_so(bench: Any, stub: Any) -> None:
    stub("sqs")
    params = {"service": "sqs", "operation": "get_queue_url", "params": {"QueueName": "orders"}, "paginate": {}}
    assert bench.refused("aws_api", params).message == "sqs get_queue_url has no pages"


def test_an_error_of_the_service_names_the_operation(bench: Any, stub: Any) -> None:
    stub("sqs").add_client_error("send_message", "QueueDoesNotExist", "no such queue")
    params = {"service": "sqs", "operation": "send_message", "params": {"QueueUrl": QUEUE, "MessageBody": "hi"}}
    error = bench.refused("aws_api", params)
    assert error.message.startswith("sqs send_message: ")
    assert error.service_code == "QueueDoesNotExist"


WAIT = {"service": "dynamodb", "params": {"TableName": "orders"}}


def table(status: str) -> dict[str, Any]:
    return {"Table": {"TableName": "orders", "TableStatus": status}}


def test_a_state_is_waited_for_without_sleeping(bench: Any, stub: Any) -> None:
    stubber = stub("dynamodb")
    stubber.add_client_error("describe_table", "ResourceNotFoundException")
    stubber.add_response("describe_table", table("CREATING"))
    stubber.add_response("describe_table", table("ACTIVE"))
    params = {**WAIT, "wait_for": {"waiter": "table_exists"}}
    assert bench.run("aws_api", params).resume_after_seconds == 20
    shorter = {**WAIT, "wait_for": {"waiter": "TableExists", "delay_seconds": Decimal("0.5")}}
    assert bench.run("aws_api", shorter, attempt=2).resume_after_seconds == 0.5
    done = bench.run("aws_api", params, attempt=3)
    assert (done.failure, done.resume_after_seconds) == (None, None)
    assert done.result["Table"]["TableStatus"] == "ACTIVE"
    assert bench.clock.slept == []


def test_an_error_may_be_the_state(bench: Any, stub: Any) -> None:
    stub("dynamodb").add_client_error("describe_table", "ResourceNotFoundException")
    done = bench.run("aws_api", {**WAIT, "wait_for": {"waiter": "table_not_exists"}})
    assert (done.failure, done.resume_after_seconds) == (None, None)
    assert done.result["Error"]["Code"] == "ResourceNotFoundException"


def test_an_error_that_is_no_state_is_an_error(bench: Any, stub: Any) -> None:
    stub("dynamodb").add_client_error("describe_table", "AccessDeniedException")
    error = bench.refused("aws_api", {**WAIT, "wait_for": {"waiter": "table_exists"}})
    assert error.service_code == "AccessDeniedException"
    assert error.message.startswith("dynamodb table_exists: ")


def test_looking_ends(bench: Any, stub: Any) -> None:
    stub("dynamodb").add_response("describe_table", table("CREATING"))
    done = bench.run("aws_api", {**WAIT, "wait_for": {"waiter": "table_exists", "max_attempts": 3}}, attempt=3)
    assert (done.failure_code, done.failure) == (
        "WaiterTimeout",
        "dynamodb table_exists: the state was not reached after 3 looks",
    )


@pytest.mark.parametrize("attempt", [1, 2])
def test_a_last_look_that_has_no_time_left_for_credentials_has_not_seen_the_state(bench: Any, attempt: int) -> None:
    class NoCredentials:
        def __getattr__(self, _operation: str) -> Any:
            raise EnvironmentFailure("there were no AWS credentials within 0 s", code="timeout")

    bench.client = NoCredentials()
    context = {"attempt": attempt, "patience_seconds": 0.1, "timeout_seconds": 0.1}
    params = {**WAIT, "wait_for": {"waiter": "table_exists"}}
    if attempt == 1:  # nothing has been seen at all
        with pytest.raises(EnvironmentFailure, match="no AWS credentials"):
            bench.run("aws_api", params, **context)
    else:
        assert bench.run("aws_api", params, **context).failure_code == "WaiterTimeout"


def test_a_state_without_return_fails_at_once(bench: Any, stub: Any) -> None:
    stack = {"StackName": "s", "CreationTime": datetime(2030, 1, 1, tzinfo=UTC), "StackStatus": "ROLLBACK_COMPLETE"}
    stub("cloudformation").add_response("describe_stacks", {"Stacks": [stack]})
    params = {"service": "cloudformation", "params": {"StackName": "s"}}
    done = bench.run("aws_api", {**params, "wait_for": {"waiter": "stack_create_complete"}})
    assert done.failure_code == "WaiterFailure"
    assert done.result["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"


SEND = {"service": "sqs", "operation": "send_message"}


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"service": "sqss", "operation": "x"}, "unknown service `sqss`; did you mean `sqs`"),
        (
            {"service": "sqs", "operation": "send_mesage"},
            "sqs has no operation `send_mesage`; did you mean `send_message`",
        ),
        ({**SEND, "params": {"MessageBody": "a"}}, "`params.QueueUrl` is missing"),
        (
            {**SEND, "params": {"QueueUrl": "q", "MessageBody": "a", "DelaySecond": 1}},
            "`params` has no member `DelaySecond`; did you mean `DelaySeconds`?",
        ),
        (
            {**SEND, "params": {"QueueUrl": "q", "MessageBody": "a\nb", "DelaySeconds": "1"}},
            "`params.DelaySeconds` must be a whole number",
        ),
        ({**SEND, "params": {"QueueUrl": ["x\ny"], "MessageBody": 1}}, "`params.MessageBody` must be text"),
        (
            {"service": "events", "operation": "put_events", "params": {"Entries": {"Source": "a"}}},
            "`params.Entries` must be a list",
        ),
        (
            {"service": "events", "operation": "put_events", "params": {"Entries": [{"Time": [1]}]}},
            "`params.Entries[0].Time` must be a time",
        ),
        (
            {**SEND, "params": {"QueueUrl": "q", "MessageBody": "a", "MessageAttributes": {"a": {"Type": "String"}}}},
            "`params.MessageAttributes.a` has no member `Type`; did you mean `DataType`?",
        ),
        (
            {"service": "kinesis", "operation": "put_record", "params": {"PartitionKey": "a", "Data": 5}},
            '`params.Data` must be text, or {"$base64": "..."}',
        ),
        (
            {"service": "kinesis", "operation": "put_record", "params": {"Data": {"$base64": "!"}}},
            "`params.Data` is not base64",
        ),
        ({"service": "sts", "operation": "get_caller_identity", "params": {"a": 1}}, "`params` has no member `a`"),
        ({"service": "sqs"}, "exactly one of `operation` and `wait_for`"),
        ({"service": "dynamodb", "wait_for": {"waiter": "table_exist"}}, "did you mean `table_exists`"),
        ({"service": "sqs", "wait_for": {"waiter": "x"}}, "sqs has no waiter `x`; there are no names here"),
        ({**WAIT, "wait_for": {"waiter": "table_exists"}, "paginate": {}}, "`paginate` goes with `operation`"),
        (
            {"service": "lambda", "operation": "invoke_with_response_stream", "params": {"FunctionName": "f"}},
            "streams events",
        ),
    ],
)
def test_wrong_params_are_told_before_anything_is_asked(bench: Any, params: Any, told: str) -> None:
    error = bench.refused("aws_api", params)
    assert error.kind is ErrorKind.VALIDATION
    assert told in error.message
    assert bench.client.calls == []


@pytest.mark.parametrize(
    "params",
    [
        {"service": "{{ vars.service }}", "operation": "anything"},
        {**SEND, "params": {"QueueUrl": "{{ vars.q }}", "MessageBody": "{{ vars.b }}", "DelaySeconds": "{{ vars.d }}"}},
        {"service": "kinesis", "operation": "put_record", "params": {"PartitionKey": "a", "Data": "{{ vars.data }}"}},
        {"service": "dynamodb", "operation": "get_item", "params": {"TableName": "t", "Key": {"a": "{{ vars.key }}"}}},
    ],
)
def test_what_a_template_will_give_is_checked_later(params: Any) -> None:
    assert BY_TYPE["aws_api"].params_model.model_validate(params).params == params.get("params", {})


def test_beside_a_template_the_rest_is_checked_at_once(bench: Any) -> None:
    params = {"QueueUrl": "{{ vars.q }}", "MessageBdy": "{{ vars.b }}", "DelaySeconds": "soon"}
    told = bench.refused("aws_api", {**SEND, "params": params}).message
    assert "did you mean `MessageBody`?" in told
    assert "`params.DelaySeconds` must be a whole number" in told
    assert "QueueUrl" not in told


@pytest.mark.parametrize(
    ("params", "safe"),
    [
        ({"service": "sqs", "operation": "list_queues"}, True),
        ({"service": "s3", "operation": "HeadBucket", "params": {"Bucket": "b"}}, True),
        ({"service": "sqs", "operation": "receive_message", "params": {"QueueUrl": "q"}}, False),
        ({**WAIT, "wait_for": {"waiter": "table_exists"}}, True),
    ],
)
def test_reads_may_be_repeated(params: Any, safe: bool) -> None:
    action = BY_TYPE["aws_api"]
    assert action.is_safe_to_repeat(action.params_model.model_validate(params)) is safe
