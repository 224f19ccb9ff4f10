"""Every command line that awsit prints is read by a shell as the words that were meant, whatever names are in it."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from awsit import config
from awsit.cli.past_runs.report_file import results_in
from awsit.cli.references import name_later
from awsit.cli.running import remembered_stacks
from awsit.cli.selection import rerun_command
from awsit.model.json import dumps
from awsit.reporting.terminal.curl import curl

HOSTILE = "a b'\"$(touch owned)`touch owned`;touch owned\\&|#*~!"
TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1)
EVERY_TEXT = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "max_examples": 25}


def words(line: str, folder: Path) -> list[str]:
    """The words that bash makes of a line."""
    script = f"set -- {line}\nfor word; do printf '%s\\0' \"$word\"; done"
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, check=True, text=True)
    assert not list(folder.glob("owned"))
    return done.stdout.split("\0")[:-1]


@settings(**EVERY_TEXT)
@given(TEXT, TEXT)
@example(HOSTILE, HOSTILE)
def test_to_run_again(tmp_path: Path, name: str, value: str) -> None:
    chosen = config.load({"profile": value, "stack": name}, {}, tmp_path)
    line = rerun_command.command(rerun_command.words_for(name, {"id": f"x{value}", "all": [value]}), chosen)

    read = words(line, tmp_path)

    variables = ["--var", f"id=x{value}", "--var", f"all={dumps([value])}"]
    assert read == ["awsit", "run", name, *variables, "--stack", name, "--profile", value]


@settings(**EVERY_TEXT)
@given(TEXT)
@example(HOSTILE)
def test_to_look_at_a_run_later(tmp_path: Path, value: str) -> None:
    chosen = config.load({"profile": value, "stack": value}, {}, tmp_path)

    assert words(name_later(chosen, "run-1", ""), tmp_path) == ["run-1", "--stack", value, "--profile", value]


@settings(**EVERY_TEXT)
@given(TEXT)
@example(HOSTILE)
def test_to_send_a_request_again(tmp_path: Path, value: str) -> None:
    request = {"method": value, "url": f"http://127.0.0.1/{value}", "headers": {"x": value}, "body": value}

    read = words(" ".join(curl(request)), tmp_path)

    assert f"http://127.0.0.1/{value}" in read
    assert read[-1] == value
    assert {value, f"x: {value}"} <= set(read)


@settings(**EVERY_TEXT)
@given(TEXT)
@example(HOSTILE)
def test_to_deploy_a_stack_again(tmp_path: Path, value: str) -> None:
    chosen = config.load({"stack": value}, {}, tmp_path)
    template = tmp_path / f"it {HOSTILE.replace('/', '')}.yaml"
    template.touch()
    remembered_stacks.remember(chosen, template, [value], allow_unsupported=False)

    (line,) = remembered_stacks.deploy_commands(config.load({}, {}, tmp_path))

    assert words(line, tmp_path)[4] == value
    assert words(line, tmp_path)[-1] == f"{value}=..."
    (tmp_path / ".awsit" / "sandbox-stacks.json").unlink()


@pytest.mark.parametrize(
    ("command", "read"),
    [
        ("awsit cleanup run-1 --stack 'a b'", ["awsit", "cleanup", "run-1", "--stack", "a b"]),
        ("awsit cleanup run-1; touch owned", ["awsit", "cleanup", "run-1;", "touch", "owned"]),
        ("awsit cleanup $(touch owned)", ["awsit", "cleanup", "$(touch", "owned)"]),
        ("touch owned", []),
        ("awsit cleanup 'run-1", []),
    ],
)
def test_what_a_report_of_somebody_else_names(awsit, scenario, tmp_path, command, read):
    scenario()
    awsit("run", "order_is_stored", "--keep")
    (report,) = (tmp_path / ".awsit" / "reports").glob("*.json")
    document = json.loads(report.read_text())
    for each in document["cleanup"]["left_behind"]:
        each["command"] = command
    report.write_text(json.dumps(document))

    (result,) = results_in(report)

    assert words(result.cleanup.left_behind[0].command, tmp_path) == read
    assert shlex.split(result.cleanup.left_behind[0].command) == read
