"""A bug of awsit costs the step, the run or the report that it is in, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.functional.fakes import PASSING

from awsit.reporting.registry import FORMATS

AWSIT = (sys.executable, "-c", "from awsit.cli.main import main; main()")
WAIT = "{name: Wait, type: wait, params: {seconds: 0}}"


@pytest.fixture
def three(scenario: Any) -> None:
    for name in ("a", "b", "c"):
        scenario(PASSING.replace("order_is_stored", name), f"{name}.yaml")


def broken_for(monkeypatch: pytest.MonkeyPatch, place: str, name: str) -> None:
    """A bug in a function, when it is about the scenario of this name."""
    module, _, function = place.rpartition(".")
    original = getattr(__import__(module, fromlist=[function]), function)

    def broken(*arguments: Any, **options: Any) -> Any:
        if f"{name!r}" in repr(arguments):
            raise ZeroDivisionError("of ours")
        return original(*arguments, **options)

    monkeypatch.setattr(place, broken)


@pytest.mark.usefixtures("three")
def test_a_bug_in_the_preparation_of_one_run_leaves_the_others(awsit, monkeypatch, tmp_path):
    broken_for(monkeypatch, "awsit.engine.run.prepare.plan_of_valid", "b")
    result = awsit("run", "scenarios", "--json", "--junit", "junit.xml")

    assert result.exit_code == 1
    reports = json.loads(result.stdout)
    assert [(each["scenario"], each["status"]) for each in reports] == [
        ("a", "passed"),
        ("b", "error"),
        ("c", "passed"),
    ]
    assert reports[1]["error"]["message"] == "This is a bug in awsit: ZeroDivisionError: of ours"
    log = next((tmp_path / ".awsit" / "logs").glob("crash-*"))
    assert log.name in reports[1]["error"]["hint"]
    assert "Traceback" in log.read_text()
    assert (tmp_path / "junit.xml").read_text().count("<testcase") == 3


@pytest.mark.usefixtures("three")
def test_a_bug_in_what_shows_one_result_leaves_the_others(awsit, monkeypatch):
    broken_for(monkeypatch, "awsit.reporting.terminal.console.run_line", "b")
    result = awsit("run", "scenarios", "--junit", "junit.xml")

    assert result.exit_code == 0
    assert "this is a bug in awsit: ZeroDivisionError: of ours" in result.output
    assert "3 scenarios" in result.output or "3 passed" in result.output


@pytest.mark.usefixtures("three")
def test_a_bug_in_one_report_leaves_the_others(awsit, monkeypatch, tmp_path):
    monkeypatch.setattr("awsit.reporting.formats.junit.junit", lambda *_: 1 / 0)
    files = {each.name: tmp_path / f"report-{each.name}" for each in FORMATS}
    result = awsit("run", "scenarios", *(f"--{name}={file}" for name, file in files.items()))

    assert result.exit_code == 70
    assert "this is a bug in awsit: ZeroDivisionError" in result.output.replace("\n", " ")
    assert [name for name, file in files.items() if not file.exists()] == ["junit"]


def test_a_bug_in_the_redaction_of_a_step_shows_nothing_of_it(awsit, scenario, monkeypatch):
    scenario(PASSING)
    monkeypatch.setattr("awsit.engine.step.attempt._redact", lambda *_: 1 / 0)
    result = awsit("run", "order_is_stored", "--json")

    assert result.exit_code == 1
    step = json.loads(result.stdout)["steps"][0]
    assert step["status"] == "error"
    assert step["error"]["code"] == "internal"
    assert step["request"] is None


def test_names_and_values_of_the_machine_that_are_not_utf_8(tmp_path: Path) -> None:
    """File names, arguments and the environment (PEP 383), through a process of its own."""
    name = os.fsdecode(b"caf\xe9")
    (tmp_path / f"{name}.yaml").write_text(
        f"name: odd\nvariables: {{given: x}}\nactions: [{WAIT}]\n"
        "assertions:\n"
        "  - {path: $.run.id, not_equals: '{{ vars.given ~ env.ODD }}'}\n"
        "  - {path: $.run.scenario, equals: '{{ vars.given }}'}\n"
    )
    junit, html = os.fsencode(tmp_path) + b"/j\xff.xml", tmp_path / "page.html"
    environment = {b"PATH": b"", b"HOME": os.fsencode(tmp_path), b"ODD": b"o\xff"}
    done = subprocess.run(
        [*AWSIT, "run", f"{name}.yaml", "--engine=local", b"--var=given=v\xfe", b"--junit=" + junit, f"--html={html}",
         "--outputs=outputs", "--annotations=annotations", "--events=events", "--debug"],
        cwd=tmp_path, env=environment, capture_output=True, check=False,
    )  # fmt: skip

    output = (done.stdout + done.stderr).decode()
    assert done.returncode == 1, output
    assert "v\\udcfe" in output
    assert "v\\udcfe" in Path(os.fsdecode(junit)).read_text(encoding="utf-8")
    assert "caf\\udce9.yaml" in html.read_text(encoding="utf-8")
    for file in ("outputs", "annotations", "events"):
        (tmp_path / file).read_text(encoding="utf-8")
    for log in (tmp_path / ".awsit").rglob("*.log"):
        log.read_text(encoding="utf-8")

    again = subprocess.run(
        [*AWSIT, "run", "--rerun-failed", "--engine=local", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert again.returncode == 1, again.stderr.decode()
    assert json.loads(again.stdout)["file"] == f"{name}.yaml"
