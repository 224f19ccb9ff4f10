"""A load that the account starts: what it comes to, its start, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from threading import Thread

from awsit.aws.suites.loads import LoadOrder, Loads, StartedLoad, follower_of
from awsit.cli.past_runs.report_folder import add
from awsit.cli.references import flags_of, with_commands
from awsit.cli.running.load.carry_out import LoadProgress
from awsit.cli.running.load.iterations import why
from awsit.cli.running.load.origin import LoadOrigin
from awsit.cli.running.load.result import Loaded, load_result, rate_of
from awsit.cli.running.signals import handle_interrupts
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.config_values import STEP_FUNCTIONS
from awsit.errors import AwsitError, EnvironmentFailure, UsageError
from awsit.load.folding import PlannedStart, fold
from awsit.load.recorder import Recorder
from awsit.load.result import LoadResult
from awsit.load.schedule import number_of_starts, seed_of
from awsit.model.json import Json
from awsit.model.result import RunResult
from awsit.model.run import RunRequest, SuiteProgress
from awsit.model.text.counts import count
from awsit.records import replace
from awsit.scenario.schema.blocks.load import LoadSpec
from awsit.system.clock import parse_iso

LEAD_SECONDS, LEAD_SECONDS_IN_SANDBOX = 15.0, 5.0
"""How long it takes at most until the account hands out the first iterations; they wait for their time."""
MOST_STARTS = 100_000
"""Iterations of one load: its manifest holds them all, and so does the memory of who follows it."""
LONGEST_SECONDS = 23 * 3600
"""A suite in the account has a day, and then ends."""
STOPPING = "Stopping the load: no more begin, and those that go on clean up. Ctrl-C again leaves at once."


def check(spec: LoadSpec) -> None:
    """Raise UsageError for a load that is longer than the account can have in one."""
    if (number := number_of_starts(rate_of(spec))) > MOST_STARTS:
        message = f"the load has {number:,} starts, and one load in the account {MOST_STARTS:,} at most"
        raise UsageError(message, code="too_many_starts", hint="make it shorter with --for, or lower with --rate")
    if spec.seconds > LONGEST_SECONDS:
        raise UsageError("a load in the account takes 23 hours at most", code="too_long", hint="make it shorter: --for")


def start(session: Session, settings: Settings, requests: Sequence[RunRequest], spec: LoadSpec) -> StartedLoad:
    """Have the account start the requests in turns as `spec` says. Raises AwsitError when it cannot."""
    wiring, rate, first = session.wiring, rate_of(spec), requests[0]
    load_id, number = wiring.suite_id(), number_of_starts(rate)
    about: dict[str, Json] = {
        "spec": spec.model_dump(by_alias=True, mode="json"),
        "document": {key: first.document.get(key) for key in ("name", "description", "metadata")},
        "file": first.file,
        "seed": first.seed,
    }
    lead = LEAD_SECONDS_IN_SANDBOX if settings.sandbox else LEAD_SECONDS
    loads = Loads(*wiring.installed(settings), wiring.clock())
    order = LoadOrder(load_id, requests, [wiring.run_id() for _ in range(number)], rate, about, lead)
    try:
        load = loads.start(order)
    except KeyboardInterrupt:
        with suppress(AwsitError):  # it may not have been started
            loads.suites.stop(load_id)
        raise
    begins = datetime.fromtimestamp(load.begins, UTC)
    session.say(
        f"{load_id}: the account starts {count(number, 'iteration', spec=',')}, the first at {begins:%H:%M:%S} UTC"
    )
    session.say(_commands(settings, load_id))
    return load


def _commands(settings: Settings, load_id: str) -> str:
    named = " ".join([load_id, *flags_of(settings)])
    return f"  stop       awsit stop {named}\n  result     awsit load {named}"


def find(session: Session, settings: Settings, load_id: str) -> StartedLoad:
    """A load that was started before. Raises NotFoundError or EnvironmentFailure."""
    loads = Loads(*session.wiring.installed(settings, load_id), session.wiring.clock())
    try:
        load = loads.find(load_id)
        LoadOrigin.of(load)
    except (KeyError, TypeError, ValueError) as error:  # whoever may start executions may have started this one
        message, hint = f"{load_id} was not started by `awsit load`", f"`awsit report {load_id}` shows its runs"
        raise EnvironmentFailure(message, code="no_load", hint=hint) from error
    return load


def spec_of(load: StartedLoad) -> LoadSpec:
    """How a load in the account was to be started. Raises ValueError for what is none of `awsit load`."""
    return LoadOrigin.of(load).spec


def follow(
    session: Session,
    settings: Settings,
    load: StartedLoad,
    show: Callable[[LoadProgress], None],
    *,
    is_own: bool = True,
) -> LoadResult:
    """Wait for the end of a load in the account, and tell what came of it.

    The first interruption stops a load of this command's own, and waits for those that go on. KeyboardInterrupt is
    raised for the second, and for the first one when somebody only looks on.
    """
    followed = _FollowedLoad(session, settings, load, show)
    try:
        with handle_interrupts(followed.interrupt if is_own else lambda: False, followed.say_stopping):
            return followed.result()
    except BaseException:
        session.say(f"{load.load_id} may go on in the account.\n{_commands(settings, load.load_id)}")
        raise


class _FollowedLoad:
    """One load, while it is followed."""

    def __init__(
        self, session: Session, settings: Settings, load: StartedLoad, show: Callable[[LoadProgress], None]
    ) -> None:
        self._session = session
        self._settings = settings
        self._load = load
        self._show = show
        self._clock = session.wiring.clock()
        aws, installation = session.wiring.installed(settings, load.load_id)
        self._follower = follower_of(load, aws.patient(), installation, self._clock)
        self._began = datetime.fromtimestamp(load.begins, UTC)
        self._origin = LoadOrigin.of(load)
        self._spec = self._origin.spec
        self._seeds = (
            {run.run_id: seed_of(load.seed, number) for number, run in enumerate(load.runs)} if load.seed else {}
        )
        self._recorder = Recorder(rate_of(self._spec), why)
        self._stopping: Thread | None = None
        self._could_not_stop: AwsitError | None = None

    def interrupt(self) -> bool:
        """Have the load stopped, beside whatever this thread is about. False when that was done before."""
        if self._stopping:
            return False
        self._stopping = Thread(target=self._stop, name="awsit-stop", daemon=True)
        self._stopping.start()
        return True

    def say_stopping(self) -> None:
        """Say what happens after an interruption."""
        with suppress(RuntimeError):  # the signal came in the middle of a line: Python refuses to write into it
            self._session.say(STOPPING)

    def _stop(self) -> None:
        try:
            self._follower.suites.stop(self._load.load_id)
        except AwsitError as error:
            if error.code != "suite_is_over":
                self._could_not_stop = error

    def result(self) -> LoadResult:
        """What came of it, when it is over."""
        ended = self._began
        for result in self._follower.results(self._load.runs, self._look):
            self._fold(with_commands(self._settings, result))
            if result.finished_at:
                ended = max(ended, parse_iso(result.finished_at))
        return load_result(self._loaded(ended), self._recorder)

    def _look(self, progress: SuiteProgress) -> None:
        if self._could_not_stop:
            raise self._could_not_stop
        so_far, under_way = self._recorder.iterations, len(progress.running)
        elapsed = max(0.0, self._clock.now().timestamp() - self._load.begins)
        self._show(LoadProgress(elapsed, under_way, replace(so_far, started=so_far.started + under_way)))

    def _fold(self, result: RunResult) -> None:
        start_at = self._load.start_at[result.run_id]
        planned = PlannedStart(start_at - self._load.begins, start_at, self._seeds.get(result.run_id, ""))
        is_new = fold(self._recorder, planned, result, is_cut_off=self._is_stopped)
        if is_new:
            with suppress(OSError):
                add(self._settings, result)

    @property
    def _is_stopped(self) -> bool:
        progress = self._follower.progress
        return progress is not None and progress.status == "ABORTED"

    def _loaded(self, ended: datetime) -> Loaded:
        progress = self._follower.progress
        stopped_at = parse_iso(progress.finished_at) if progress and self._is_stopped else None
        return Loaded(
            self._load.load_id,
            STEP_FUNCTIONS,
            self._origin.document.model_dump(),
            self._origin.file,
            self._spec,
            self._began,
            ended,
            (stopped_at - self._began).total_seconds() if stopped_at else None,
            self._load.seed,
        )
