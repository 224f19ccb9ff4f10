"""Mocks of the account, over a table as DynamoDB has it: what they answer, what is kept of calls, and how they end."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from moto import mock_aws
from tests.conformance.interpreter import enter, make_table

from awsit.actions.mock import script
from awsit.aws.client.clients import AwsClients
from awsit.aws.mocks import records
from awsit.aws.mocks.mocks import AccountMocks
from awsit.aws.runs.dynamodb.table import Table
from awsit.errors import ActionError
from awsit.lambdas import mocks as function
from awsit.model.http import CannedResponse
from awsit.model.json import Json
from awsit.system.clock import FakeClock
from awsit.system.randomness import SystemRandomness

URL = "https://abc.lambda-url.eu-west-1.on.aws/"
CHARGES = {"method": "POST", "path": "/charges", "status": 201, "body": {"id": "ch_1"}}


@dataclass
class Account:
    """The table of a stack, its clock, and what calls its function as services under test do."""

    table: Table
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.records = records.MockRecords(self.table)
        self.mocks = AccountMocks(self.table, URL, self.clock, SystemRandomness())

    def open(self, *routes: Json, run_id: str = "run-1", name: str = "Mock") -> str:
        return self.mocks.open(run_id, name, list(routes), 0).removeprefix(URL.removesuffix("/"))

    def call(self, method: str, target: str, body: bytes = b"", **more: Any) -> CannedResponse:
        path, _, query = target.partition("?")
        event = {
            "rawPath": path,
            "rawQueryString": query,
            "requestContext": {"http": {"method": method}},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
            **more,
        }
        return function.respond(event, self.records, self.clock)

    def calls(self) -> Any:
        return self.mocks.calls("run-1", "Mock", 0, 0.0)

    def items(self) -> list[Any]:
        return list(boto3.client("dynamodb").scan(TableName="mocks")["Items"])


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    enter(monkeypatch)
    with mock_aws():
        make_table("mocks")
        yield Account(Table(AwsClients(), "mocks"))


def test_routes_answer_by_their_secret_path_and_calls_are_kept_in_order(account: Account) -> None:
    base = account.open(CHARGES, {"path": "/charges/{id}", "responses": [{"status": 503}, {"body": "paid"}]})

    headers = {"Content-Type": "application/json", "Authorization": "Bearer x"}
    created = account.call("POST", f"{base}/charges", b'{"amount": 5}', headers=headers, cookies=["a=1", "b=2"])
    assert (created.status, created.body) == (201, b'{"id":"ch_1"}')
    assert [account.call("GET", f"{base}/charges/7?page=2").status for _ in range(3)] == [503, 200, 200]
    assert account.call("GET", base).status == 404

    log = account.calls()
    assert log.number == 5
    assert [call["route"] for call in log.calls.values()] == [
        "POST /charges",
        *["/charges/{id}"] * 3,
        None,
    ]
    assert log.calls["1"] == {
        "method": "POST",
        "path": "/charges",
        "parameters": {},
        "query": {},
        "headers": {"content-type": "application/json", "authorization": "Bearer x", "cookie": "a=1; b=2"},
        "body": {"amount": 5},
        "route": "POST /charges",
        "status": 201,
    }
    assert log.calls["2"]["query"] == {"page": "2"}
    assert log.calls["5"]["path"] == "/"


def test_a_path_that_is_not_known_is_answered_with_nothing(account: Account) -> None:
    base = account.open(CHARGES)

    for path in ("", "/", "/run%23run-1/Mock", "/run#run-1", f"{base[:-1]}/charges", f"{base}x/charges", base.upper()):
        answer = account.call("POST", path)
        assert (answer.status, answer.body, answer.headers) == (404, b"", {}), path
    assert account.calls().number == 0


def test_each_mock_has_a_secret_of_its_own_and_keeps_it(account: Account) -> None:
    first, again = account.open(CHARGES), account.open({"path": "/other"})

    assert first == again
    assert account.call("POST", f"{first}/charges").status == 201
    assert len({first, account.open(name="Other"), account.open(run_id="run-2")}) == 3


def test_it_ends_at_once_and_leaves_nothing(account: Account) -> None:
    base = account.open(CHARGES)
    account.open(name="Other")
    for _ in range(3):
        account.call("POST", f"{base}/charges")

    for _ in range(2):  # as a clean-up that is tried again
        account.mocks.close("run-1", "Mock")
    assert account.call("POST", f"{base}/charges").status == 404
    with pytest.raises(ActionError, match="there is no open mock 'Mock'") as refused:
        account.calls()
    assert refused.value.hint.endswith("open mocks: Other")
    account.mocks.close("run-1", "Other")
    assert account.items() == []


def test_a_call_that_is_under_way_when_the_mock_ends_leaves_nothing(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = account.open(CHARGES)

    def ended(*arguments: Any) -> Any:
        account.mocks.close("run-1", "Mock")
        return script.answer(*arguments)

    monkeypatch.setattr(function, "answer", ended)
    assert account.call("POST", f"{base}/charges").status == 404
    assert account.items() == []


def test_what_a_run_that_was_killed_has_left_answers_no_more_and_expires(account: Account) -> None:
    base = account.open(CHARGES)
    account.call("POST", f"{base}/charges")
    assert {int(item["expires_at"]["N"]) for item in account.items()} == {
        int(account.clock.now().timestamp()) + records.LONGEST_SECONDS
    }

    account.clock.sleep(records.LONGEST_SECONDS)
    assert account.call("POST", f"{base}/charges").status == 404


def test_each_call_gets_an_answer_and_a_number_of_its_own(account: Account) -> None:
    base = account.open({"path": "/", "responses": [{"body": str(number)} for number in range(12)]})

    assert [account.call("GET", f"{base}/").body for _ in range(12)] == [str(number).encode() for number in range(12)]
    assert list(account.calls().calls) == [str(number) for number in range(1, 13)]


def test_a_body_is_kept_whole_whatever_it_is(account: Account) -> None:
    base = account.open({"path": "/{rest+}"})
    noise, control = random.Random(1).randbytes(256 * 1024), b"\x01" * 256 * 1024

    for body in (noise, control):
        assert account.call("PUT", f"{base}/a", body).status == 200
    assert account.call("PUT", f"{base}/a", noise + b"x").status == 413
    log = account.calls()
    assert [call["body"] for call in log.calls.values()] == [
        {"base64": base64.b64encode(noise).decode()},
        control.decode(),
    ]
    assert log.number == 3


def test_of_too_many_calls_the_first_are_kept(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_CALLS", 2)
    base = account.open({"path": "/"})

    for _ in range(4):
        account.call("GET", f"{base}/")
    assert (list(account.calls().calls), account.calls().number) == (["1", "2"], 4)


def test_answers_that_no_item_holds_are_refused(account: Account) -> None:
    noise = base64.b64encode(random.Random(1).randbytes(500_000)).decode()

    with pytest.raises(ActionError, match="350,000 bytes at most, compressed; these 50"):
        account.open({"path": "/", "body": noise})
    assert account.items() == []


def test_the_function_writes_cookies_as_lambda_takes_them(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    base = account.open({"path": "/", "headers": {"Set-Cookie": "a=1", "X-A": "1"}, "body": "é"})
    monkeypatch.setenv("AWSIT_MOCKS_TABLE", "mocks")
    monkeypatch.setattr(function, "SystemClock", lambda: account.clock)
    function._records.cache_clear()

    event = {"rawPath": f"{base}/", "requestContext": {"http": {"method": "GET"}}, "body": "text", "headers": {}}
    answer = function.lambda_handler(event, None)

    assert json.loads(json.dumps(answer)) == {
        "statusCode": 200,
        "headers": {"X-A": "1", "Content-Type": "text/plain; charset=utf-8"},
        "cookies": ["a=1"],
        "body": base64.b64encode("é".encode()).decode(),
        "isBase64Encoded": True,
    }
    assert account.calls().calls["1"]["body"] == "text"
    function._records.cache_clear()
