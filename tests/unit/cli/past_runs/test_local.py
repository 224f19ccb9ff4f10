"""Clean-ups of one run by several commands at once."""

import os

import pytest

from awsit import config
from awsit.cli.past_runs import report_folder
from awsit.cli.past_runs.interrupted import journal_folder
from awsit.cli.past_runs.local import LocalRuns
from awsit.engine.store import journals
from awsit.engine.store.journal import JournalStore
from awsit.engine.store.records import Closing, RunRecord
from awsit.errors import EnvironmentFailure
from awsit.model.plan import Plan
from awsit.model.result import RunResult, RunStatus
from awsit.records import replace
from awsit.system import file_lock
from awsit.system.clock import FakeClock
from awsit.system.marks import Marks

MARKS = Marks(lambda: b"mine" * 8)
AT = "2030-01-01T00:00:00.000Z"
RUN = f"run-{1:026d}"
RESULT = RunResult(RUN, "order_is_stored", RunStatus.ERROR, "local", AT, AT, 0.5)


class Another(FakeClock):
    """A clock with another clean-up, which ends while one waits."""

    def __init__(self, settings: config.Settings) -> None:
        super().__init__()
        self.settings = settings
        self.journal = journal_folder(settings) / f"{RUN}.jsonl"
        store = JournalStore(self.journal.parent, MARKS)
        store.create(RunRecord(RUN, "order_is_stored", "local", AT, 2e9), Plan(RUN, "order_is_stored"))
        store.begin(RUN, 0, 1, 1e9, ())
        store.release(RUN)
        self.lock: int | None = None

    def begin(self) -> None:
        self.lock = file_lock.acquire(self.journal)

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        report_folder.keep(self.settings, RESULT)
        assert self.lock is not None
        os.close(self.lock)


def told_nothing(look):
    raise AssertionError(f"nothing was to be waited for, not even {look}")


@pytest.fixture
def another(tmp_path):
    return Another(replace(config.load({}, {}, tmp_path), keep_reports=2))


def no_services(*_):
    raise AssertionError("nothing was to be undone by this process")


def test_what_another_clean_up_is_about_to_remove_is_waited_for(another):
    runs = LocalRuns(another.settings, another, no_services, MARKS)
    assert runs.uncleaned() == [RUN]
    another.begin()

    assert runs.clean_up(RUN, told_nothing) == RESULT

    assert not another.journal.exists()
    assert len(another.slept) == 1


def test_a_run_that_goes_on_is_not_waited_for(another):
    another.begin()
    runs = LocalRuns(another.settings, another, no_services, MARKS)
    assert runs.uncleaned() == []

    with pytest.raises(EnvironmentFailure, match="still going on"):
        runs.clean_up(RUN, told_nothing)

    os.close(another.lock)


def test_a_run_that_came_to_its_end_before_it_could_be_stopped_says_to_what(tmp_path):
    settings = config.load({}, {}, tmp_path)
    store = JournalStore(journal_folder(settings), MARKS)
    store.create(RunRecord(RUN, "it", "local", AT, 2e9), Plan(RUN, "it"))
    runs = LocalRuns(settings, FakeClock(), no_services, MARKS)
    assert runs.verdict(RUN) is RunStatus.RUNNING

    store.close(RUN, Closing(RunStatus.PASSED))

    assert runs.verdict(RUN) is RunStatus.PASSED
    store.release(RUN)


def test_a_run_that_ends_while_its_journal_is_looked_at_ends_no_command(another, monkeypatch):
    runs = LocalRuns(another.settings, another, no_services, MARKS)
    listed = journals.find(another.journal.parent)
    monkeypatch.setattr(journals, "find", lambda _: listed)
    another.journal.unlink()

    assert list(runs.newest(9)) == []
    assert runs.uncleaned() == []
    assert runs.foreign() == []
