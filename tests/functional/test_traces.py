"""The trace of a run: shown where it failed, sent with its calls, and switched off by a project."""

from __future__ import annotations

import re

import pytest
from tests.functional.fakes import PASSING


def traced(wiring) -> set[bool]:
    return {"traceparent" in request.headers for request in wiring.http_fake.requests}


def test_a_run_that_failed_shows_its_trace(awsit, scenario, wiring) -> None:
    scenario(PASSING.replace("equals: created", "equals: shipped"))
    shown = awsit("run", "scenarios").stdout
    (trace_id,) = re.findall(r"^ +trace +(1-[0-9a-f]{8}-[0-9a-f]{24})$", shown, re.MULTILINE)
    assert {request.headers["X-Amzn-Trace-Id"].split(";")[0] for request in wiring.http_fake.requests} == {
        f"Root={trace_id}"
    }


def test_a_run_that_passed_shows_none(awsit, scenario) -> None:
    scenario()
    assert "  trace " not in awsit("run", "scenarios").stdout


@pytest.mark.parametrize("more", ["", "trace: false", "trace: true"])
def test_a_project_without_traces_has_scenarios_with_one(awsit, scenario, wiring, tmp_path, more) -> None:
    is_traced = more == "trace: true"
    (tmp_path / "awsit.toml").write_text("trace = false\n")
    scenario(f"{PASSING}\n{more}\n")
    assert awsit("run", "scenarios").exit_code == 0
    assert traced(wiring) == {is_traced}
    assert awsit("push", "scenarios", "--stack", "awsit").exit_code == 0
    assert awsit("run", "scenarios", "--stack", "awsit").exit_code == 0
    (request,) = wiring.remote.requests
    assert request.document["trace"] is is_traced


def test_a_variable_switches_it_off(awsit, scenario, wiring) -> None:
    scenario()
    assert awsit("run", "scenarios", env={"AWSIT_TRACE": "false"}).exit_code == 0
    assert traced(wiring) == {False}
