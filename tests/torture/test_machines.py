"""Runs of the local engine on machines where something is wrong, against what a service really holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.torture.machines import MAKES, Project
from tests.torture.things import Things, serving


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
