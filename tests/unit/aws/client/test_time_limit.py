"""AWS calls against services that keep a client waiting, over real sockets."""

import io
import json
import socket
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from functools import wraps
from time import monotonic
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session
from tests.measured import Measured, measured

from awsit.actions.reading import check_params
from awsit.actions.registry import BY_TYPE, dispatch_action
from awsit.aws.client.clients import AwsClients, ConnectSettings
from awsit.errors import ActionError, ErrorKind
from awsit.http.fake import FakeTransport
from awsit.model.action.call import ActionContext
from awsit.system.clock import SystemClock

SECONDS = 0.3
MARGIN = 0.25
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
REFUSAL = b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
ACTIONS = [
    pytest.param("dynamodb", {"operation": "get_item", "table": "t", "key": {"id": "a"}}, id="dynamodb"),
    pytest.param("dynamodb", {"operation": "scan", "table": "t"}, id="scan"),
    pytest.param("lambda_invoke", {"function": "f"}, id="lambda_invoke"),
    pytest.param("aws_api", {"service": "sqs", "operation": "list_queues"}, id="sqs"),
    pytest.param(
        "aws_api", {"service": "s3", "operation": "get_object", "params": {"Bucket": "b", "Key": "k"}}, id="s3"
    ),
    pytest.param(
        "aws_api",
        {"service": "s3", "operation": "put_object", "params": {"Bucket": "b", "Key": "k", "Body": "x"}},
        id="upload",
    ),
    pytest.param(
        "aws_api",
        {"service": "s3", "operation": "list_objects_v2", "params": {"Bucket": "b"}, "paginate": {}},
        id="pages",
    ),
    pytest.param(
        "aws_api",
        {"service": "dynamodb", "wait_for": {"waiter": "table_exists"}, "params": {"TableName": "t"}},
        id="waiter",
    ),
]


class Service:
    """A server on loopback that answers each request as `answer` does; `requests` counts them."""

    def __init__(self, answer: Callable[[socket.socket, threading.Event], None]) -> None:
        self._answer = answer
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)  # or its thread waits in `accept` for ever
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                while part := connection.recv(65536):
                    self.requests += part.count(b" HTTP/1.")
                    self._answer(connection, self._over)
        except OSError:
            return


def silent(_: socket.socket, over: threading.Event) -> None:
    over.wait(5)


def dripping(connection: socket.socket, over: threading.Event) -> None:
    for byte in HEAD:
        connection.sendall(bytes([byte]))
        if over.wait(0.05):
            return


def dripping_body(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(HEAD)
    while not over.wait(0.05):
        connection.sendall(b"x")


def failing(connection: socket.socket, _: threading.Event) -> None:
    connection.sendall(REFUSAL)


def paged(connection: socket.socket, over: threading.Event) -> None:
    """The next page, with a mark for one more, none like the one before."""
    over.wait(0.05)
    mark = f"mark-{monotonic()}"
    page = {"Items": [{"id": {"S": "a"}}], "ScannedCount": 1, "LastEvaluatedKey": {"id": {"S": "a"}}}
    body = json.dumps({**page, "TableNames": ["table"], "LastEvaluatedTableName": mark}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)


def slow_to_read(_: socket.socket, over: threading.Event) -> None:
    over.wait(0.02)


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


class TooLate(AssertionError):
    """A call took longer than its time: because of the code, or of what else this machine does."""


def ends_in_time(took: Measured, limit: float = SECONDS) -> None:
    if took.own_seconds >= limit + MARGIN:
        raise TooLate(f"{took} is more than {limit} s")


def sent_once(service: Service) -> None:
    if not service.requests:
        raise TooLate("what comes before the request took all of the time")
    assert service.requests == 1


def up_to_five_times(test: Callable[..., None]) -> Callable[..., None]:
    """A test that may measure five times: other work lengthens a call, and nothing shortens one."""

    @wraps(test)
    def again(*arguments: Any, **named: Any) -> None:
        for _ in range(4):
            with suppress(TooLate):
                return test(*arguments, **named)
        return test(*arguments, **named)

    return again


def refused(url: str, action_type: str, params: Any, seconds: float = SECONDS) -> tuple[ActionError, Measured]:
    """The error of an action and the time that it took."""
    aws = AwsClients(region="eu-west-1", endpoint_url=url)
    aws.client(params.get("service", action_type.removesuffix("_invoke")))
    check_params(BY_TYPE[action_type], params)  # reads botocore's models
    with measured() as took, pytest.raises(ActionError) as caught:
        dispatch_action(action_type, params, ActionContext("run-1", FakeTransport(), aws, SystemClock(), seconds))
    return caught.value, took


@pytest.mark.parametrize(("action_type", "params"), ACTIONS)
@up_to_five_times
def test_no_action_outlasts_its_time(action_type: str, params: Any) -> None:
    with closing(Service(silent)) as service:
        error, took = refused(service.url, action_type, params)

    assert (error.kind, "no whole answer in time" in error.message) == (ErrorKind.TIMEOUT, True)
    assert took.seconds >= SECONDS
    ends_in_time(took)
    sent_once(service)


@pytest.mark.parametrize("answer", [dripping, dripping_body])
@pytest.mark.parametrize(("action_type", "params"), [ACTIONS[0].values, ACTIONS[2].values, ACTIONS[4].values])
@up_to_five_times
def test_a_byte_now_and_then_gains_no_time(answer: Any, action_type: str, params: Any) -> None:
    with closing(Service(answer)) as service:
        error, took = refused(service.url, action_type, params)

    assert error.kind is ErrorKind.TIMEOUT
    ends_in_time(took)


@pytest.mark.parametrize(
    ("action_type", "params", "message", "hint"),
    [
        (*ACTIONS[1].values, "not finished in time, after ", "lower `limit`"),
        (
            "aws_api",
            {"service": "dynamodb", "operation": "list_tables", "paginate": {}},
            "not all pages were read in time",
            "lower `paginate.max_items`",
        ),
    ],
)
@up_to_five_times
def test_pages_without_an_end_say_how_to_read_fewer(action_type: str, params: Any, message: str, hint: str) -> None:
    with closing(Service(paged)) as service:
        error, took = refused(service.url, action_type, params)

    if service.requests < 2:
        raise TooLate("the first page took all of the time")
    assert error.kind is ErrorKind.TIMEOUT
    assert message in error.message
    assert error.hint.startswith(hint)
    ends_in_time(took)


@pytest.mark.parametrize("scheme", ["http", "https"])
@up_to_five_times
def test_a_slow_proxy_gains_no_time(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    with closing(Service(dripping)) as proxy:
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", proxy.url)
        error, took = refused(f"{scheme}://aws.test", *ACTIONS[3].values)

    sent_once(proxy)
    assert error.kind is ErrorKind.TIMEOUT
    ends_in_time(took)


@pytest.mark.parametrize("content", [bytes, io.BytesIO])
@up_to_five_times
def test_an_upload_that_is_read_slowly_ends_in_time(content: Any) -> None:
    body = content(bytes(16 * 1024 * 1024))  # botocore sends a stream in parts, as it does with all uploads over TLS
    with closing(Service(slow_to_read)) as service:
        aws = AwsClients(region="eu-west-1", endpoint_url=service.url)
        aws.client("s3")
        with measured() as took, aws.within(SECONDS), pytest.raises(ReadTimeoutError):
            aws.client("s3").put_object(Bucket="b", Key="k", Body=body)

    ends_in_time(took)


def test_botocore_has_its_pool_classes_where_they_are_replaced() -> None:
    session: Any = URLLib3Session(proxies={"http": "http://proxy.test"})

    classes = session._pool_classes_by_scheme

    assert {name: each.__name__ for name, each in classes.items()} == {
        "http": "AWSHTTPConnectionPool",
        "https": "AWSHTTPSConnectionPool",
    }, "botocore has changed: adapt `time_limit.limit_calls`, which bounds calls by pools of its own"
    for manager in (session._manager, session._get_proxy_manager("http://proxy.test")):
        assert manager.pool_classes_by_scheme is classes, "botocore copies its pool classes: `limit_calls` misses some"


@up_to_five_times
def test_the_sdk_repeats_only_what_fits_into_the_time() -> None:
    with closing(Service(failing)) as service:
        error, took = refused(service.url, *ACTIONS[3].values, seconds=SECONDS)

    assert (error.kind, service.requests) == (ErrorKind.SERVICE, 1)
    ends_in_time(took, SECONDS - MARGIN)


def test_the_sdk_repeats_what_fits() -> None:
    with closing(Service(failing)) as service:
        refused(service.url, *ACTIONS[3].values, seconds=1.9)  # the wait for the second is 1 s at most, for the third 2

    assert service.requests == 2


@up_to_five_times
def test_blocks_inside_one_another_share_the_shorter_time() -> None:
    with closing(Service(silent)) as service:
        aws = AwsClients(region="eu-west-1", endpoint_url=service.url)
        aws.client("sqs")
        with measured() as took, aws.within(0.2), pytest.raises(Exception, match="timeout"), aws.within(60):
            aws.client("sqs").list_queues()

    ends_in_time(took, 0.2)


def test_calls_outside_a_block_have_the_time_of_the_client() -> None:
    with closing(Service(failing)) as service:
        aws = AwsClients(region="eu-west-1", endpoint_url=service.url, settings=ConnectSettings(max_attempts=2))
        with pytest.raises(Exception, match="ListQueues"):
            aws.client("sqs").list_queues()

    assert service.requests == 2
