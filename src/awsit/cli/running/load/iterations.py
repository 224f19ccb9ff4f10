"""The iterations of a load: each is a run with a ledger of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import RLock

from awsit.cli.past_runs.interrupted import journal_folder
from awsit.cli.past_runs.report_folder import add
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.engine.store.journals import forget
from awsit.errors import AwsitError
from awsit.load.recorder import Recorder
from awsit.load.schedule import seed_of
from awsit.model.events import CleanupStarted, Event, RunFinished
from awsit.model.plan import Phase
from awsit.model.result import ErrorInfo, RunResult, RunStatus, Status
from awsit.model.run import Engine, RunRequest
from awsit.records import replace
from awsit.reporting.verdicts import BAD, reason

ASSERTION = "assertion"
"""The code of an iteration in which a check did not hold."""


class LoadIterations:
    """Carries iterations out, and records what came of them; the rows of a matrix take turns.

    Reports are kept of the first iteration that failed for each reason, and of those that left something behind.
    `elapsed` gives the seconds since the first start.
    """

    def __init__(
        self, session: Session, settings: Settings, engine: Engine, requests: Sequence[RunRequest], recorder: Recorder
    ) -> None:
        self._session = session
        self._settings = settings
        self._engine = engine
        self._requests = requests
        self._recorder = recorder
        self._is_interrupted = False
        self._releasing = RLock()

    def interrupt(self) -> bool:
        """Let those that go on begin nothing more: they clean up. False when all were interrupted before.

        A signal handler may call it, also in the middle of another call. Meanwhile no run is released, since the engine
        interrupts those that it has found.
        """
        is_first, self._is_interrupted = not self._is_interrupted, True
        with self._releasing:
            return self._engine.interrupt() or is_first

    def carry_out(self, number: int, at: float, elapsed: Callable[[], float]) -> None:
        """Carry one out that was to start `at` seconds after the first one."""
        run_id = self._session.wiring.run_id()
        request = self._requests[number % len(self._requests)]
        request = replace(request, run_id=run_id, seed=seed_of(request.seed, number))
        self._recorder.started(at, max(0.0, elapsed() - at))
        ends: list[float] = []
        results: list[RunResult] = []

        def note(event: Event) -> None:
            if isinstance(event, CleanupStarted):
                ends.append(elapsed())
            elif isinstance(event, RunFinished):
                results.append(event.result)

        try:
            run = self._engine.start(request)
            if self._is_interrupted:  # before the engine knew of the run
                self.interrupt()
            self._engine.follow(run, note)
        except Exception as error:  # noqa: BLE001 - a bug must not end the load unseen
            results = [_could_not(request, error)]
        seconds = (ends or [elapsed()])[0] - at
        self._keep(results[-1], is_new=self._recorder.ended(at, seconds, results[-1], request.seed))
        with self._releasing:
            self._engine.release(run_id)

    def _keep(self, result: RunResult, *, is_new: bool) -> None:
        with suppress(OSError):
            if is_new:
                add(self._settings, result)
            else:
                forget(journal_folder(self._settings), result)


def why(result: RunResult) -> tuple[str, str, str]:
    """Why an iteration failed: the action, the code and the message of what came first."""
    bad = next((each for each in result.steps if each.status in BAD and not Phase(each.phase).is_follow_up), None)
    error = bad.error if bad else result.error
    is_check = (bad.status if bad else result.status) == Status.FAILED and (error is None or error.code == ASSERTION)
    code = ASSERTION if is_check else error.code if error else result.status.value
    name = bad.name if bad else ""
    return name, code, reason(result).removeprefix(f"{name}: ")


def _could_not(request: RunRequest, error: Exception) -> RunResult:
    """The result of an iteration that could not be carried out."""
    known = error if isinstance(error, AwsitError) else AwsitError(f"{type(error).__name__}: {error}", code="bug")
    return RunResult(
        request.run_id,
        request.name,
        RunStatus.ERROR,
        "local",
        "",
        "",
        0.0,
        error=ErrorInfo.of(known),
        file=request.file,
    )
