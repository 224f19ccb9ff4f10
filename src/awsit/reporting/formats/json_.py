"""The report document: `RunResult`, encoded; a list of them for several scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from awsit.model import json
from awsit.model.codec import encode
from awsit.model.result import RunResult


def report(result: RunResult) -> str:
    """One run's report as JSON text, for people and programs."""
    return json.dumps(encode(result), indent=2)


def reports(results: Sequence[RunResult]) -> str:
    """One report, or a list of them when several scenarios were asked for."""
    if len(results) == 1:
        return report(results[0])
    return json.dumps([encode(result) for result in results], indent=2)


def document(results: Sequence[RunResult]) -> str:
    """The same as the content of a file."""
    return reports(results) + "\n"


def save(result: RunResult, folder: Path) -> Path:
    """Write `<run_id>.json` into the folder, which is made if needed, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.run_id}.json"
    path.write_text(report(result) + "\n", encoding="utf-8")
    return path
