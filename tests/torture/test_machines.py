"""Runs of the local engine on machines where something is wrong, against what a service really holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.torture import strikes
from tests.torture.machines import MAKES, Project
from tests.torture.things import Things, serving

from awsit.cli.main import cli
from awsit.cli.session import Session
from awsit.system.clock import SystemClock


@pytest.fixture
def things() -> Iterator[Things]:
    with serving() as served:
        yield served


@pytest.fixture
def project(tmp_path: Path, things: Things) -> Project:
    return Project(tmp_path / "project", things)


def made(things: Things) -> int:
    return sum(count for call, count in things.calls.items() if call.startswith("POST"))


@pytest.mark.parametrize(
    ("line", "code", "errors"),
    [
        ("{ $AWSIT run make.json; echo $? >&2; } | true", "0", ""),
        ("$AWSIT run make.json > /dev/full; echo $? >&2", "0", ""),
        ("$AWSIT run make.json >&-; echo $? >&2", "0", ""),
        ("$AWSIT run make.json --events /dev/full; echo $? >&2", "4", "event could not be written: No space left"),
        ("$AWSIT run make.json --json > /dev/full; echo $? >&2", "4", "output cannot be written: No space left"),
    ],
)
def test_a_run_whose_output_is_gone_ends_and_cleans_up(
    project: Project, things: Things, line: str, code: str, errors: str
) -> None:
    done = project.shell(line)
    assert (made(things), things.names, project.journals()) == (MAKES, set(), [])
    assert done.stderr.splitlines()[-1] == code
    assert errors in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_run_without_any_stream_tells_its_verdict_by_the_exit_code(project: Project, things: Things) -> None:
    assert project.shell("exec 3>&1; $AWSIT run make.json <&- >&- 2>&-; echo $? >&3").stdout == "0\n"
    assert (made(things), things.names) == (MAKES, set())


def test_a_list_that_cannot_be_written_says_so_and_that_nobody_reads_is_quiet(project: Project) -> None:
    full = project.shell("$AWSIT schema > /dev/full")
    assert (full.returncode, full.stderr.splitlines()[0]) == (
        4,
        "error: the standard output cannot be written: No space left on device",
    )
    gone = project.shell("{ $AWSIT schema; echo $? >&2; } | true")
    assert gone.stderr == "4\n"


def test_a_suite_needs_no_more_descriptors_than_a_run(project: Project, things: Things) -> None:
    done = project.shell("ulimit -n 32; $AWSIT run make.json --repeat 25 --quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert (made(things), things.names, len(project.reports())) == (25 * MAKES, set(), 25)


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_that_is_set_ends_no_run_and_keeps_none_from_its_end(
    project: Project, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    looks = {"timeout_seconds": 1, "interval_seconds": 0.1, "assert": [{"path": "$.status", "equals": 200}]}
    look = {
        "type": "http_call",
        "params": {"url": f"{project.things.url}/things/none", "expected_status": 404},
        "until": looks,
    }
    project.write("poll", {"name": "Look", **look})

    def wall(clock: SystemClock) -> datetime:
        return datetime.now(UTC) + timedelta(hours=hours * (project.things.looks > 1))

    monkeypatch.setattr(SystemClock, "wall", wall)
    monkeypatch.chdir(project.folder)
    done = CliRunner().invoke(cli, ["run", "poll.json", "--json"], obj=Session())
    (result,) = [json.loads(path.read_text()) for path in project.reports()]
    assert (done.exit_code, result["status"], result["steps"][MAKES]["error"]["code"]) == (1, "failed", "until_timeout")
    assert 0.8 <= result["duration_seconds"] < 20


@pytest.mark.parametrize(("kilobytes", "refused"), [(0, ["--json: out.json", "the journal"]), (3, ["the journal"])])
def test_a_full_disk_ends_no_run_before_its_clean_up(
    project: Project, things: Things, kilobytes: int, refused: list[str]
) -> None:
    project.environment["PYTHONDONTWRITEBYTECODE"] = "1"  # Python would keep half a module
    done = project.shell(f"ulimit -f {kilobytes}; $AWSIT run make.json --json out.json")
    assert done.returncode == 4, done
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert [error.split(" of run-")[0].split(" cannot")[0] for error in errors] == [
        f"error: {what}" for what in refused
    ]
    assert (things.names, "Traceback" in done.stderr) == (set(), False)
    assert bool(made(things)) == (done.stdout.count("clean") > 0)
    for report in (*project.reports(), *project.folder.glob("out.json")):
        assert json.loads(report.read_text())["cleanup"]["verdict"] == "clean"


@pytest.mark.parametrize("trial", [strikes.damaged_journals, strikes.dead_resolver])
def test_nothing_is_left_or_it_is_told(trial: strikes.MachineTrial) -> None:
    tally = trial(None, 1, 7)
    assert tally.is_good, tally
