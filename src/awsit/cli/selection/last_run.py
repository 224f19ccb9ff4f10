"""What did not pass in the last `awsit run` of a project, or in a suite of the account, for `--rerun-failed`."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from awsit.cli.exit_codes import SUITE_ENDED
from awsit.cli.past_runs import state_files
from awsit.cli.references import suite_of
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import AwsitError, EnvironmentFailure, NotFoundError
from awsit.model.codec import decode, encode
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import SuiteRun
from awsit.reporting.verdicts import Verdict, verdict_of

FILE = state_files.LAST_RUN
FAILED = frozenset({Verdict.FAILED, Verdict.ERROR, Verdict.TIMED_OUT, Verdict.CANCELLED, Verdict.LEFT_BEHIND})


class Failed(Struct, frozen=True):
    """A run that did not pass: its scenario or row, and the file that it is in; empty for one from the bucket."""

    scenario: str
    file: str = ""

    @classmethod
    def of(cls, result: RunResult) -> Failed | None:
        """The run of a result; None for one that passed, or never began, unless its suite in the account had ended."""
        is_cut_off = result.error is not None and result.error.code == SUITE_ENDED
        if verdict_of(result) not in FAILED and not is_cut_off:
            return None
        return cls.of_run(result.scenario, result.file)

    @classmethod
    def of_run(cls, name: str, file: str) -> Failed:
        """The run of a scenario or row, in a file if there is one."""
        return cls(name, str(Path(file).absolute()) if file else "")


class LastRun(Struct, frozen=True):
    """What one command ran, as the file has it. Variables are left out: some are secret."""

    runs: int
    failed: tuple[Failed, ...] = ()
    seed: str = ""
    """What fake data were drawn from; empty in the files of versions that had none."""
    unfinished: int = 0
    """How many of the runs have no result."""
    version: str = "awsit.last-run/1"


def keep(settings: Settings, runs: int, failed: Iterable[Failed], seed: str = "", unfinished: int = 0) -> None:
    """Write down how many runs there were, what did not pass or has no result, and what fake data were drawn from.

    If the file cannot be written, only `--rerun-failed` suffers: nothing is raised.
    """
    last = LastRun(runs, tuple(sorted(failed, key=lambda each: (each.file, each.scenario))), seed, unfinished)
    with suppress(OSError):
        state_files.keep(settings, FILE, encode(last))


def failed_before(settings: Settings) -> tuple[Failed, ...]:
    """The runs that did not pass in the last command.

    Raises NotFoundError when none is known, or all passed; EnvironmentFailure when another user wrote the file.
    """
    last = _last(settings)
    if not last.failed:
        passed = f"all {last.runs} passed" if last.runs > 1 else "it passed"
        passed = f"{last.unfinished} of {last.runs} had no end" if last.unfinished else passed
        raise NotFoundError(
            f"nothing failed in the last run: {passed}", code="nothing_failed", hint="name the scenarios to run"
        )
    return last.failed


def seed_before(settings: Settings) -> str:
    """What the fake data of the last command were drawn from; empty where it is not known."""
    try:
        return _last(settings).seed
    except AwsitError:
        return ""


def _last(settings: Settings) -> LastRun:
    path = settings.state_folder / FILE
    try:
        return decode(LastRun, state_files.read(settings, FILE))
    except FileNotFoundError:
        raise NotFoundError(
            "there is no last run in this project", code="no_last_run", hint="`awsit run` makes one"
        ) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotFoundError(
            f"{path} cannot be read: {error}", code="no_last_run", hint="delete it, and run the scenarios again"
        ) from None


def failed_in(session: Session, settings: Settings, references: Iterable[str]) -> tuple[Failed, ...]:
    """The runs of suites that did not pass, left something behind or have no report.

    Raises NotFoundError when all passed or there is no such suite, EnvironmentFailure for one that still goes on.
    """
    failed = tuple(dict.fromkeys(each for reference in references for each in _failed_in(session, settings, reference)))
    if not failed:
        raise NotFoundError(
            "nothing failed in that suite: all passed", code="nothing_failed", hint="name the scenarios to run"
        )
    return failed


def _failed_in(session: Session, settings: Settings, reference: str) -> list[Failed]:
    suite_id, suites = suite_of(reference), session.wiring.suites(settings, reference)
    snapshot = suites.snapshot(suite_id)
    if not snapshot.progress.is_over:
        raise EnvironmentFailure(
            f"{suite_id} still goes on", code="still_running", hint=f"`awsit status {suite_id}` shows how far it is"
        )
    clean = {each.run_id for each in snapshot.ended if each.status is RunStatus.PASSED and not each.left_behind}
    runs = suites.runs(suite_id)
    bad = {run.run_id for run in runs if run.run_id not in clean}
    return [_failed_run(run) for run in runs if not run.is_setup and not bad.isdisjoint({run.run_id, run.suite_run})]


def _failed_run(run: SuiteRun) -> Failed:
    """A run, by its file where this machine has that; else by its name, as that of a run of a pushed scenario."""
    path = Path(run.file).absolute()
    return Failed(run.name, str(path) if run.file and path.is_file() else "")
