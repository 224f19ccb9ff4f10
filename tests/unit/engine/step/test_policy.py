"""Polls for what is not there yet, and waiters: their attempts, their time, and what a report says of them."""

from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError
from tests.unit.actions.services import Clients
from tests.unit.engine.world import World, answer

from awsit.model.result import RunResult, RunStatus, Status
from awsit.records import replace

READ = """
name: read
actions:
  - name: Read
    type: aws_api
    params: {service: s3, operation: get_object, params: {Bucket: b, Key: k}}
    until:
      assert: [{path: $.ETag, equals: e-2}]
      timeout_seconds: 3
"""
WAIT = """
name: wait
actions:
  - name: Arrived
    type: aws_api
    params: {service: s3, wait_for: {waiter: object_exists, delay_seconds: 1}, params: {Bucket: b, Key: k}}
"""


class S3(Clients):
    """S3 that answers each look with the next of these: an error's code, or an ETag; the last one for ever."""

    def __init__(self, *answers: str) -> None:
        super().__init__()
        self._answers = list(answers)
        self.looks = 0

    def get_object(self, **_: Any) -> Any:
        self.looks += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if answer.startswith("e-"):
            return {"ETag": answer, "ResponseMetadata": {"HTTPStatusCode": 200}}
        status = int(answer) if answer.isdigit() else 400
        refusal = {"Error": {"Code": answer, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
        raise ClientError(refusal, "GetObject")

    head_object = get_object


def run(text: str, *answers: str) -> RunResult:
    return World(aws=S3(*answers)).run(text)


def test_a_poll_goes_on_while_there_is_nothing_yet() -> None:
    result = run(READ, "NoSuchKey", "NoSuchKey", "e-1", "e-2")

    assert result.status is RunStatus.PASSED
    assert [each.status for each in result.steps[0].attempts] == [Status.FAILED] * 3 + [Status.PASSED]
    assert "no" in result.steps[0].attempts[0].message


def test_the_last_error_is_told_when_nothing_came() -> None:
    result = run(READ, "NoSuchKey")
    error = result.steps[0].error

    assert (result.status, result.steps[0].status, len(result.steps[0].attempts)) == (
        RunStatus.FAILED,
        Status.FAILED,
        4,
    )
    assert error
    assert error.code == "until_timeout"
    assert error.message == "What is polled for was not there within 3 s (4 attempts): s3 get_object: GetObject: no"
    assert "check the name" in error.hint
    assert result.steps[0].response == {"error": {"code": "NoSuchKey", "message": "no"}}


def test_a_poll_whose_delay_is_no_shorter_than_its_time_says_why_it_looked_once() -> None:
    text = f"{READ}      interval_seconds: 30\n"
    error = run(text, "NoSuchKey").steps[0].error

    assert error
    assert error.message.startswith("What is polled for was not there within 3 s (1 attempt)")
    assert error.hint == (
        "Give until.interval_seconds less than until.timeout_seconds: the second look would be after 30 s."
    )


def test_nothing_is_not_yet_outside_of_a_poll() -> None:
    result = run(READ.partition("    until:")[0], "NoSuchKey", "e-2")

    assert (result.status, len(result.steps[0].attempts)) == (RunStatus.ERROR, 1)


def test_a_poll_ends_at_once_with_a_refusal_that_will_not_change() -> None:
    for code in ("AccessDenied", "InvalidArgument"):
        result = run(READ, code, "e-2")

        assert (result.status, len(result.steps[0].attempts)) == (RunStatus.ERROR, 1)


def test_fail_when_sees_the_error_of_what_is_not_there() -> None:
    text = READ.replace("      timeout", "      fail_when: [{path: $.error.code, equals: NoSuchBucket}]\n      timeout")
    result = run(text, "NoSuchKey", "NoSuchBucket", "e-2")

    assert (result.status, len(result.steps[0].attempts)) == (RunStatus.FAILED, 2)
    assert result.steps[0].error
    assert result.steps[0].error.code == "fail_when"


def test_the_conditions_of_a_poll_do_not_hold_of_an_error() -> None:
    text = READ.replace("{path: $.ETag, equals: e-2}", "{path: $.ETag, exists: false}")

    assert run(text, "NoSuchKey").status is RunStatus.FAILED


def test_an_http_status_that_is_expected_is_polled() -> None:
    text = """
name: read
actions:
  - name: Read
    type: http_call
    params: {url: "https://x.test/orders/1", expected_status: [200, 404]}
    until: {assert: [{path: $.status, equals: 200}]}
"""
    result = World(answer(404), answer(404), answer(200)).run(text)

    assert (result.status, len(result.steps[0].attempts)) == (RunStatus.PASSED, 3)


UNEXPECTED = """
name: read
actions:
  - name: Read
    type: http_call
    params: {url: "https://x.test/orders/1"}
    until: {assert: [{path: $.body.state, equals: done}], timeout_seconds: 1, interval_seconds: 0.5}
"""


def test_an_http_status_that_is_not_expected_is_polled_and_told_when_it_was_the_last() -> None:
    world = World(answer(404), answer(503), answer(200, {"state": "done"}))
    gone, *others = world.run(UNEXPECTED).steps[0].attempts
    assert len(others) == 2
    assert "answered 404 Not Found, expected a status below 400" in gone.message

    (step,) = World(*[answer(404, {"state": "none"})] * 9).run(UNEXPECTED).steps
    assert step.error
    assert "did not hold within 1 s (3 attempts): GET https://x.test/orders/1 answered 404" in step.error.message
    assert [each.message for each in step.assertions if not each.passed] == [
        '$.body.state should equal "done", but is "none"'
    ]


def test_each_look_of_a_waiter_is_an_attempt_and_its_time_is_told() -> None:
    result = run(WAIT, "404", "404", "e-1")
    step = result.steps[0]

    assert (result.status, step.duration_seconds) == (RunStatus.PASSED, 2.0)
    assert [(each.number, each.status, each.delay_seconds) for each in step.attempts] == [
        (1, Status.FAILED, 1.0),
        (2, Status.FAILED, 1.0),
        (3, Status.PASSED, None),
    ]


def test_a_waiter_ends_in_the_time_that_its_action_is_given() -> None:
    result = run(WAIT + "    timeout_seconds: 5\n", "404")
    step = result.steps[0]

    assert (result.status, len(step.attempts), step.duration_seconds) == (RunStatus.FAILED, 5, 4.0)
    assert step.error
    assert step.error.code == "WaiterTimeout"


def test_a_waiter_without_a_time_of_its_own_looks_as_often_as_the_sdk_does() -> None:
    step = run(WAIT, "404").steps[0]

    assert (len(step.attempts), step.duration_seconds) == (20, 19.0)


def test_a_waiter_whose_looks_are_far_apart_takes_a_last_one_before_the_end() -> None:
    slow = WAIT.replace("delay_seconds: 1", "delay_seconds: 20") + "    timeout_seconds: 5\n"

    assert run(slow, "404", "e-1").steps[0].duration_seconds == 4.0


def test_looks_of_a_waiter_are_no_retries() -> None:
    text = WAIT + "    retry: {max_attempts: 2, interval_seconds: 1, jitter: false}\n"
    result = run(text, "404", "404", "404", "ThrottlingException", "e-1")

    assert (result.status, len(result.steps[0].attempts)) == (RunStatus.PASSED, 5)


def test_a_check_that_does_not_hold_once_the_state_is_reached_is_tried_as_often_as_retry_says() -> None:
    retry = "    retry: {max_attempts: 2, interval_seconds: 1, jitter: false, retry_on: [assertion]}\n"
    result = run(WAIT + "    assert: [{path: $.ETag, equals: e-2}]\n" + retry, "404", "e-1")

    assert (result.status, len(result.steps[0].attempts)) == (RunStatus.FAILED, 3)


ITEM = """
name: item
actions:
  - name: Look
    type: dynamodb
    params: {operation: get_item, table: orders, key: {id: a}}
    assert:
      - CHECK
"""


class Table(Clients):
    """A table that has an item from its third look on, or never."""

    def __init__(self, *, at_last: bool) -> None:
        super().__init__()
        self._at_last = at_last
        self._looks = 0

    def get_item(self, **_: Any) -> Any:
        self._looks += 1
        return {"Item": {"id": {"S": "a"}}} if self._at_last and self._looks > 2 else {}


def test_a_poll_for_an_item_ends_when_it_is_there() -> None:
    text = ITEM.replace("    assert:\n      - CHECK", "    until: {assert: [{path: $.item, exists: true}]}")
    result = World(aws=Table(at_last=True)).run(text)

    assert (result.status, len(result.steps[0].attempts)) == (RunStatus.PASSED, 3)


def test_an_item_that_is_not_there_does_not_exist() -> None:
    checks = {
        "{path: $.item, exists: true}": RunStatus.FAILED,
        "{path: $.item, exists: false}": RunStatus.PASSED,
        "{not: {path: $.item, exists: true}}": RunStatus.PASSED,
        "{path: '$[\"item\"]', exists: false}": RunStatus.PASSED,
        "{path: $.item.id, exists: false}": RunStatus.PASSED,
        "{path: $.item, type: 'null'}": RunStatus.PASSED,
        "{path: $.item, not_equals: null}": RunStatus.FAILED,
    }
    for check, status in checks.items():
        assert World(aws=Table(at_last=False)).run(ITEM.replace("CHECK", check)).status is status, check


def test_null_still_equals_an_item_that_is_not_there_with_a_word_about_it() -> None:
    result = World(aws=Table(at_last=False)).run(ITEM.replace("CHECK", "{path: $.item, equals: null}"))
    check = result.steps[0].assertions[0]

    assert (result.status, check.passed) == (RunStatus.PASSED, True)
    assert "`exists: false` says it" in check.message


def test_final_assertions_know_that_too() -> None:
    text = ITEM.partition("    assert:")[0] + "assertions:\n  - {path: $.actions.Look.result.item, exists: false}\n"

    assert World(aws=Table(at_last=False)).run(text).status is RunStatus.PASSED


def test_a_null_of_an_item_exists() -> None:
    class Nulled(Clients):
        def get_item(self, **_: Any) -> Any:
            return {"Item": {"id": {"S": "a"}, "item": {"NULL": True}}}

    result = World(aws=Nulled()).run(ITEM.replace("CHECK", "{path: $.item.item, exists: true}"))

    assert result.status is RunStatus.PASSED


def test_a_last_look_that_is_cut_off_is_the_end_of_the_waiter() -> None:
    class Slow(S3):
        def head_object(self, **_: Any) -> Any:
            self.looks += 1
            if self.looks > 1:
                raise ReadTimeoutError(endpoint_url="https://b.test")
            return super().get_object()

    result = World(aws=Slow("404")).run(WAIT + "    timeout_seconds: 1.5\n")
    first = World(aws=Slow("404")).run(WAIT.replace("delay_seconds: 1", "delay_seconds: 0"))

    assert result.steps[0].error
    assert result.steps[0].error.message == "s3 object_exists: the state was not reached in time (2 attempts)"
    assert first.status is RunStatus.ERROR


def test_an_attempt_ends_with_the_process_that_makes_it() -> None:
    world = World(answer(200))
    world.services = replace(world.services, ends=2.0)

    world.run("name: it\nactions:\n  - {name: Get, type: http_call, params: {url: 'https://x.test'}}\n")

    assert world.http.requests[0].timeout_seconds == 2.0


def test_no_look_follows_a_first_one_that_took_longer_than_the_poll_may() -> None:
    class Slow(S3):
        def get_object(self, **_: Any) -> Any:
            self.looks += 1
            world.clock.sleep(30)
            raise ReadTimeoutError(endpoint_url="https://b.test")

    world = World(aws=Slow("404"))

    assert world.run(READ).status is RunStatus.ERROR
    assert world.clock.monotonic() < 31
