"""The command lines of the pages, run with fakes behind the command line; `NOT_RUN` says of the others why not."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

import pytest
from click.testing import Result
from tests.functional.conftest import LOCAL_RUN
from tests.functional.fakes import PASSING

from awsit.errors import ExitCode

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NOT_RUN = {
    r"--open": "it opens a browser",
    r"^awsit destroy$": "it asks first; tests/functional/test_commands.py answers",
    r"^awsit logs [A-Zr]|EXECUTION_ARN|run-01JD…": "it needs an execution; tests/e2e runs them",
    r"^awsit (metrics|schedule)|--ship-logs": "it needs CloudWatch, or Scheduler; tests/e2e has both",
    r"suite-01J|--in-account": "it needs the machine of suites; tests/functional/test_suites.py, tests/e2e/suites",
    r"^awsit (history|cleanup) .*--stack": "it reads the runs table; tests/e2e/history, tests/e2e/recovery",
    r"--rerun-failed": "it needs a run that failed; tests/functional/test_run.py",
    r"^awsit try": "it needs an answer of its own; tests/functional/test_try.py",
    r"--from-|^awsit -v run": "it needs a request or a service of its own; tests/functional/test_new.py",
    r"^awsit load": "it takes as long as a load does; tests/functional/test_load.py",
    r"^awsit new suite": "it would be a setup around all scenarios of this project; tests/functional/test_new.py",
    r"^awsit init": "it makes a project; tests/e2e/init",
    r"^awsit sandbox stop": "no sandbox runs here; tests/e2e/sandbox",
    r"--keep$": "it ends with 5, since it leaves something behind; tests/functional/test_exit_codes.py",
    r"^awsit cleanup --all$": "nothing is left of these runs",
}
"""Lines, by a pattern, with the reason for which the test leaves them out."""
OTHER_PROGRAMS = {
    r"^make (demo|test)": "CI calls these targets",
    r"^(pipx|uv tool) ": "they install from a host that has awsit; a folder in its place was tried by hand",
    r"^python -m awsit\.aws\.deployment\.package ": "tests/unit/aws/deployment packs the function",
    r"^pytest ": "tests/functional/test_pytest_plugin.py",
    r"^(sam|cdk) ": "a program that awsit does not bring",
    r"^aws iam ": "it needs an account",
    r"^aws cloudformation deploy ": "it needs an account; tests/unit/infra reads the templates",
    r"^(set|cd|export|trap) |^python3 -m venv |^pip install --quiet": "a part of a script; tests/e2e/ci runs it",
}
"""Lines of other programs, by a pattern, with the reason for which this test runs none of them."""
STAND_INS = re.compile(r"RUN_ID|OTHER_RUN_ID|run-01J9\w+")
PRICED = "matrix: [{name: book}, {name: pen}]\nactions:"


def command_lines() -> Iterator[str]:
    """Each line of a shell block that awsit carries out, without its comment, in the order of the pages."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"^```(?:sh|shell)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            for line in re.findall(r"^(?:.*\| *)?(awsit .*)$", block.replace("\\\n", " "), re.MULTILINE):
                yield shlex.join(takewhile(lambda word: word not in {"|", ">", ">>"}, shlex.split(line, comments=True)))


def lines_of_others() -> Iterator[str]:
    """Each line of a shell block that another program carries out."""
    for page in PAGES:
        for block in re.findall(
            r"^```(?:sh|shell|bash|console)\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
        ):
            lines = (line.strip() for line in block.replace("\\\n", " ").splitlines())
            yield from (line for line in lines if line and not re.match(r"#|(?:.*\| *)?awsit ", line))


LINES = list(dict.fromkeys(command_lines()))


def reasons(line: str) -> list[str]:
    return [reason for pattern, reason in NOT_RUN.items() if re.search(pattern, line)]


@pytest.fixture
def project(awsit: Callable[..., Result], scenario: Callable[..., Path], tmp_path: Path) -> None:
    """A project with the scenarios that the pages name, of which one has run."""
    for name in ("order_is_stored", "stock_is_counted", "my_first", "first", "orders_are_read", "order_is_accepted"):
        scenario(PASSING.replace("order_is_stored", name), f"{name}.yaml")
    scenario(PASSING.replace("order_is_stored", "priced").replace("actions:", PRICED, 1), "priced.yaml")
    assert awsit("run", "order_is_stored", "orders_are_read").exit_code == ExitCode.PASSED
    assert awsit("report", LOCAL_RUN, "--json", "report.json").exit_code == ExitCode.PASSED


@pytest.mark.usefixtures("project")
def test_every_command_line_of_the_pages_runs(
    awsit: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    failed = {}
    for line in LINES:
        if not reasons(line):
            result = awsit(*(STAND_INS.sub(LOCAL_RUN, word) for word in shlex.split(line)[1:]))
            if result.exit_code != ExitCode.PASSED:
                failed[line] = result.output
    assert failed == {}


def test_each_reason_not_to_run_a_line_is_needed() -> None:
    assert [pattern for pattern in NOT_RUN if not any(re.search(pattern, line) for line in LINES)] == []


def test_each_line_of_another_program_has_a_reason_not_to_be_run_and_each_reason_a_line() -> None:
    lines = list(lines_of_others())
    assert [line for line in lines if not any(re.search(pattern, line) for pattern in OTHER_PROGRAMS)] == []
    assert [pattern for pattern in OTHER_PROGRAMS if not any(re.search(pattern, line) for line in lines)] == []
