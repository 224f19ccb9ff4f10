from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from tests.unit.aws.fakes import FakeAws, Pages, client_error

from awsit.aws.installation import Installation
from awsit.aws.logs import function_log
from awsit.aws.logs.execution_log import describe
from awsit.aws.logs.run_log import follow_log, read_log
from awsit.errors import EnvironmentFailure
from awsit.system.clock import FakeClock

START = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)
ARN = "arn:aws:states:eu-west-1:123456789012:execution:awsit-test-flow:run-1"
INSTALLATION = Installation(
    "arn:aws:states:eu-west-1:123456789012:stateMachine:awsit-test-flow", "b", "t", "f", "/function", "/flow"
)


class ResourceNotFoundError(Exception):
    pass


def at(seconds):
    return START + timedelta(seconds=seconds)


def event(number, seconds, kind, **details):
    return {"id": number, "timestamp": at(seconds), "type": kind, **details}


def record(number, seconds, message):
    return {"eventId": str(number), "timestamp": int(at(seconds).timestamp() * 1000), "message": message}


class World:
    """An execution of which each poll shows more. `looks` are the history events and function records of each."""

    def __init__(self, *looks, over_after=1):
        self.looks, self.over_after = looks, over_after
        self.look = 0
        self.describes = 0
        self.asked = []
        self.of_cli = []
        self.read_pages = 0

    def describe_execution(self, executionArn):  # noqa: N803 - Step Functions' name
        self.describes += 1
        over = self.describes > self.over_after
        return {"startDate": START, **({"status": "SUCCEEDED", "stopDate": at(10)} if over else {"status": "RUNNING"})}

    def get_paginator(self, name):
        return SimpleNamespace(paginate=getattr(self, name))

    def get_execution_history(self, executionArn, reverseOrder, includeExecutionData):  # noqa: N803
        assert not includeExecutionData
        events = self.looks[min(self.look, len(self.looks) - 1)][0]
        for found in reversed(events) if reverseOrder else events:
            self.read_pages += 1
            yield {"events": [found]}

    def filter_log_events(self, **asked):
        if asked["logGroupName"] == "/awsit/awsit/cli":
            yield {"events": self.of_cli}
            return
        self.asked.append(asked)
        records = self.looks[min(self.look, len(self.looks) - 1)][1]
        self.look += 1
        yield {"events": records}

    @property
    def exceptions(self):
        return SimpleNamespace(ResourceNotFoundException=ResourceNotFoundError)


def aws(world):
    return FakeAws(stepfunctions=world, logs=world)


def test_history_and_function_lines_are_merged_by_time():
    world = World(
        ([event(1, 0, "ExecutionStarted"), event(2, 5, "ExecutionSucceeded")], [record(1, 2, "hello")]), over_after=0
    )

    lines = list(read_log(aws(world), ARN, INSTALLATION, "run-1"))

    assert [(line.at, line.source, line.text) for line in lines] == [
        ("2030-01-01T12:00:00.000Z", "history", "execution started"),
        ("2030-01-01T12:00:02.000Z", "function", "hello"),
        ("2030-01-01T12:00:05.000Z", "history", "execution succeeded"),
    ]


def test_the_lines_of_the_cli_come_between_and_errors_are_marked():
    failed = '{"level": "ERROR", "message": "step ended"}'
    world = World(
        ([event(1, 0, "ExecutionStarted"), event(2, 5, "ExecutionFailed")], [record(1, 2, failed)]), over_after=0
    )
    world.of_cli = [record(2, 1, "started"), record(3, 6, '{"level": "INFO", "message": "ended"}')]

    lines = list(read_log(aws(world), ARN, INSTALLATION, "run-1"))

    assert [(line.source, line.is_error) for line in lines] == [
        ("history", False),
        ("cli", False),
        ("function", True),
        ("history", True),
        ("cli", False),
    ]


def test_following_shows_the_lines_of_the_cli_once():
    world = World(([event(1, 0, "ExecutionStarted")], [record(1, 1, "one")]), over_after=2)
    world.of_cli = [record(7, 2, "of the CLI")]

    lines = list(follow_log(aws(world), FakeClock(), ARN, INSTALLATION, "run-1"))

    assert [line.text for line in lines] == ["execution started", "one", "of the CLI"]


def test_function_lines_are_asked_for_by_run_and_time():
    world = World(([], []), over_after=0)

    list(read_log(aws(world), ARN, INSTALLATION, "run-1"))

    assert world.asked == [
        {
            "logGroupName": "/function",
            "filterPattern": '"run-1"',
            "startTime": int(at(-60).timestamp() * 1000),
            "endTime": int(at(70).timestamp() * 1000),
        }
    ]


def test_a_long_history_is_read_as_it_is_consumed():
    world = World(([event(number, number, "TaskScheduled") for number in range(100)], []))

    next(read_log(aws(world), ARN, INSTALLATION, "run-1"))

    assert world.read_pages < 5


def test_following_shows_each_line_once_and_ends_with_the_execution():
    first = [event(1, 0, "ExecutionStarted")]
    second = [*first, event(2, 3, "ExecutionSucceeded")]
    world = World((first, [record(1, 1, "one")]), (second, [record(1, 1, "one"), record(2, 2, "two")]), over_after=2)
    clock = FakeClock()

    lines = list(follow_log(aws(world), clock, ARN, INSTALLATION, "run-1"))

    assert [line.text for line in lines] == ["execution started", "one", "two", "execution succeeded"]
    assert clock.slept == [2.0] * 4


def test_a_line_that_comes_late_is_still_shown():
    done = [event(1, 0, "ExecutionStarted"), event(2, 3, "ExecutionSucceeded")]
    world = World((done, []), (done, []), (done, [record(1, 2, "late")]), over_after=0)

    lines = list(follow_log(aws(world), FakeClock(), ARN, INSTALLATION, "run-1"))

    assert lines[-1].text == "late"


def test_following_reads_only_what_is_new_of_the_history():
    events = [event(number, number, "TaskScheduled") for number in range(1, 101)]
    world = World((events, []), over_after=0)

    list(follow_log(aws(world), FakeClock(), ARN, INSTALLATION, "run-1"))

    assert world.read_pages == 100 + 2  # each later poll reads one event, which was read before


def test_a_function_that_never_ran_has_no_lines():
    world = World(([event(1, 0, "ExecutionStarted")], []))
    world.filter_log_events = Pages([ResourceNotFoundError()]).paginate

    assert len(list(read_log(aws(world), ARN, INSTALLATION, "run-1"))) == 1


def test_an_unknown_execution():
    def unknown(**_):
        raise client_error("ExecutionDoesNotExist", f"Execution Does Not Exist: '{ARN}'")

    world = World()
    world.describe_execution = unknown

    with pytest.raises(EnvironmentFailure, match="Execution Does Not Exist"):
        list(read_log(aws(world), ARN, INSTALLATION, "run-1"))


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (
            event(1, 0, "TaskStateEntered", stateEnteredEventDetails={"name": "ExecuteAtomicAction"}),
            "ExecuteAtomicAction: task state entered",
        ),
        (
            event(1, 0, "MapIterationStarted", mapIterationStartedEventDetails={"name": "RunSteps", "index": 0}),
            "RunSteps[0]: map iteration started",
        ),
        (
            event(1, 0, "LambdaFunctionFailed", lambdaFunctionFailedEventDetails={"error": "Boom", "cause": "because"}),
            "lambda function failed: Boom: because",
        ),
        (event(1, 0, "ExecutionAborted", executionAbortedEventDetails={}), "execution aborted"),
    ],
)
def test_events_in_words(event, text):
    assert describe(event) == text


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            '{"level": "INFO", "message": "task done", "run_id": "run-1", "outcome": {"next": "wait"}}',
            'INFO task done outcome={"next":"wait"}',
        ),
        ('{"_aws": {"CloudWatchMetrics": []}, "Runs": [1], "scenario": "x"}', "metrics Runs=[1] scenario=x"),
        ('{"other": 1}', '{"other":1}'),
        ("Task timed out after 900 seconds\n", "Task timed out after 900 seconds"),
    ],
)
def test_records_in_words(message, text):
    assert function_log.line(record(1, 0, message)).text == text


def test_the_raw_record_is_there_too():
    line = function_log.line(record(1, 0, '{"level": "INFO", "message": "x"}'))

    assert line.raw == {"level": "INFO", "message": "x"}


def test_the_lines_of_a_suite_are_those_of_its_runs_each_with_its_id():
    mine, other = "run-01J9ZK3M4N5P6Q7R8S9T0V1W2X", "run-01J9ZK3M4N5P6Q7R8S9T0V1W2Y"
    lines = [f'{{"level": "INFO", "message": "step ended", "run_id": "{run_id}"}}' for run_id in (mine, other)]
    world = World(([], [record(number, number, line) for number, line in enumerate(lines)]), over_after=0)

    shown = [line.text for line in read_log(aws(world), ARN, INSTALLATION, mine, "run-01J9ZK3M4N5P6Q7R8S9T0V1W2Z")]

    assert shown == [f"{mine} INFO step ended"]
    assert "filterPattern" not in world.asked[0]
