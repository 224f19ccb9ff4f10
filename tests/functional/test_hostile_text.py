"""What comes from outside is text: no command and no format sends a terminal codes, or a CI server commands.

The service answers with payloads in its status line, headers and body; the scenario's file, name and texts hold them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.authorities.scripted import scripted

from awsit.cli.main import cli
from awsit.cli.session import Session

CONTROL = [
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\x9b31m",
    "\x9d0;x\x9c",
    "\x85",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u2028",
    "\u2029",
]
COMMANDS = [
    "::add-mask::secret",
    "::stop-commands::token",
    "   ::error file=a.py::owned",
    "\t::warning::x",
    "\u3000::set-env name=PATH::/tmp",
    "\r::notice::x",
    "##vso[task.setvariable variable=x]y",
    "text ##[add-mask]owned",
    "##teamcity[buildStop]",
    "section_start:1560896352:owned\r\x1b[0K",
    "long " * 30 + "::error::wrapped",
]
PAYLOAD = "\n".join([*CONTROL, *COMMANDS, ""])
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
STEERS = re.compile(r"^\s*::[\w-]+( [^\n]*)?::|##\w*\[|section_(start|end):\d", re.MULTILINE)
NAME = "evil\x1b[2J\u202e ##vso[x].yaml"
Awsit = Callable[..., str]


def steering(text: str) -> list[str]:
    return RAW.findall(text) + [found[0] for found in STEERS.finditer(text)]


@pytest.fixture
def service() -> Iterator[str]:
    body = json.dumps({"note": PAYLOAD, PAYLOAD: [PAYLOAD]}).encode()
    plain = PAYLOAD.encode()

    def answer(request: Any) -> bytes:
        content, kind = (body, "application/json") if request.target == "/json" else (plain, "text/plain")
        head = f"HTTP/1.1 422 \x1b[31m::error::x\r\nContent-Type: {kind}\r\nX-Evil: \x1b]0;x\x07\x9b1m ##[error]x\r\n"
        return (
            head.encode("latin-1") + f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode() + content
        )

    with scripted(answer) as server:
        yield server.url


@pytest.fixture
def awsit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Awsit:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", "true")

    def call(*arguments: str) -> str:
        return CliRunner().invoke(cli, list(arguments), obj=Session(), prog_name="awsit", catch_exceptions=False).output

    return call


@pytest.fixture
def file(tmp_path: Path, service: str) -> str:
    def action(name: str, path: str, **params: str) -> dict[str, Any]:
        failing = [{"path": "$.status", "equals": 200}, {"path": "$.body", "equals": PAYLOAD + "x", "name": PAYLOAD}]
        call = {"url": f"{service}/{path}", "headers": {"x-sent": "a"}, "body": PAYLOAD, **params}
        captured = {"note": "$.body"}
        rest = {"continue_on_failure": True, "pass_to_context": captured, "assert": failing}
        return {"name": name, "type": "http_call", "params": {"method": "POST", **call}, **rest}

    actions = [action("Text", "text"), action("Json", "json"), action("Method", "text", method="{{ vars.method }}")]
    document = {
        "name": "hostile",
        "description": PAYLOAD,
        "variables": {"method": f"GET{PAYLOAD}", "other": PAYLOAD},
        "actions": actions,
    }
    path = tmp_path / "scenarios" / NAME
    path.parent.mkdir()
    path.write_text(json.dumps(document))
    return f"scenarios/{NAME}"


FORMATS = ["junit", "markdown", "annotations", "ctrf", "outputs"]


def test_no_command_and_no_report_steers_who_reads_it(awsit: Awsit, file: str, tmp_path: Path) -> None:
    texts = {"run": awsit("run", file, *(f"--{each}={each}.out" for each in FORMATS), "--events=events.out")}
    texts |= {f"{each} in a file": (tmp_path / f"{each}.out").read_text() for each in [*FORMATS, "events"]}
    run_id = re.findall(r"run-\w+", texts["run"])[0]
    commands: dict[str, list[str]] = {
        "verbose": ["run", "-v", file],
        "json": ["run", "--json", file],
        "several": ["run", file, file],
        "status": ["status", run_id],
        "status of a step": ["status", run_id, "--step", "Text"],
        "status as JSON": ["status", run_id, "--json"],
        "runs": ["runs"],
        "runs as JSON": ["runs", "--json"],
        "history": ["history"],
        "compare": ["compare", run_id, run_id],
        "try": ["try", run_id, "Text", "$.body"],
        "try a template": ["try", run_id, "Json", "$.body.note"],
        "validate": ["validate", file],
        "validate as JSON": ["validate", "--json", file],
        "plan": ["plan", "--offline", file],
        "plan as JSON": ["plan", "--offline", "--json", file],
        "list": ["list-scenarios"],
        "list as JSON": ["list-scenarios", "--json"],
        "no such file": ["run", PAYLOAD],
        "no such run": ["status", PAYLOAD],
        "no such option": ["run", f"--{PAYLOAD}"],
        "cleanup": ["cleanup", run_id],
        **{each: ["report", run_id, f"--{each}=-"] for each in ("junit", "markdown", "ctrf")},
        "annotations": ["run", "--quiet", file, "--annotations=-"],
    }
    texts |= {name: awsit(*arguments) for name, arguments in commands.items()}

    annotations = {name for name in texts if name.startswith("annotations")}
    assert {name: steering(text) for name, text in texts.items() if name not in annotations and steering(text)} == {}
    for name in annotations:
        commands_of_ours = [line for line in texts[name].split("\n") if line.startswith("::error title=hostile")]
        rest = [line for line in texts[name].split("\n") if line not in commands_of_ours]
        assert commands_of_ours
        assert not RAW.findall(texts[name])
        assert steering("\n".join(rest)) == []
    assert all("add-mask" in texts[name] for name in ("run", "verbose", "json", "junit", "markdown", "status"))


def test_what_is_wrong_in_a_file_is_shown_as_text(awsit: Awsit, tmp_path: Path) -> None:
    for number, text in enumerate([PAYLOAD, json.dumps({PAYLOAD: PAYLOAD}), f"name: a\nactions: '{COMMANDS[0]}'\n"]):
        path = tmp_path / f"{number}{NAME}"
        path.write_text(text)
        for arguments in (
            ["validate", str(path)],
            ["validate", "--json", str(path)],
            ["validate", "--sarif", str(path)],
        ):
            output = awsit(*arguments)
            assert output
            assert steering(output) == []


def test_a_path_makes_no_outputs_of_its_own(awsit: Awsit, file: str, tmp_path: Path) -> None:
    awsit("run", file, "--html=a\nAWSIT_VERDICT=passed\r\nb.html", "--outputs=outputs.txt")
    lines = (tmp_path / "outputs.txt").read_text().splitlines()
    assert [line for line in lines if line.startswith("AWSIT_VERDICT")] == ["AWSIT_VERDICT=error"]
    assert all(re.match(r"AWSIT_[A-Z_]+=", line) for line in lines)
