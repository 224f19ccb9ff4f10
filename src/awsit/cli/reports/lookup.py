"""The runs that a person names for a report or a comparison: by run IDs, execution ARNs, report files, folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from awsit.cli.past_runs.report_file import results_in
from awsit.cli.references import RUN_ID, check, suite_of, with_commands
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import AwsitError, NotFoundError, UsageError
from awsit.model import codec
from awsit.model.result import RunResult, RunStatus
from awsit.model.text.counts import count
from awsit.reporting.console_link import EXECUTION_ARN
from awsit.reporting.totals import PagedResults
from awsit.reporting.verdicts import name_of

_WHERE = "name a run ID, an execution's ARN, or a report; runs keep theirs in .awsit/reports"

MOST_NAMED = 5
"""Runs that a message names."""


def results_of(session: Session, settings: Settings, references: Sequence[str]) -> PagedResults:
    """The results that run IDs, execution ARNs, report files and folders of them stand for, each run once.

    Each is put aside as it is found. Raises UsageError, InvalidInputError or EnvironmentFailure, and NotFoundError,
    also when there is none in any of them.
    """
    spool = session.spool(settings)
    found: dict[str, int] = {}

    def put_aside(result: RunResult) -> None:
        found[result.run_id] = spool.add(codec.text(result))

    for reference in references:
        if suite_id := suite_of(reference):
            runs = _of_suite(session, settings, suite_id, reference, put_aside)
            found |= {run_id: found.pop(run_id) for run_id in runs}  # as they are found, they have another order
            continue
        for result in _results(session, settings, reference):
            put_aside(result)
    if not found:
        raise NotFoundError(f"there are no reports in {', '.join(references)}", hint=_WHERE)
    numbers = tuple(found.values())
    return PagedResults(len(numbers), lambda place: codec.parse(RunResult, spool.read(numbers[place])))


def named_or_newest(session: Session, settings: Settings, reference: str | None) -> str:
    """The reference; the ID of the newest run that is known where there is none. Raises UsageError without any."""
    if reference is not None:  # an empty one is a variable of a shell that is not set
        return reference
    newest = [run for source in session.wiring.run_sources(settings) for run in source.newest(1)]
    if not newest:
        hint = "`awsit run` makes one; a run of another machine is named by its run ID or its execution's ARN"
        raise UsageError("no run is named, and none is known here", hint=hint)
    run = max(newest, key=lambda each: each.started_at)
    session.say(f"The last run, {run.run_id}, of {run.scenario}:")
    return run.run_id


def result_of(session: Session, settings: Settings, reference: str) -> RunResult:
    """The one run that a reference stands for. Raises UsageError for several runs, and what `results_of` raises."""
    results = results_of(session, settings, [reference])
    if len(results) != 1:
        names = ", ".join(f"{result.run_id} ({name_of(result)})" for result in results[:MOST_NAMED])
        more = f" and {len(results) - MOST_NAMED} more" if len(results) > MOST_NAMED else ""
        hint = f"name one of them by its run ID: {names}{more}"
        raise UsageError(f"{reference} holds {len(results)} runs", hint=hint)
    return results[0]


def _results(session: Session, settings: Settings, reference: str) -> Iterator[RunResult]:
    path = Path(reference)
    if RUN_ID.fullmatch(reference) or EXECUTION_ARN.fullmatch(reference):
        yield _of_run(session, settings, reference)
    elif path.is_dir():
        yield from _in_folder(path)
    elif path.is_file():
        yield from results_in(path)
    elif not reference.startswith(("run-", "arn:")):
        raise NotFoundError(f"there is no report {reference}", hint=_WHERE)
    else:
        check(reference)


def _of_suite(
    session: Session, settings: Settings, suite_id: str, reference: str, put_aside: Callable[[RunResult], None]
) -> list[str]:
    """The IDs of the runs of a suite in the account. Their results are put aside; one that is not over is `running`."""
    follower = session.wiring.suite_follower(settings, suite_id, reference)
    runs, going_on = follower.suites.runs(suite_id), 0
    for result in follower.results_so_far(runs):
        put_aside(with_commands(settings, result))
        going_on += result.status is RunStatus.RUNNING
    if going_on:
        verb = "is" if going_on == 1 else "are"
        session.say(f"{suite_id} goes on: {going_on} of {count(len(runs), 'run')} {verb} not over")
    return [run.run_id for run in runs]


def _of_run(session: Session, settings: Settings, reference: str) -> RunResult:
    """The report of one run: from where runs of these settings are kept, else from the account of the default stack."""
    for source in session.wiring.run_sources(settings, reference):
        report = source.report(reference)
        if report:
            return report
    try:
        return session.wiring.account_runs(settings, reference).report(reference)
    except AwsitError as error:
        raise NotFoundError(
            f"there is no report of {reference} in {settings.report_folder}, and none in AWS: {error.message}",
            hint="name its stack with --stack, or the run by its execution's ARN",
        ) from error


def _in_folder(folder: Path) -> Iterator[RunResult]:
    """The reports of a folder, oldest first: run IDs sort by time."""
    paths = sorted(path for path in folder.glob("run-*.json") if path.is_file())
    if not paths:
        raise NotFoundError(f"there are no reports in {folder}", hint=_WHERE)
    for path in paths:
        yield from results_in(path)
