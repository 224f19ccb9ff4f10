"""`listen` on a WebSocket, and `receive` from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError
from websockets.sync.server import ServerConnection, serve

from awsit.actions.registry import BY_TYPE
from awsit.actions.taps.params import ListenParams, ReceiveParams
from awsit.engine.step.kept import kept_as
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.http.transport import Urllib3Transport
from awsit.http.websockets.local import LocalWebSockets
from awsit.model.action.call import ActionResult, Kept
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation
from awsit.system.clock import SystemClock

TOKEN = "Bearer token-0123456789"


def answer(connection: ServerConnection, request: Any) -> Any:
    if "X-Echo" in request.headers:
        return connection.respond(HTTPStatus.IM_A_TEAPOT, json.dumps(dict(request.headers.raw_items())))
    allowed = request.headers.get("Authorization", "") in {"", TOKEN} or "AWS4" in request.headers["Authorization"]
    return None if allowed else connection.respond(HTTPStatus.UNAUTHORIZED, "no\n")


def choose(_: ServerConnection, offered: list[Any]) -> Any:
    return "v2" if "v2" in offered else None


def converse(connection: ServerConnection) -> None:
    for message in connection:
        if message == "bye":
            connection.close(4000, "it was said")
        connection.send(json.dumps({"echo": message}) if isinstance(message, str) else message)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve(converse, "127.0.0.1", 0, process_request=answer, select_subprotocol=choose) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/live"
        server.shutdown()


class Run:
    """Steps of one run, each with what the steps before it kept."""

    def __init__(self, bench: Any) -> None:
        bench.http, bench.clock = Urllib3Transport(), SystemClock()
        self._bench, self.websockets = bench, LocalWebSockets()
        self._kept: dict[str, Json] = {}
        self.timeout = 5.0

    def step(self, action_type: str, name: str = "Tap", **params: Json) -> ActionResult:
        others = tuple(each for step, each in self._kept.items() if step != name)
        assert kept_as(action_type) == "listen"
        kept = Kept(others, self._kept.get(name))
        done = self._bench.run(
            action_type, params, step=name, websockets=self.websockets, kept=kept, timeout_seconds=self.timeout
        )
        if done.keeps is not None:
            self._kept[name] = done.keeps
        return done

    def refused(self, action_type: str, **params: Json) -> ActionError:
        with pytest.raises(ActionError) as caught:
            self.step(action_type, **params)
        return caught.value


@pytest.fixture
def run(bench: Any) -> Iterator[Run]:
    made = Run(bench)
    yield made
    made.websockets.end("run-1")


def test_a_conversation(run: Run, url: str) -> None:
    opened = run.step(
        "listen", websocket=url, send=["hello", {"$base64": "AP8="}], ready_when={"body": {"echo": "hello"}}
    )
    turn = run.step("receive", "Turn", **{"from": "Tap"}, send={"n": 1}, match={"body": {"echo": '{"n":1}'}})
    binary = run.step("receive", "Binary", **{"from": "Tap"}, match={"body": {"$base64": "AP8="}})
    no_more = run.step("receive", "NoMore", **{"from": "Tap"}, match={"body": {"echo": '{"n":1}'}}, count=0)

    assert (opened.result["status"], opened.effect) == (101, Effect.DONE)
    assert (turn.result["first"], turn.result["heard"]) == ({"body": {"echo": '{"n":1}'}}, 3)
    assert (binary.failure, no_more.failure) == (None, None)


def test_a_message_is_sent_once_however_often_the_step_looks(run: Run, url: str) -> None:
    run.step("listen", websocket=url)
    for _ in range(2):
        run.step("receive", "Turn", **{"from": "Tap"}, send="once", match={"body": "never"}, within_seconds=0.2)
    heard = run.step("receive", "All", **{"from": "Tap"}, count=1)

    assert heard.result["heard"] == 1


@pytest.mark.parametrize("count", [0, 1])
def test_one_that_was_closed_hears_nothing_more(run: Run, url: str, count: int) -> None:
    run.step("listen", websocket=url, send="bye")
    first = run.step("receive", "First", **{"from": "Tap"}, within_seconds=1)
    closed = run.step("receive", "Closed", **{"from": "Tap"}, count=count, match={"body": 1}, within_seconds=30)

    assert first.failure
    assert closed.resume_after_seconds is None
    assert "the WebSocket was closed: code 4000 (it was said)" in closed.failure


def test_who_opens_it_is_shown_and_reports_do_not_have_it(run: Run, url: str) -> None:
    known = run.step("listen", websocket=url, auth={"bearer": "token-0123456789"}, protocols=["v1", "v2"])
    signed = run.step("listen", "Signed", websocket=url, auth={"sigv4": {}})
    unknown = run.step("listen", "Unknown", websocket=f"{url}?token=hush", auth={"bearer": "wrong"})
    expected = run.step("listen", "Expected", websocket=url, headers={"Authorization": "x"}, expected_status=401)

    assert [each.failure for each in (known, signed, expected)] == [None] * 3
    assert unknown.failure == f"GET {url} answered 401 Unauthorized, expected 101 Switching Protocols; the body: no"
    assert (unknown.failure_code, unknown.keeps, expected.keeps) == ("401", None, None)
    assert "token-0123456789" not in str(known.request)


def test_its_headers_are_those_of_an_http_call(run: Run, url: str) -> None:
    headers = {"X-Echo": 1.5, "X-None": None, "User-Agent": None}
    sent = run.step("listen", websocket=url, headers=headers).failure

    assert '"X-Echo":"1.5"' in sent
    assert "X-None" not in sent
    assert "User-Agent" not in sent


def test_a_token_is_asked_for_before(run: Run, url: str) -> None:
    class Tokens(Urllib3Transport):
        def send(self, request: Any) -> Any:
            assert request.method == "POST"
            body = b'{"access_token": "token-0123456789", "token_type": "bearer"}'
            return SimpleNamespace(status=200, body=body, headers={}, url=request.url, redirects=())

    run._bench.http = Tokens()
    oauth2 = {"token_url": "https://auth.test/token", "client_id": "c", "client_secret": "s"}

    assert run.step("listen", websocket=url, auth={"oauth2": oauth2}).failure is None


def test_what_never_says_that_it_hears_is_not_ready(run: Run, url: str) -> None:
    run.timeout = 0.3
    error = run.refused("listen", websocket=url, send="hello", ready_when={"body": "ready"})
    run.timeout = 5.0

    assert (error.kind, error.effect) == (ErrorKind.TIMEOUT, Effect.UNKNOWN)
    assert "no message fits `ready_when` within 0.3 s; 1 came" in error.message
    assert "code 4000 (it was said)" in run.refused("listen", websocket=url, send="bye", ready_when={"body": 1}).message


def test_only_a_process_holds_it(bench: Any, url: str) -> None:
    error = bench.refused("listen", {"websocket": url})

    assert error.message.startswith("a WebSocket cannot be listened to in the account")
    assert "--engine local" in error.hint


def test_other_taps_send_nothing(bench: Any) -> None:
    kept = Kept(({"tap": "Tap", "queue": "q", "kind": "queue", "is_own": False, "takes": True, "heard": {}},))
    error = bench.refused("receive", {"from": "Tap", "send": "x"}, kept=kept)

    assert error.message == "the tap Tap hears a queue, to which `send` sends nothing"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"websocket": "https://a.test/x"}, "must be the URL of a WebSocket, not 'https://a.test/x'"),
        ({"websocket": "a.test/x"}, "must be the URL of a WebSocket, not 'a.test/x'"),
        ({"websocket": "wss://"}, "the URL 'wss://' names no valid host; write it as wss://host/path"),
        ({"websocket": "wss://u:p@a.test"}, "holds a user name or password"),
        ({"websocket": "wss://a.test", "headers": {"Upgrade": "x"}}, "the header Upgrade is of the handshake itself"),
        ({"websocket": "wss://a.test", "headers": {"X": "a\nb"}}, "line break"),
        ({"websocket": "wss://a.test", "verify_tls": "false"}, "'false' is text; write it as true or false"),
        ({"websocket": "wss://a.test", "protocols": ["v1", "a b"]}, "cannot name 'a b': a subprotocol is a token"),
        ({"websocket": "wss://a.test", "ready_seconds": 1}, "`ready_seconds` does not go with `websocket`"),
        ({"topic": "t", "send": 1}, "`send` goes with `websocket`, not with `topic`"),
    ],
)
def test_what_makes_no_sense_is_refused(params: dict[str, Json], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ListenParams(**params)

    assert message in str(caught.value)


def test_a_template_is_left_to_the_run() -> None:
    assert ListenParams(websocket="{{ stack('s').Url }}").kind == "websocket"
    with pytest.raises(ValidationError, match="`send` goes with `from`"):
        ReceiveParams(mock="Mock", send=1)


def test_what_it_needs_before_the_run() -> None:
    listen, receive = BY_TYPE["listen"], BY_TYPE["receive"]
    signed = {"websocket": "wss://abc.execute-api.eu-west-1.amazonaws.com/prod?token=x", "auth": {"sigv4": {}}}
    permissions = listen.permissions(signed, AwsLocation("aws", "eu-west-1", "1")).permissions

    assert [(each.action, each.resource) for each in permissions] == [
        ("execute-api:Invoke", "arn:aws:execute-api:eu-west-1:1:abc/*/$connect")
    ]
    assert listen.summary(signed).text == "listen to websocket wss://abc.execute-api.eu-west-1.amazonaws.com/prod"
    assert [listen.uses_aws(each) for each in (signed, {"websocket": "ws://a"}, {"queue": "q"})] == [True, False, True]
    assert [receive.uses_aws(each) for each in ({"from": "Tap"}, {"mock": "Mock"})] == [True, False]
    assert receive.summary({"from": "Tap", "send": 1}).text == "send, and receive 1 from Tap"
    assert not listen.is_safe_to_repeat(ListenParams(websocket="ws://a", send=1))
    assert not receive.is_safe_to_repeat(ReceiveParams(**{"from": "Tap"}, send=1))
