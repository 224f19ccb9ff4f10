"""Scenario files with random mistakes: always told, with a place inside the text, never a traceback, never endless.

2,000 files in `make test`, 20,000 in `make nightly`, which sets MUTATED_FILES. The same number is always the same file.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.properties.mutated import FOLDERS, ROOT, Mutated, mutated

from awsit.cli.main import cli
from awsit.cli.session import Session
from awsit.scenario.source import lines_of

FILES = int(os.environ.get("MUTATED_FILES", "2000"))
PART = 100
CPU_SECONDS = 5
"""For one file; the usual one takes a hundredth of a second."""


@pytest.mark.parametrize("first", range(0, FILES, PART))
def test_whatever_is_wrong_with_a_file_is_told(first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in FOLDERS:
        (tmp_path / folder).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / folder).symlink_to(ROOT / folder)
    wrong = [told for number in range(first, min(first + PART, FILES)) for told in _mistakes(mutated(number), tmp_path)]

    assert not wrong, "\n".join(wrong)


def _mistakes(file: Mutated, folder: Path) -> Iterator[str]:
    """What `awsit validate`, and for a valid file `awsit plan`, do wrong with it."""
    path = folder / f"mutated{file.ending}"
    path.write_bytes(file.content)
    try:
        with _cpu_limit():
            found = list(_said(path))
    except Exception as error:  # noqa: BLE001 # whatever it is, the file is what matters
        found = [f"{type(error).__name__}: {error}"]
    for each in found:
        made = f".venv/bin/python -m tests.properties.mutated {file.number} > wrong{file.ending}"
        yield f"{each}\n  {file.seed} with {', '.join(file.mistakes)}; again: {made}"


def _said(path: Path) -> Iterator[str]:
    result = _awsit("validate", "--json", str(path))
    if result.exit_code not in {0, 3}:
        yield f"validate ends with {result.exit_code}: {result.output[-500:]}"
        return
    [told] = json.loads(result.stdout)
    if told["valid"] == bool(told["problems"]) or told["valid"] == bool(result.exit_code):
        yield f"valid is {told['valid']}, with {len(told['problems'])} problems and exit code {result.exit_code}"
    text = path.read_bytes().decode(errors="replace").removeprefix("\ufeff")
    for problem in told["problems"]:
        yield from _misplaced(problem, str(path), lines_of(text))
    shown = _awsit("validate", str(path)) if told["problems"] else _awsit("plan", "--offline", str(path))
    if shown.exit_code not in {0, 3}:
        yield f"shown with {shown.exit_code}: {shown.output[-500:]}"


def _misplaced(problem: Any, file: str, lines: list[str]) -> Iterator[str]:
    place = problem["position"]
    if place is None:
        yield f"no position: {problem}"
    elif place["file"] != file:
        yield f"in another file: {problem}"
    elif not 1 <= place["line"] <= len(lines):
        yield f"line {place['line']} of {len(lines)}: {problem}"
    else:
        width = len(lines[place["line"] - 1])
        inside = 1 <= place["column"] <= width + 1 and 1 <= place["length"] <= max(1, width + 1 - place["column"])
        if not inside:
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
