"""The reports of runs, kept in the project's report folder."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from awsit.cli.references import RUN_ID
from awsit.config import LOCAL, Settings
from awsit.model import json
from awsit.model.codec import decode
from awsit.model.result import RunResult
from awsit.model.run import RunSnapshot
from awsit.reporting.formats import json_


def keep(settings: Settings, result: RunResult) -> str:
    """Write the report and return its path, as seen from the working folder where that is shorter.

    Only then is the journal of a local run forgotten, if the run left nothing.
    """
    from awsit.cli.interrupted_runs import journal_folder
    from awsit.cli.logfile import keep_out_of_git

    path = json_.save(result, settings.report_folder)
    if result.engine == LOCAL:
        from awsit.engine.store.journals import forget

        forget(journal_folder(settings), result)
    if settings.report_folder.is_relative_to(settings.state_folder):
        keep_out_of_git(settings.state_folder)
    _forget_old(settings)
    working = Path.cwd()
    return str(path.relative_to(working)) if path.is_relative_to(working) else str(path)


def _forget_old(settings: Settings) -> None:
    """Remove the oldest reports beyond those that the settings keep, with the pages that were made beside them."""
    if not settings.keep_reports:
        return
    reports = [path for path in settings.report_folder.glob("run-*.json") if RUN_ID.fullmatch(path.stem)]
    for path in sorted(reports)[: -settings.keep_reports]:  # run IDs sort by time
        with suppress(OSError):
            path.unlink(missing_ok=True)
            path.with_suffix(".html").unlink(missing_ok=True)


def stored_report(settings: Settings, reference: str) -> RunSnapshot | None:
    """A run of the local engine that has ended, from its report; None for any other."""
    path = settings.report_folder / f"{reference}.json"
    if not RUN_ID.fullmatch(reference) or not path.is_file():
        return None
    try:
        result = decode(RunResult, json.loads(path.read_text(encoding="utf-8")))
    except ValueError:
        return None
    if result.engine != LOCAL:
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
    )
