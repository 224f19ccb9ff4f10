"""awsit's commands, called as an attacker's victim calls them; a service that answers what the attacker likes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from tests.authorities.scripted import Request, scripted

from awsit.cli.main import cli
from awsit.cli.session import Session
from awsit.errors import ExitCode

STEERS = re.compile(r"^\s*::[\w-]+( [^\n]*)?::|##\w*\[|section_(start|end):\d", re.MULTILINE)
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
Answer = Callable[[Request], bytes]


class Fell(Exception):
    """What awsit did and must not do."""


def awsit(*arguments: str) -> str:
    """What the command prints. Raises Fell for a bug, and for an output that steers a terminal or a CI server."""
    result = CliRunner().invoke(cli, list(arguments), obj=Session(), prog_name="awsit")
    if result.exit_code not in set(ExitCode) - {ExitCode.BUG} or "this is a bug" in result.output:
        raise Fell(f"awsit {arguments[0]} ended with {result.exit_code}: {result.output[-600:]}{result.exception!r}")
    steering = RAW.findall(result.output) + [each[0] for each in STEERS.finditer(result.output)]
    if steering:
        raise Fell(f"awsit {arguments[0]} printed {steering[:5]}")
    return result.output


def write(name: str, content: object) -> str:
    """A file of the attacker; a document is written as JSON."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else _text(content).encode("utf-8", "surrogatepass"))
    return name


def _text(content: object) -> str:
    return content if isinstance(content, str) else json.dumps(content)


def scenario(*actions: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "s", "actions": actions, **more}


def waiting(**step: Any) -> dict[str, Any]:
    """A scenario whose only action needs no service."""
    return scenario({"name": "A", "type": "wait", "params": {"seconds": 0}, **step})


def run(document: object, *options: str) -> str:
    """What a run of the scenario prints."""
    return awsit("run", write("s.json", document), *options)


def json_answer(value: object) -> Answer:
    body = json.dumps(value).encode()
    return lambda _: response(body)


def response(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def call(answer: Answer, *options: str, params: Mapping[str, Any] | None = None, **step: Any) -> str:
    """What a run prints whose only action calls a service that answers so."""
    with scripted(answer) as server:
        action = {"name": "A", "type": "http_call", "params": {"url": f"{server.url}/x", **(params or {})}, **step}
        return run(scenario(action), *options)
