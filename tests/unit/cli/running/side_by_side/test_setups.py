"""Runs within the setups of their suites: what begins when, and what is cleaned up."""

from collections.abc import Iterator
from pathlib import Path

from tests.unit.cli.running.side_by_side.test_pool import AT, FakeEngine

from awsit.cli.running.side_by_side.pool import Pool
from awsit.cli.running.side_by_side.setups import PoolWithSetups
from awsit.cli.running.side_by_side.turns import Turns
from awsit.cli.selection.requested_run import RequestedRun
from awsit.errors import AwsitError, EnvironmentFailure
from awsit.model.events import Event, RunFinished
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import RunRequest
from awsit.system.clock import FakeClock
from awsit.system.slots import Slots

RUNS = [
    RequestedRun(RunRequest("setup-1", "suite:a", {}, hold=True)),
    RequestedRun(RunRequest("setup-2", "suite:b", {}, hold=True)),
    RequestedRun(RunRequest("run-1", "a", {}, suite_run="setup-1")),
    RequestedRun(RunRequest("run-2", "b", {}, suite_run="setup-2")),
    RequestedRun(RunRequest("run-3", "c", {})),
]


class Engine(FakeEngine):
    """A fake whose clean-ups are noted among what happens; that of `setup-2` may not be possible."""

    def __init__(self, statuses: dict[str, RunStatus], *, fails: bool = False) -> None:
        self.happened: list[str] = []
        self.fails = fails

        def events(request: RunRequest) -> Iterator[Event]:
            self.happened.append(request.run_id)
            status = statuses.get(request.run_id, RunStatus.PASSED)
            yield RunFinished(request.run_id, RunResult(request.run_id, request.name, status, "fake", AT, AT, 0.0))

        super().__init__(events)

    def clean_up(self, run_id: str) -> RunResult:
        self.happened.append(f"clean-up of {run_id}")
        if self.fails and run_id == "setup-2":
            raise EnvironmentFailure("the network is gone")
        return super().clean_up(run_id)


def ended(engine: Engine) -> list[str]:
    """The ends that are told, in their order."""
    pool = Pool(engine, FakeClock(), Turns(Slots(Path("slots")), 1))
    news = [(run, each) for run, each in PoolWithSetups(pool, engine).run(RUNS)]
    return [run.run_id for run, each in news if isinstance(each, RunFinished | AwsitError)]


def test_setups_are_cleaned_up_after_the_last_run_the_last_one_first() -> None:
    engine = Engine({})
    assert ended(engine) == ["run-1", "run-2", "run-3", "setup-2", "setup-1"]
    assert engine.happened[-2:] == ["clean-up of setup-2", "clean-up of setup-1"]
    assert engine.released[-2:] == ["setup-2", "setup-1"]


def test_no_run_begins_after_a_setup_that_failed_and_the_others_are_cleaned_up() -> None:
    engine = Engine({"setup-2": RunStatus.FAILED})
    assert ended(engine) == ["setup-2", "setup-1"]
    assert engine.happened == ["setup-1", "setup-2", "clean-up of setup-1"]


def test_a_clean_up_that_is_not_possible_keeps_no_other_from_being_done() -> None:
    engine = Engine({}, fails=True)
    assert ended(engine)[-2:] == ["setup-2", "setup-1"]


def test_the_first_interruption_of_a_clean_up_lets_it_come_to_its_end() -> None:
    engine = Engine({})
    engine.interruptible = False
    runs = PoolWithSetups(Pool(engine, FakeClock(), Turns(Slots(Path("slots")), 1)), engine)
    answers = [runs.interrupt() for run, each in runs.run(RUNS) if "clean-up of setup-2" in engine.happened]
    assert answers[:2] == [True, False]
    assert engine.happened[-1] == "clean-up of setup-1"
