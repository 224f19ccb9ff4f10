"""Mocks of this machine: what they answer, what `receive` finds of the calls, and how they end."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import pytest
from click.testing import CliRunner

from awsit.actions.mock import playing
from awsit.actions.mock.local import LocalMocks
from awsit.cli.main import cli
from awsit.errors import Effect
from awsit.expressions import regex
from awsit.model.json import Json
from awsit.system.clock import SystemClock


class Shop:
    """A run with one mock, which calls it as the service under test would."""

    def __init__(self, bench: Any, *routes: Json) -> None:
        self.bench = bench
        bench.clock = SystemClock()
        self.mocks = LocalMocks()
        self.url = bench.run("mock", {"routes": list(routes)}, step="Mock", mocks=self.mocks).result["url"]

    def call(self, method: str, target: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        with closing(HTTPConnection(self.url.removeprefix("http://"), timeout=30)) as client:
            client.request(method, target, body, headers)
            response = client.getresponse()
            return response.status, response.read().decode()

    def receive(self, **params: Json) -> Any:
        given = {"mock": "Mock", "within_seconds": 0.2, **params}
        return self.bench.run("receive", given, step="Calls", mocks=self.mocks)


@pytest.fixture
def shops(bench: Any) -> Iterator[Any]:
    made: list[Shop] = []

    def open_shop(*routes: Json) -> Shop:
        made.append(Shop(bench, *routes))
        return made[-1]

    yield open_shop
    for shop in made:
        shop.mocks.close("run-1", "Mock")


def test_routes_answer_in_order_and_the_last_response_stays(shops: Any) -> None:
    shop = shops(
        {"method": "POST", "path": "/charges", "match": {"body": {"amount": 0}}, "status": 422, "body": "no amount"},
        {"method": "POST", "path": "/charges", "status": 201, "body": {"id": "ch_1"}, "headers": {"X-Id": "1"}},
        {"path": "/charges/{id}", "responses": [{"status": 503}, {"body": [1]}]},
        {"path": "/files/{rest+}", "body": "é"},
    )

    assert shop.call("POST", "/charges", '{"amount": 0}') == (422, "no amount")
    assert shop.call("POST", "/charges", '{"amount": 5}') == (201, '{"id":"ch_1"}')
    assert [shop.call("GET", "/charges/7")[0] for _ in range(3)] == [503, 200, 200]
    assert shop.call("PUT", "/files/a/b") == (200, "é")
    assert shop.call("GET", "/charges/7/items") == (404, '{"message":"the mock has no route for GET /charges/7/items"}')
    assert shop.call("GET", "/charges")[0] == 404
    assert shop.receive(count=0, match={"path": "/nothing"}).result["heard"] == 8


def test_a_route_may_ask_for_what_stands_in_the_path(shops: Any) -> None:
    shop = shops(
        {"path": "/charges/{id}", "match": {"parameters": {"id": "7"}}, "status": 410}, {"path": "/charges/{id}"}
    )

    assert [shop.call("GET", f"/charges/{number}")[0] for number in (7, 8)] == [410, 200]


def test_a_call_that_takes_too_long_to_compare_is_answered_and_kept(
    shops: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regex, "TIMEOUT_SECONDS", 0.02)
    shop = shops({"path": "/slow", "match": {"body": "#regex ^(a|aa)+$"}}, {"path": "/charges"})

    status, body = shop.call("POST", "/slow", "a" * 60 + "!")

    assert status == 500
    assert "cannot tell whether /slow fits: the regular expression `^(a|aa)+$` took longer than 0.02 s" in body
    kept = shop.receive(match={"path": "/slow"}).result["first"]
    assert (kept["route"], kept["status"]) == (None, 500)
    assert shop.call("GET", "/charges")[0] == 200


def test_what_is_known_of_a_call(shops: Any) -> None:
    shop = shops({"path": "/a b/{id}/{rest+}"})
    shop.call(
        "POST", "/a%20b/%C3%A9/x/y?q=1&q=2&r=", "a=1&b=x+y&b=z", **{"Content-Type": "application/x-www-form-urlencoded"}
    )
    shop.call("POST", "/other", "\x00 no JSON", **{"X-A": "b"})

    form, other = shop.receive(count=2).result["messages"]

    assert form["headers"].pop("content-type") == "application/x-www-form-urlencoded"
    del form["headers"], other["headers"]
    assert form == {
        "method": "POST",
        "path": "/a b/é/x/y",
        "parameters": {"id": "é", "rest": "x/y"},
        "query": {"q": ["1", "2"], "r": ""},
        "body": {"a": "1", "b": ["x y", "z"]},
        "route": "/a b/{id}/{rest+}",
        "status": 200,
    }
    assert (other["body"], other["route"], other["status"]) == ("\x00 no JSON", None, 404)


def test_a_part_of_a_path_may_hold_an_encoded_slash(shops: Any) -> None:
    shop = shops({"path": "/files/{name}", "status": 201}, {"path": "/a%20b/{rest+}", "status": 202})

    assert shop.call("GET", "/files/x%2Fy?z=1")[0] == 201
    assert [shop.call("GET", path)[0] for path in ("/files/", "/files/x/y", "/a%20b", "/a%20b/")] == [404] * 4
    assert shop.call("GET", "/a%20b/x/y%2Fz")[0] == 202
    assert shop.call("GET", f"{shop.url}/files/w")[0] == 201

    calls = shop.receive(count=2, match={"route": "/files/{name}"}).result["messages"]
    assert [(call["path"], call["parameters"]) for call in calls] == [
        ("/files/x/y", {"name": "x/y"}),
        ("/files/w", {"name": "w"}),
    ]


def test_a_call_is_waited_for_and_taken_once(shops: Any) -> None:
    shop = shops({"path": "/n"})
    shop.call("POST", "/n", "1")
    Timer(0.3, shop.call, ("POST", "/n", "2")).start()

    done = shop.receive(match={"body": 2}, within_seconds=60)

    assert (done.result["first"]["body"], done.result["heard"]) == (2, 2)
    assert done.result["elapsed_ms"] < 30_000
    again = shop.bench.run(
        "receive",
        {"mock": "Mock", "match": {"body": 2}, "within_seconds": 0.1},
        mocks=shop.mocks,
        kept=type(shop.bench.context().kept)(others=(done.keeps,)),
    )
    assert again.failure == (
        "no call came that matches within 0.1 s; the mock Mock heard 2 calls; an earlier step took 1 call that matches"
    )
    assert json.loads(json.dumps(again.checks[0].actual))["body"] == 1


def test_more_calls_than_are_kept_are_counted(shops: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "MOST_CALLS", 3)
    shop = shops({"path": "/n"})
    for path in ("/lost", "/n", "/n", "/n"):
        shop.call("GET", path)

    missed = shop.receive(match={"path": "/never"})

    assert missed.result["heard"] == 4
    assert missed.failure.endswith("the mock Mock heard 4 calls, 1 of them without a route, and kept 3 of them")
    none = shop.receive(match={"path": "/other"}, count=0)
    assert none.failure == "whether one came that matches is not known: the mock Mock kept 3 of 4 calls"


def test_a_mock_ends_by_its_compensation_and_again_without_harm(shops: Any, bench: Any) -> None:
    shop = shops({"path": "/n"})
    for _ in range(2):
        bench.run("mock", {"stop": "Mock"}, step="Mock.auto_cleanup", mocks=shop.mocks)

    with pytest.raises(ConnectionRefusedError):
        shop.call("GET", "/n")
    refused = bench.refused("receive", {"mock": "Mock"}, mocks=shop.mocks)
    assert refused.message.startswith("there is no open mock 'Mock'")


def test_a_mock_of_the_clean_up_ends_with_its_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    file = tmp_path / "late.yaml"
    late = f"{{name: Late, type: mock, params: {{port: {port}}}}}"
    file.write_text(f"name: late\nactions: [{{name: M, type: mock}}]\ncleanup: [{late}]\n")

    done = CliRunner().invoke(cli, ["run", str(file), "--repeat", "2"])

    assert done.exit_code == 0, done.output
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5)


def test_a_port_that_is_taken_is_told(shops: Any, bench: Any) -> None:
    taken = int(shops({"path": "/n"}).url.rpartition(":")[2])

    refused = bench.refused("mock", {"port": taken}, step="Other", mocks=LocalMocks())

    assert refused.message == f"no mock can listen at port {taken} of 127.0.0.1: Address already in use"
    assert refused.effect is Effect.NONE


def test_a_mock_that_gets_no_thread_was_not_made(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", start)
    refused = bench.refused("mock", {}, step="Mock", mocks=LocalMocks())

    assert refused.message == "no mock can listen: no thread can be started"
    assert "ulimit -u" in refused.hint
    assert (refused.code, refused.effect) == ("internal", Effect.NONE)


def test_a_rendered_header_that_looks_like_a_template_is_checked_all_the_same(bench: Any) -> None:
    routes = [{"path": "/", "responses": [{"headers": {"X-A": "{{ x }}\r\nSet-Cookie: y"}}]}]
    refused = bench.refused("mock", {"routes": routes}, step="Mock", mocks=LocalMocks())
    assert "holds a line break" in refused.message


def test_in_an_account_there_are_none_unless_its_stack_plays_them(bench: Any) -> None:
    refused = bench.refused("mock", {"routes": []}, step="Mock")
    assert refused.message == "the stack has no mocks, so no run in the account can play one"
    assert "awsit deploy --parameter Mocks=true" in refused.hint


def test_plan_names_the_mock_that_receive_reads() -> None:
    read = {"name": "Calls", "type": "receive", "params": {"mock": "Mock", "count": 0}}
    actions = [{"name": "Mock", "type": "mock", "params": {"routes": []}}, read]
    Path("mock.json").write_text(json.dumps({"name": "s", "actions": actions}), encoding="utf-8")

    assert "  mock  Mock  (Calls)\n" in CliRunner().invoke(cli, ["plan", "mock.json"]).stdout


def test_calls_that_are_refused_are_counted(shops: Any) -> None:
    shop = shops({"path": "/"})

    assert shop.call("POST", "/", Host="shop.example")[0] == 421
    assert shop.call("POST", "/", **{"Transfer-Encoding": "gzip"})[0] == 501
    missed = shop.receive(match={})
    assert missed.failure.endswith("the mock Mock heard 2 calls, and kept 0 of them")


@pytest.mark.parametrize("name", ["host.docker.internal", "host.containers.internal", "shop.localhost"])
def test_containers_call_it_by_their_names_of_this_machine(name: str, shops: Any) -> None:
    shop = shops({"path": "/"})

    assert shop.call("GET", "/", Host=f"{name}:8099")[0] == 200
