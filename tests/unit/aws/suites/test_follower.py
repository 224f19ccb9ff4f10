from threading import Event, Timer
from threading import enumerate as enumerate_threads

import pytest

from awsit.aws.installation import Installation
from awsit.aws.suites import follower as module
from awsit.aws.suites.follower import SuiteFollower
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.model.result import Repetition, RunResult, RunStatus
from awsit.model.run import HistoryEntry, SuiteProgress, SuiteRun
from awsit.records import replace
from awsit.system.clock import FakeClock

AT = "2030-01-01T00:0{}:00.000Z"
INSTALLATION = Installation("arn:aws:states:eu-west-1:1:stateMachine:awsit-test-flow", "b", "t", "f", "/f", "/s")
RUNS = [SuiteRun(f"run-{number}", f"s{number}", "s.yaml") for number in range(3)]


def entry(run_id):
    return HistoryEntry(run_id, "s", RunStatus.PASSED, "stepfunctions", AT.format(0), 1.0)


def result(run_id, status=RunStatus.PASSED):
    return RunResult(run_id, "s", status, "stepfunctions", AT.format(0), AT.format(1), 1.0)


class Suite:
    """A suite of which each look shows the runs that have ended by then; it is over after the last look."""

    def __init__(self, *looks, reported=()):
        self.looks, self.look, self.since = looks, 0, []
        self.reported = {*reported, *(run_id for look in looks for run_id in look)}
        self.read = []

    def progress(self, suite_id):
        self.look += 1
        status = "SUCCEEDED" if self.look >= len(self.looks) else "RUNNING"
        return SuiteProgress(suite_id, "arn", status, AT.format(0), waiting=1)

    def results_since(self, _suite_id, since=""):
        self.since.append(since)
        shown = [run_id for look in self.looks[: self.look] for run_id in look]
        return [(AT.format(5), entry(run_id)) for run_id in shown]

    def running(self, run_ids):
        return iter([run_id for run_id in run_ids if run_id == "run-2"])

    def report(self, run_id):
        self.read.append(run_id)
        if run_id not in self.reported:
            raise NotFoundError("there is no report")
        return result(run_id)


@pytest.fixture
def following(monkeypatch):
    def follow(suite):
        monkeypatch.setattr(module, "Suites", lambda *_: suite)
        monkeypatch.setattr(module, "DynamoRunStore", lambda *_: suite)
        monkeypatch.setattr(module.executions, "describe", never_began)
        return SuiteFollower(None, INSTALLATION, FakeClock(), "suite-1")

    return follow


def never_began(_aws, arn):
    raise EnvironmentFailure(f"{arn} is unknown", code="unknown_execution")


def test_each_report_is_read_once_when_its_run_has_ended(following):
    suite, looks = Suite(["run-0"], [], ["run-2", "run-1"]), []

    found = [each.run_id for each in following(suite).results(RUNS, looks.append)]

    assert found == ["run-0", "run-2", "run-1"]
    assert suite.read == found
    assert [look.running for look in looks] == [("s2",), ("s2",), ()]
    assert suite.since == ["", "2030-01-01T00:04:00.000Z", "2030-01-01T00:04:00.000Z"]


class NotShownYet(Suite):
    """A suite that was just started, and is not shown to the first looks at it."""

    def __init__(self, unseen, *looks):
        super().__init__(*looks)
        self.unseen = unseen

    def progress(self, suite_id):
        self.unseen -= 1
        if self.unseen >= 0:
            never_began(None, suite_id)
        return super().progress(suite_id)


def test_a_suite_that_was_just_started_need_not_be_shown_at_once(following):
    looks = []

    found = [each.run_id for each in following(NotShownYet(3, ["run-0", "run-1", "run-2"])).results(RUNS, looks.append)]

    assert found == ["run-0", "run-1", "run-2"]
    assert len(looks) == 1


def test_a_suite_that_is_never_shown_is_an_error(following):
    with pytest.raises(EnvironmentFailure) as raised:
        list(following(NotShownYet(1000, [])).results(RUNS, lambda _: None))

    assert raised.value.code == "unknown_execution"


def test_repetitions_that_are_under_way_are_told_apart(following):
    runs, looks = [SuiteRun("run-2", "s", "s.yaml", Repetition(2, 3))], []

    list(following(Suite([], ["run-2"])).results(runs, looks.append))

    assert looks[0].running == ("s (2 of 3)",)


def test_at_the_end_those_that_nobody_noted_are_looked_for(following):
    suite = Suite(["run-0"], reported=["run-1"])

    found = {each.run_id: each for each in following(suite).results(RUNS, lambda _: None)}

    assert [found[run.run_id].status for run in RUNS] == [RunStatus.PASSED, RunStatus.PASSED, RunStatus.SKIPPED]
    assert (found["run-2"].scenario, found["run-2"].file) == ("s2", "s.yaml")


def test_a_run_that_was_cut_off_before_it_knew_its_scenario_has_the_name_of_the_suite(following):
    suite = Suite(["run-0", "run-1"])
    suite.report = lambda run_id: replace(result(run_id), scenario="s" if run_id != "run-2" else "")

    found = {each.run_id: each for each in following(suite).results(RUNS, lambda _: None)}

    assert (found["run-2"].scenario, found["run-2"].file) == ("s2", "s.yaml")


def test_a_suite_that_goes_on_has_runs_that_go_on(following):
    suite = Suite(["run-1"], [])

    found = {each.run_id: each.status for each in following(suite).results_so_far(RUNS)}

    assert [found[run.run_id] for run in RUNS] == [RunStatus.RUNNING, RunStatus.PASSED, RunStatus.RUNNING]


def test_reports_are_read_only_so_far_ahead_of_whoever_wants_them(following):
    runs = [SuiteRun(f"run-{number}", "s", "s.yaml") for number in range(200)]
    suite = Suite([run.run_id for run in runs])
    results = following(suite).results_so_far(runs)

    for wanted in range(1, 101):
        assert next(results).run_id == f"run-{wanted - 1}"
        assert len(suite.read) <= wanted + module.READ_AHEAD
    assert [each.run_id for each in results] == [f"run-{number}" for number in range(100, 200)]
    assert sorted(suite.read) == sorted(run.run_id for run in runs)
    assert active_readers() == []


def test_readers_end_with_whoever_wants_no_more(following):
    runs = [SuiteRun(f"run-{number}", "s", "s.yaml") for number in range(200)]
    results = following(Suite([run.run_id for run in runs])).results_so_far(runs)
    next(results)
    results.close()

    assert active_readers() == []


def active_readers():
    """The threads that read reports, when those that are about to end have had a second for it."""
    readers = [thread for thread in enumerate_threads() if thread.name == "awsit-report"]
    for thread in readers:
        thread.join(1)
    return [thread for thread in readers if thread.is_alive()]


def test_whoever_is_interrupted_does_not_wait_for_runs_that_go_on(following):
    suite, are_over = Suite([]), Event()
    suite.report = lambda run_id: result(run_id) if run_id == "run-0" or are_over.wait() else None
    later = Timer(1, are_over.set)
    later.start()
    results = following(suite).results(RUNS, lambda _: None)

    next(results)
    results.close()

    assert not are_over.is_set()
    later.cancel()
    are_over.set()
