"""Requests that `http_call` signs, sent through the real transport: AWS's suite, and a check of the bytes that came."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.session import Session
from tests.authorities.scripted import NEXT, Request, scripted
from tests.authorities.sigv4.verifier import signature_of

from awsit.actions.http_call.action import HttpCallAction
from awsit.actions.reading import check_params
from awsit.aws.client.clients import AwsClients
from awsit.http.transport import Urllib3Transport
from awsit.model.action.call import ActionContext
from awsit.system.clock import SystemClock

FOLDER = Path(__file__).parent / "data"
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

ONLY_S3 = "paths are signed without normalization for S3 alone, whose requests carry a hash of their content besides"
ENCODED = "awsit escapes the path before it sends it, and so signs the escapes; the suite sends the bytes themselves"
LENGTH = "awsit leaves Content-Length to the transport, unsigned, and signs the content without a header of its own"
TOKEN_LATER = "a session token is always signed"
DIFFERENT = {
    **dict.fromkeys(
        (
            "get-relative-relative-unnormalized",
            "get-relative-unnormalized",
            "get-slash-dot-slash-unnormalized",
            "get-slash-pointless-dot-unnormalized",
            "get-slash-unnormalized",
            "get-slashes-unnormalized",
            "get-space-unnormalized",
        ),
        ONLY_S3,
    ),
    "get-utf8": ENCODED,
    "get-space-normalized": ENCODED,
    "post-x-www-form-urlencoded": LENGTH,
    "post-x-www-form-urlencoded-parameters": LENGTH,
    "post-sts-header-after": TOKEN_LATER,
}
"""The cases whose signature cannot be the suite's; what is sent of them is checked all the same."""


@dataclass(frozen=True)
class Case:
    name: str
    method: str
    target: str
    headers: dict[str, str]
    body: str
    token: str | None
    authorization: str


def cases() -> Iterator[Case]:
    for folder in sorted(each for each in FOLDER.iterdir() if each.is_dir()):
        head, _, body = (folder / "request.txt").read_text(encoding="utf-8").partition("\n\n")
        first, *lines = head.replace("\n ", " ").splitlines()
        headers: dict[str, str] = {}
        for name, _, value in (line.partition(":") for line in lines if line):
            headers[name] = f"{headers[name]},{value.strip()}" if name in headers else value.strip()
        headers.pop("Content-Length", None)
        signed = (folder / "header-signed-request.txt").read_text(encoding="utf-8")
        found = next(line for line in signed.splitlines() if line.startswith("Authorization:"))
        token = json.loads((folder / "context.json").read_text())["credentials"].get("token")
        method, target = first.removesuffix(" HTTP/1.1").split(" ", 1)
        yield Case(folder.name, method, target, headers, body, token, found.removeprefix("Authorization:").strip())


CASES = list(cases())


def sent(method: str, target: str, headers: dict[str, str], body: str, token: str | None = None) -> Request:
    session = Session()
    session.set_credentials(KEY, SECRET, token)
    params = {"method": method, "headers": headers, "body": body or None, "auth": {"sigv4": {"service": "service"}}}
    with scripted(lambda _: NEXT) as server, closing(Urllib3Transport()) as transport:
        checked = check_params(HttpCallAction(), {**params, "url": server.url + target})
        aws = AwsClients(region="us-east-1", session=session)
        HttpCallAction().execute(checked, ActionContext("run-1", transport, aws, SystemClock()))
    return server.requests[0]


@pytest.fixture
def in_2015(monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2015, 8, 30, 12, 36, tzinfo=UTC).replace(tzinfo=None)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda *_, **__: at)


@pytest.mark.usefixtures("in_2015")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_suite(case: Case) -> None:
    request = sent(case.method, case.target, case.headers, case.body, case.token)

    carried, due = signature_of(request, SECRET)
    assert carried == due, "the signature is not that of the bytes that were sent"
    same = (request.header("authorization") or "").replace(", ", ",") == case.authorization.replace(", ", ",")
    assert same != (case.name in DIFFERENT)


def test_every_case_is_there() -> None:
    assert len(CASES) == 38
    assert DIFFERENT.keys() <= {case.name for case in CASES}


TARGETS = [
    "/",
    "",
    "/a:b",
    "/a@b",
    "/a*b,c$d",
    "/a[0]",
    "/a'b(c)!",
    "/a;b=c&d+e",
    "/grüße",
    "/gr%c3%bc%c3%9fe",
    "/a%2Fb",
    "/a%2fb/../c",
    "/a b",
    "/100%",
    "/a%zz",
    "/a//b/",
    "/~tilde_-.",
    "/?q=a:b",
    "/?q=a@b*c,d/e$f",
    "/?filter[name]=x&filter[age][gt]=3",
    "/?q=grüße&ñ=1",
    "/?q=%c3%bc",
    "/?q=a+b&r=a%20b&s=a b",
    "/?b=2&a=1&a=0&c",
    "/?a=&=b&&c==d",
    "/?q=100%&r=%zz",
    "/?url=http://x/?y=z%26w",
    "/?q='\"<>^`{|}\\",
    "/path?x=1#fragment",
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("target", TARGETS)
def test_what_is_sent_is_what_was_signed(target: str, method: str) -> None:
    carried, due = signature_of(sent(method, target, {}, "body" if method == "POST" else ""), SECRET)
    assert carried == due
