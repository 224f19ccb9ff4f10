"""The JSON report: a run's result encoded as it is; a list of them for several runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from awsit.model import codec
from awsit.model.json import array
from awsit.model.result import RunResult
from awsit.model.text.visible import visible_json
from awsit.system.files import write_whole


def report(result: RunResult) -> str:
    """The report of one run, as indented JSON."""
    return visible_json(codec.text(result, indent=2, again=True))


def reports(results: Sequence[RunResult]) -> Iterator[str]:
    """The report of a single run, or a list of the reports of several, in parts that are written one by one."""
    if len(results) == 1:
        yield report(results[0])
    else:
        yield from array(map(report, results))
    yield "\n"


def save(result: RunResult, folder: Path, write: Callable[[Path, str], None] = write_whole) -> Path:
    """Write the report to `<run_id>.json` in the folder, which is made if needed, and return the file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.run_id}.json"
    write(path, report(result) + "\n")
    return path
