"""The project's report folder: the report of every run that this machine made or followed, `RUN_ID.json`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from awsit.cli.past_runs.report_file import MAX_REPORT_BYTES, results_in
from awsit.cli.path_names import shown
from awsit.cli.references import RUN_ID
from awsit.config import Settings
from awsit.model import json
from awsit.model.codec import decode
from awsit.model.json import Json
from awsit.model.result import REPORT_VERSION, RunResult, RunStatus
from awsit.model.run import HistoryEntry, RunSnapshot, RunSummary
from awsit.reporting.formats import json_
from awsit.system.files import make_own, read_regular, write_own, write_whole

ENDED = frozenset(RunStatus) - {RunStatus.RUNNING, RunStatus.SKIPPED}


def keep(settings: Settings, result: RunResult) -> str:
    """Write the report as `add` does, and remove the oldest ones."""
    path = add(settings, result)
    forget_old(settings)
    return path


def add(settings: Settings, result: RunResult) -> str:
    """Write the report and return its path, as seen from the working folder where that is shorter.

    Only then is the journal of a local run forgotten, if the run left nothing.
    """
    from awsit.cli.logs.logfile import keep_out_of_git
    from awsit.cli.past_runs.interrupted import journal_folder
    from awsit.engine.store.journals import forget

    path = _save(settings, result)
    forget(journal_folder(settings), result)
    if settings.report_folder.is_relative_to(settings.state_folder):
        keep_out_of_git(settings.state_folder)
    return shown(path)


def refresh(settings: Settings, result: RunResult) -> None:
    """Write the report over an older one of the same run, if there is one."""
    if has(settings, result.run_id):
        _save(settings, result)


def _save(settings: Settings, result: RunResult) -> Path:
    """Write the report, for this user only when its folder is awsit's own."""
    is_own = settings.report_folder.is_relative_to(settings.state_folder)
    if is_own:
        make_own(settings.report_folder)
    return json_.save(result, settings.report_folder, write_own if is_own else write_whole)


def forget_old(settings: Settings) -> None:
    """Remove the oldest reports beyond those that the settings keep, with the pages that were made beside them.

    Raises OSError. All names of the folder are read: a command that makes many reports does it for several together.
    """
    if not settings.keep_reports:
        return
    with os.scandir(settings.report_folder) as folder:
        names = {file.name for file in folder}
    reports = [name.removesuffix(".json") for name in names if name.endswith(".json")]
    if len(reports) <= settings.keep_reports:
        return
    run_ids = sorted(filter(RUN_ID.fullmatch, reports))
    for run_id in run_ids[: -settings.keep_reports]:  # they sort by time
        for name in names & {f"{run_id}.json", f"{run_id}.html"}:
            with suppress(OSError):
                (settings.report_folder / name).unlink()


def has(settings: Settings, run_id: str) -> bool:
    """Whether there is a report of a run."""
    return (settings.report_folder / f"{run_id}.json").is_file()


def kept(settings: Settings, reference: str) -> RunResult | None:
    """The report of a run that is named by its ID or its execution's ARN. Raises InvalidInputError for a torn one."""
    path = settings.report_folder / f"{reference.rsplit(':', 1)[-1]}.json"
    if not path.is_file():
        return None
    return next((each for each in results_in(path) if reference in {each.run_id, each.execution_arn}), None)


def snapshot(settings: Settings, reference: str, *, of_account: bool = False) -> RunSnapshot | None:
    """A run of the local engine that has ended, from its report; with `of_account` one of Step Functions. Else None."""
    path = settings.report_folder / f"{reference}.json"
    result = _result(path) if RUN_ID.fullmatch(reference) and path.is_file() else None
    if result is None or bool(result.execution_arn) is not of_account:
        return None
    return RunSnapshot(
        run_id=result.run_id,
        scenario=result.scenario,
        status=result.status,
        started_at=result.started_at,
        finished_at=result.finished_at,
        total_steps=len(result.steps),
        steps=result.steps,
        cleanup=result.cleanup.verdict,
        cleanup_steps=result.cleanup.steps,
        execution_arn=result.execution_arn,
    )


def summary(path: Path) -> RunSummary | None:
    """A run from its report; None when that cannot be read."""
    result = _result(path)
    if result is None:
        return None
    left = len(result.cleanup.left_behind)
    return RunSummary(result.run_id, result.scenario, result.engine, result.status, result.started_at, left)


def entries(folder: Path) -> Iterator[HistoryEntry]:
    """What the reports of a folder add to the history of scenarios; one that cannot be read is passed over."""
    for path in folder.glob("run-*.json"):
        try:
            entry = _entry(json.loads(read_regular(path, MAX_REPORT_BYTES)))
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            continue
        if entry.status in ENDED and entry.scenario:
            yield entry


def _result(path: Path) -> RunResult | None:
    try:
        return decode(RunResult, json.loads(read_regular(path, MAX_REPORT_BYTES)))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _entry(report: Json) -> HistoryEntry:
    """A report as an entry. The rest of it is not decoded: a folder holds a thousand reports, and some are large."""
    if report["version"] != REPORT_VERSION:
        raise ValueError(report["version"])
    names = ("run_id", "scenario", "status", "engine", "started_at", "duration_seconds")
    left = len(report["cleanup"]["left_behind"])
    known = {name: report[name] for name in names}
    return decode(HistoryEntry, {**known, "fingerprint": report.get("fingerprint", ""), "left_behind": left})
