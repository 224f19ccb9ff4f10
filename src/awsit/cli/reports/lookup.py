"""The reports of runs that are over: from the report folder, from a file, or from the stack's bucket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from awsit.cli.references import RUN_ID, check
from awsit.cli.session import Session
from awsit.config import LOCAL, Settings
from awsit.errors import AwsitError, InvalidInputError, NotFoundError
from awsit.model import json
from awsit.model.codec import decode
from awsit.model.json import Json
from awsit.model.result import REPORT_VERSION, RunResult
from awsit.reporting.console_link import EXECUTION_ARN


def results_of(session: Session, settings: Settings, references: Sequence[str]) -> list[RunResult]:
    """The results that run IDs, execution ARNs, report files and folders of them stand for, each run once.

    Raises UsageError, NotFoundError, InvalidInputError or EnvironmentFailure.
    """
    found = [result for reference in references for result in _results(session, settings, reference)]
    return list({result.run_id: result for result in found}.values())


def _results(session: Session, settings: Settings, reference: str) -> Iterator[RunResult]:
    path = Path(reference)
    if RUN_ID.fullmatch(reference) or EXECUTION_ARN.fullmatch(reference):
        yield _kept(settings, reference) or _fetched(session, settings, reference)
    elif path.is_dir():
        yield from _in_folder(path)
    elif path.is_file():
        yield from _in_file(path)
    elif not reference.startswith(("run-", "arn:")):
        raise NotFoundError(f"there is no report {reference}", hint=_WHERE)
    else:
        check(reference)


def _kept(settings: Settings, reference: str) -> RunResult | None:
    """The report in the report folder, if it is of this run."""
    path = settings.report_folder / f"{reference.rsplit(':', 1)[-1]}.json"
    if not path.is_file():
        return None
    (result,) = _in_file(path)
    return result if reference in {result.run_id, result.execution_arn} else None


def _fetched(session: Session, settings: Settings, reference: str) -> RunResult:
    try:
        return session.wiring.remote_engine(settings, reference).result(reference)
    except AwsitError as error:
        if settings.engine != LOCAL or not RUN_ID.fullmatch(reference):
            raise
        raise NotFoundError(
            f"there is no report of {reference} in {settings.report_folder}, and none in AWS: {error.message}",
            hint="name its stack with --stack, or the run by its execution's ARN",
        ) from error


def _in_folder(folder: Path) -> list[RunResult]:
    """The reports of a folder, oldest first: run IDs sort by time."""
    paths = sorted(path for path in folder.glob("run-*.json") if path.is_file())
    if not paths:
        raise NotFoundError(f"there are no reports in {folder}", hint=_WHERE)
    return [result for path in paths for result in _in_file(path)]


def _in_file(path: Path) -> list[RunResult]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"{path} is not JSON: {error}", code="not_a_report", hint=_HINT) from None
    return [_decoded(path, each) for each in (document if isinstance(document, list) else [document])]


def _decoded(path: Path, document: Json) -> RunResult:
    from pydantic import ValidationError

    version = document.get("version") if isinstance(document, dict) else None
    if version != REPORT_VERSION:
        told = f"its version is {version!r}, not {REPORT_VERSION!r}" if version else "it has no version"
        raise InvalidInputError(f"{path} is not a report: {told}", code="not_a_report", hint=_HINT)
    try:
        return decode(RunResult, document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InvalidInputError(
            f"{path} is not a report: {place}: {first['msg']}", code="not_a_report", hint=_HINT
        ) from None


_WHERE = "name a run ID, an execution's ARN, or a report; runs keep theirs in .awsit/reports"
_HINT = "`awsit run --json` writes reports, and every run keeps one in .awsit/reports"
