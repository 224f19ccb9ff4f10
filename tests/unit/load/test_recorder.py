"""What is measured of a load."""

from __future__ import annotations

from awsit.load.recorder import MOST_ALIKE, MOST_ERRORS, MOST_INTERVALS, OTHER, Recorder
from awsit.load.result import Iterations, LoadRate
from awsit.model.result import CleanupResult, CleanupVerdict, RunResult, RunStatus, Status, StepResult
from awsit.records import replace


def result(
    status: RunStatus = RunStatus.PASSED, run_id: str = "run-1", step: Status = Status.PASSED, left: bool = False
) -> RunResult:
    steps = (
        StepResult(0, "actions", "Create", "http_call", step, duration_seconds=0.1),
        StepResult(1, "actions", "Read", "http_call", Status.SKIPPED),
        StepResult(0, "cleanup", "Delete", "http_call", Status.PASSED, duration_seconds=9),
    )
    cleanup = CleanupResult(CleanupVerdict.LEFT_BEHIND if left else CleanupVerdict.CLEAN)
    return RunResult(run_id, "s", status, "local", "", "", 0.1, steps=steps, cleanup=cleanup)


def why(run: RunResult) -> tuple[str, str, str]:
    return "Create", "http_status", run.run_id.partition("#")[2]


def test_counts_and_times_are_of_what_was_carried_out() -> None:
    recorder = Recorder(LoadRate(10, 10), why)
    for number in range(3):
        recorder.started(number, 0.001)
    recorder.dropped(3, is_late=True)
    recorder.ended(0, 0.2, result())
    recorder.ended(1, 0.4, result(RunStatus.FAILED, step=Status.FAILED))
    recorder.ended(2, 9.9, result(RunStatus.CANCELLED, left=True))
    assert recorder.iterations == Iterations(4, 3, 1, 1, 1, 1, 1, 1)
    assert recorder.times.summary().count == 2
    (action,) = recorder.actions()
    assert (action.name, action.failed, action.times.count, action.times.max_ms) == ("Create", 1, 2, 100)
    assert [(each.at, each.started, each.failed, each.cancelled, each.dropped) for each in recorder.intervals()] == [
        (0, 1, 0, 0, 0),
        (1, 1, 1, 0, 0),
        (2, 1, 0, 1, 0),
        (3, 0, 0, 0, 1),
    ]


def test_the_steps_for_the_items_of_a_list_are_one_action() -> None:
    steps = [StepResult(n, "actions", f"Pay[{n}]", "http_call", Status.PASSED, duration_seconds=n) for n in range(3)]
    recorder = Recorder(LoadRate(10, 10), why)
    recorder.ended(0, 3, replace(result(), steps=tuple(steps)))
    (action,) = recorder.actions()
    assert (action.name, action.times.count, action.times.max_ms) == ("Pay", 3, 2000)


def test_errors_are_grouped_and_the_first_of_each_is_worth_a_report() -> None:
    recorder = Recorder(LoadRate(10, 10), why)
    ids = ["run-1#down", "run-2#down", "run-3#slow"]
    assert [recorder.ended(0, 1, result(RunStatus.FAILED, run_id)) for run_id in ids] == [True, False, True]
    assert [(each.message, each.count, each.run_id) for each in recorder.errors()] == [
        ("down", 2, "run-1#down"),
        ("slow", 1, "run-3#slow"),
    ]


def test_messages_that_differ_in_ids_and_times_are_one_reason_and_statuses_are_two() -> None:
    recorder = Recorder(LoadRate(10, 10), why)
    words = [
        "order 8d4dead6-c3b6 at 1795920327.17: got 404",
        "order 71645169-0ad9 at 1795920328.2: got 404",
        "got 500.",
    ]
    for number, message in enumerate(words):
        recorder.ended(0, 1, result(RunStatus.FAILED, f"run-{number}#{message}"))
    assert [(each.message, each.count, each.run_id[:5]) for each in recorder.errors()] == [
        (words[0], 2, "run-0"),
        (words[2], 1, "run-2"),
    ]


def test_a_number_of_three_digits_that_varies_tells_no_kinds_apart() -> None:
    """A service that says in its answer how long it took must not hide what fails for another reason."""
    recorder = Recorder(LoadRate(10, 10), why)
    words = [f"got 500 after {number} ms" for number in range(98, 400)]
    words[250:250] = ["refused the connection", "got 500 after all", "got 503 after all"]
    kept = [
        recorder.ended(0, 1, result(RunStatus.FAILED, f"run-{number}#{message}"))
        for number, message in enumerate(words)
    ]
    assert [(each.message, each.count, each.run_id[:5]) for each in recorder.errors()] == [
        ("got 500 after 98 ms", 302, "run-0"),
        ("refused the connection", 1, "run-2"),
        ("got 500 after all", 1, "run-2"),
        ("got 503 after all", 1, "run-2"),
    ]
    assert sum(kept) == MOST_ALIKE + 3


def test_a_message_of_any_length_takes_time_in_proportion() -> None:
    recorder = Recorder(LoadRate(10, 10), why)
    assert recorder.ended(0, 1, result(RunStatus.FAILED, f"run-1#{'a' * 1_000_000}"))
    assert recorder.errors()[0].count == 1


def test_what_fails_each_time_for_another_reason_takes_no_more_memory() -> None:
    recorder = Recorder(LoadRate(10, 86_400), why)
    for number in range(86_400):
        recorder.started(number, 0)
    for number in range(1000):
        words = str(number).translate(str.maketrans("0123456789", "abcdefghij"))
        recorder.ended(number, 1, result(RunStatus.FAILED, f"run-{number}#{words}", left=True))
    errors = recorder.errors()
    assert len(errors) == MOST_ERRORS + 1
    assert (errors[0].code, errors[0].count) == (OTHER, 1000 - MOST_ERRORS)
    assert len(recorder.intervals()) == MOST_INTERVALS
