"""A service that breaks its contract in each way: every lie is named by the run, and the truth passes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from awsit.cli.main import cli
from awsit.cli.session import Session

DOCUMENT = """
openapi: 3.0.3
info: {title: Orders, version: "1"}
servers: [{url: /v1}]
paths:
  /orders:
    get: {responses: {"200": {description: All, content: {application/json: {schema: {$ref: parts.yaml#/Orders}}}}}}
    post:
      responses:
        "201":
          description: Made
          headers:
            Location: {required: true, schema: {type: string, pattern: "^/v1/orders/[0-9]+$"}}
            X-Left: {schema: {type: integer}}
          content: {application/json: {schema: {$ref: parts.yaml#/Order}}}
        4XX: {$ref: parts.yaml#/Problem}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: One, content: {application/json: {schema: {$ref: parts.yaml#/Order}}}}}}
    put: {responses: {"200": {description: Changed, content: {"application/*": {schema: {$ref: parts.yaml#/Order}}}}}}
    delete: {responses: {"204": {description: Gone}, default: {$ref: parts.yaml#/Problem}}}
    head: {responses: {"200": {description: There}}}
"""
PARTS = """
Problem:
  description: What is wrong
  content: {application/problem+json: {schema: {type: object, required: [title], properties: {title: {type: string}}}}}
Orders: {type: array, items: {$ref: "#/Order"}}
Order:
  type: object
  required: [id, state, total]
  additionalProperties: false
  properties:
    id: {type: integer, minimum: 1}
    state: {type: string, enum: [open, paid]}
    total: {type: number, multipleOf: 0.01}
    note: {type: string, nullable: true, maxLength: 5}
    made: {type: string, format: date-time}
    lines: {type: array, minItems: 1, uniqueItems: true, items: {oneOf: [{type: string}, {type: integer}]}}
    key: {type: string, writeOnly: true}
"""
ORDER = {"id": 7, "state": "open", "total": 9.99, "note": None, "made": "2030-01-01T00:00:00Z", "lines": ["a", 1]}


@dataclass(frozen=True)
class Answer:
    """What the service sends; `None` for a body that is left out."""

    status: int = 200
    body: Any = None
    media: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


TRUTH = {
    ("GET", "/v1/orders"): Answer(200, [ORDER, {**ORDER, "id": 8}]),
    ("POST", "/v1/orders"): Answer(201, ORDER, headers={"Location": "/v1/orders/7", "X-Left": "3", "X-Other": "-"}),
    ("GET", "/v1/orders/7"): Answer(200, ORDER, "application/json; charset=utf-8"),
    ("PUT", "/v1/orders/7"): Answer(200, ORDER, "application/vnd.orders+json"),
    ("DELETE", "/v1/orders/7"): Answer(204),
    ("HEAD", "/v1/orders/7"): Answer(200),
}
MADE, ONE, PUT, DELETE = (
    TRUTH[each]
    for each in (
        ("POST", "/v1/orders"),
        ("GET", "/v1/orders/7"),
        ("PUT", "/v1/orders/7"),
        ("DELETE", "/v1/orders/7"),
    )
)
NAMES = {"GET": "/v1/orders/7", "POST": "/v1/orders", "PUT": "/v1/orders/7", "DELETE": "/v1/orders/7"}


def order(**changed: Any) -> Answer:
    return replace(ONE, body={**ORDER, **changed})


def without(name: str) -> Answer:
    return replace(ONE, body={key: value for key, value in ORDER.items() if key != name})


LIES: dict[str, tuple[str, Answer, str]] = {
    "another success": ("GET", replace(ONE, status=202), "$.status: the status 202 is not documented"),
    "an error as success": ("GET", replace(ONE, status=500), "$.status: the status 500 is not documented"),
    "a redirect": ("POST", replace(MADE, status=303), "$.status: the status 303 is not documented"),
    "a body with 200 instead of 204": (
        "DELETE",
        Answer(200, {"gone": True}),
        "$.headers['content-type']: the media type",
    ),
    "an error without its title": (
        "POST",
        Answer(422, {}, "application/problem+json"),
        "$.body: 'title' is a required property",
    ),
    "an error of the wrong media type": ("POST", Answer(400, {"title": "?"}), "the media type application/json is not"),
    "text for a number": ("GET", order(id="7"), '$.body.id: "7" does not satisfy `type: "integer"`'),
    "a fraction for an integer": ("GET", order(id=7.5), "$.body.id: 7.5 does not satisfy `type"),
    "true for an integer": ("GET", order(id=True), "$.body.id: true does not satisfy `type"),
    "null where it is not allowed": ("GET", order(made=None), "$.body.made: null does not satisfy"),
    "a number below the least": ("GET", order(id=0), "$.body.id: 0 does not satisfy `minimum: 1`"),
    "a value that is none of the list": ("GET", order(state="lost"), '$.body.state: "lost" does not satisfy `enum'),
    "half a cent": ("GET", order(total=9.995), "$.body.total: 9.995 does not satisfy `multipleOf: 0.01`"),
    "a text that is too long": ("GET", order(note="longer"), '$.body.note: "longer" does not satisfy `maxLength: 5`'),
    "no date": ("GET", order(made="yesterday"), '$.body.made: "yesterday" does not satisfy `format'),
    "an empty list": ("GET", order(lines=[]), "$.body.lines: [] "),
    "the same twice": ("GET", order(lines=["a", "a"]), "$.body.lines: "),
    "an item of another type": ("GET", order(lines=["a", 1.5]), "$.body.lines[1]"),
    "what only requests hold": ("GET", order(key="secret"), "$.body.key: "),
    "a missing property": ("GET", without("total"), "$.body: 'total' is a required property"),
    "a property too many": (
        "GET",
        order(extra=1),
        "$.body: Additional properties are not allowed ('extra' was unexpected)",
    ),
    "a list for an object": ("GET", replace(ONE, body=[ORDER]), "$.body: "),
    "another media type": ("GET", replace(ONE, media="text/html"), "the media type text/html is not documented"),
    "a media type out of range": ("PUT", replace(PUT, media="text/json"), "the media type text/json is not documented"),
    "a wrong body in a range": ("PUT", replace(PUT, body=without("id").body), "$.body: 'id' is a required property"),
    "no JSON": ("GET", replace(ONE, body="{'id': 7}"), "$.body: the body is not application/json"),
    "no body": ("GET", Answer(200), "$.body: the body is empty"),
    "a header too few": (
        "POST",
        replace(MADE, headers={}),
        "$.headers['location']: the header is required, and missing",
    ),
    "a header that does not fit": (
        "POST",
        replace(MADE, headers={"Location": "/v2/orders/7"}),
        "$.headers['location']: \"/v2/orders/7\" does not",
    ),
    "a header of another type": (
        "POST",
        replace(MADE, headers={"Location": "/v1/orders/7", "X-Left": "few"}),
        "$.headers['x-left']: the header cannot be read as documented",
    ),
}


class Handler(BaseHTTPRequestHandler):
    """Tells the truth, unless the header `X-Lie` asks for one of `LIES`."""

    def answer(self) -> None:
        lie = self.headers.get("X-Lie")
        answer = LIES[lie][1] if lie else TRUTH.get((self.command, self.path), Answer(404))
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        body = b"" if answer.body is None else text.encode()
        self.send_response(answer.status)
        headers = {**answer.headers, "Content-Type": answer.media}
        if answer.status != HTTPStatus.NO_CONTENT:
            headers["Content-Length"] = str(len(body))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer  # noqa: N815 - the names are those of http.server

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose scenarios are held to a document of two files."""
    root = tmp_path_factory.mktemp("project")
    (root / "api").mkdir()
    (root / "api/openapi.yaml").write_text(DOCUMENT)
    (root / "api/parts.yaml").write_text(PARTS)
    (root / "awsit.toml").write_text('contract = "api/openapi.yaml"\n')
    return root


def ran(folder: Path, actions: list[dict[str, Any]]) -> Any:
    """The report of a run by the real command with a real connection."""
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios/s.json").write_text(json.dumps({"name": "s", "actions": actions}))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(cli, ["run", "scenarios/s.json", "--json"], obj=Session(), catch_exceptions=False)
    return json.loads(result.stdout)


def action(name: str, method: str, url: str, **params: Any) -> dict[str, Any]:
    call = {"method": method, "url": url, "follow_redirects": False, "expected_status": [f"{n}xx" for n in range(2, 6)]}
    return {"name": name, "type": "http_call", "continue_on_failure": True, "params": {**call, **params}}


@pytest.fixture(scope="module")
def lied(folder: Path, service: str) -> Any:
    """The report of one run with an action for each lie."""
    return ran(
        folder,
        [
            action(f"lie_{number}", method, service + NAMES[method], headers={"X-Lie": lie})
            for number, (lie, (method, _, _)) in enumerate(LIES.items())
        ],
    )


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_named(lied: Any, lie: str) -> None:
    step = lied["steps"][list(LIES).index(lie)]
    messages = [check["message"] for check in step["assertions"] if check["operator"] == "contract"]
    assert step["status"] == "failed"
    assert len(messages) == 1
    assert LIES[lie][2] in messages[0]


def test_the_truth_passes_and_is_all_of_the_contract(folder: Path, service: str) -> None:
    names = {key: f"truth_{number}" for number, key in enumerate(TRUTH)}
    report = ran(folder, [action(name, method, service + path) for (method, path), name in names.items()])

    assert [step["status"] for step in report["steps"]] == ["passed"] * len(TRUTH)
    (contract,) = report["contracts"]
    assert set(contract["operations"].values()) == {1}
    assert contract["other_calls"] == 0


def test_what_is_not_called_and_what_is_elsewhere_is_counted(folder: Path, service: str) -> None:
    calls = {"A": "/v1/orders", "B": "/v1/orders", "Unknown": "/v1/customers", "Elsewhere": "/v2/orders"}
    report = ran(folder, [action(name, "GET", service + path) for name, path in calls.items()])

    assert [step["status"] for step in report["steps"]] == ["passed", "passed", "failed", "passed"]
    (contract,) = report["contracts"]
    called = {name: number for name, number in contract["operations"].items() if number}
    assert (called, contract["other_calls"]) == ({"GET /orders": 2}, 1)
