"""Scenario files with random mistakes: always reported, with a place inside the text, never a traceback, never endless.

2,000 files in `make test`, 20,000 in `make nightly`, which sets MUTATED_FILES. The same number is always the same file.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.properties import odd_values
from tests.properties.mutated import FOLDERS, ROOT, Mutated, mutated

from awsit.cli.main import cli
from awsit.cli.session import Session
from awsit.scenario.reading.source import lines_of

FILES = int(os.environ.get("MUTATED_FILES", "2000"))
PART = 100
CPU_SECONDS = 5
"""For one file; the usual one takes a hundredth of a second."""


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of the files that mistakes are made in: scenarios find their libraries beside them."""
    top = tmp_path_factory.mktemp("mutated")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, top / folder)
    return top


@pytest.mark.parametrize("first", range(0, FILES, PART))
def test_whatever_is_wrong_with_a_file_is_told(first: int, top: Path) -> None:
    wrong = [
        mistake for number in range(first, min(first + PART, FILES)) for mistake in _mistakes(mutated(number), top)
    ]

    assert not wrong, "\n".join(wrong)


def test_making_a_file_changes_none_that_comes_later() -> None:
    before = deepcopy(odd_values.VALUES)
    first = [mutated(number).content for number in range(300)]

    assert before == odd_values.VALUES
    assert [mutated(number).content for number in range(300)] == first


def _mistakes(file: Mutated, top: Path) -> Iterator[str]:
    """What `awsit validate`, and for a valid file `awsit plan`, do wrong with it."""
    path = (top / file.seed).with_name(f"mutated{file.ending}")
    path.write_bytes(file.content)
    try:
        with _cpu_limit():
            found = list(_said(path))
    except Exception as error:  # noqa: BLE001 # whatever it is, the file is what matters
        found = [f"{type(error).__name__}: {error}"]
    finally:
        path.unlink()
    for each in found:
        made = f".venv/bin/python -m tests.properties.mutated {file.number} > wrong{file.ending}"
        yield f"{each}\n  {file.seed} with {', '.join(file.mistakes)}; again: {made}"


def _said(path: Path) -> Iterator[str]:
    result = _awsit("validate", "--json", str(path))
    if result.exit_code not in {0, 3}:
        yield f"validate ends with {result.exit_code}: {result.output[-500:]}"
        return
    [report] = json.loads(result.stdout)
    if report["valid"] == bool(report["problems"]) or report["valid"] == bool(result.exit_code):
        yield f"valid is {report['valid']}, with {len(report['problems'])} problems and exit code {result.exit_code}"
    for problem in report["problems"]:
        yield from _misplaced(problem)
    shown = _awsit(*(["validate"] if report["problems"] else ["plan", "--offline"]), str(path))
    if shown.exit_code not in {0, 3}:
        yield f"shown with {shown.exit_code}: {shown.output[-500:]}"


def _misplaced(problem: Any) -> Iterator[str]:
    place = problem["position"]
    if place is None:
        yield f"no position: {problem}"
        return
    text = Path(place["file"]).read_bytes().decode(errors="replace").removeprefix("\ufeff")
    lines = lines_of(text)
    if not 1 <= place["line"] <= len(lines):
        yield f"line {place['line']} of {len(lines)}: {problem}"
        return
    width = len(lines[place["line"] - 1])
    if not 1 <= place["column"] <= width + 1 or not 1 <= place["length"] <= max(1, width + 1 - place["column"]):
        yield f"columns {place['column']}+{place['length']} of {width}: {problem}"


def _awsit(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), obj=Session(), prog_name="awsit")


class _TooSlowError(Exception):
    """The file took more than its CPU time."""


@contextmanager
def _cpu_limit() -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        message = f"took more than {CPU_SECONDS} s of CPU time"
        raise _TooSlowError(message)

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
