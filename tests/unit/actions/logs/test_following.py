"""Taps on log groups: lines come late and in any order, as CloudWatch Logs stores them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pydantic import ValidationError
from tests.unit.actions.services import Clients
from tests.unit.engine.world import World

from awsit.actions.logs.following import LogGroup
from awsit.actions.taps.listen import ACTION
from awsit.actions.taps.params import ListenParams
from awsit.model.action.call import ActionContext
from awsit.model.permissions import AwsLocation
from awsit.model.result import RunResult, RunStatus
from awsit.system.clock import FakeClock

PAGE = 250


@dataclass(frozen=True)
class Line:
    at: float
    stored_at: float
    text: str


class LogsAws(Clients):
    """A log group; `seconds_a_page` pass for each page, and every third page is empty though more follow."""

    def __init__(self, lines: list[Line], seconds_a_page: float = 0.0) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.lines = sorted(enumerate(lines), key=self._order)
        self.seconds_a_page = seconds_a_page
        self.errors: list[str] = []
        self.made_at = 0.0
        self.pages = 0

    def in_world(self) -> World:
        world = World(aws=self)
        self.clock = world.clock
        return world

    def context(self) -> ActionContext:
        return ActionContext("run-1", self.in_world().http, self, self.clock)

    def filter_log_events(self, *, startTime: int, nextToken: str = "", **more: Any) -> Any:  # noqa: N803
        self.clock.sleep(self.seconds_a_page)
        self.pages += 1
        if self.clock.monotonic() < self.made_at:
            raise self._error("ResourceNotFoundException")
        if self.errors:
            raise self._error(self.errors.pop(0))
        found = [each for each in self.lines if self._is_found(each[1], startTime)]
        after = [each for each in found if not nextToken or self._order(each) > tuple(map(float, nextToken.split("/")))]
        page = [] if self.pages % 3 == 0 and len(after) > PAGE else after[: min(PAGE, more.get("limit", PAGE))]
        last = self._order(page[-1]) if page else tuple(map(float, (nextToken or "0/-1").split("/")))
        token = {"nextToken": f"{last[0]}/{last[1]}"} if len(after) > len(page) else {}
        return {"events": [self._event(*each) for each in page], **token, **self._metadata()}

    def _is_found(self, line: Line, start: int) -> bool:
        return line.stored_at <= self.clock.monotonic() and self._time(line.at) >= start

    def _order(self, numbered: tuple[int, Line]) -> tuple[float, float]:
        return numbered[1].at, numbered[0]

    def _event(self, number: int, line: Line) -> Any:
        return {"eventId": str(number), "timestamp": self._time(line.at), "message": line.text, "logStreamName": "s"}

    def _time(self, at: float) -> int:
        return int(1000 * (datetime(2030, 1, 1, tzinfo=UTC).timestamp() + at))

    def _metadata(self) -> Any:
        date = self.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT")
        return {"ResponseMetadata": {"HTTPStatusCode": 400, "HTTPHeaders": {"date": date}}}

    def _error(self, code: str) -> ClientError:
        return ClientError({"Error": {"Code": code, "Message": "no"}, **self._metadata()}, "FilterLogEvents")


def run(aws: LogsAws, *steps: str) -> RunResult:
    tap = "{name: Lines, type: listen, params: {log_group: orders}}"
    text = "".join(f"  - {step}\n" for step in (tap, *steps))
    return aws.in_world().run(f"name: lines\ntimeout_seconds: 5000\nactions:\n{text}")


@pytest.mark.parametrize("seconds_a_page", [0.0, 2.1])
def test_of_1000_lines_that_come_late_and_in_any_order_none_is_lost_or_comes_twice(seconds_a_page: float) -> None:
    chance = random.Random(7)
    written = [(chance.uniform(5, 30), chance.choice([0.1, 2, 10, 40])) for _ in range(1000)]
    lines = [Line(at, at + late, f'{{"n": {number}}}') for number, (at, late) in enumerate(written)]
    aws = LogsAws([Line(0.5, 0.6, "before"), *lines], seconds_a_page)

    some = "{name: Some, type: receive, params: {from: Lines, count: 400, within_seconds: 1000}}"
    others = "{name: Others, type: receive, params: {from: Lines, count: 600, within_seconds: 1000}, assert: [%s]}"
    none = "{name: None, type: receive, params: {from: Lines, count: 0}}"
    result = run(aws, some, others % "{path: $.heard, equals: 1000}", none)

    assert result.status is RunStatus.PASSED, [(each.error, each.assertions) for each in result.steps]


def test_a_line_that_was_written_before_is_not_heard_however_late_it_comes() -> None:
    aws = LogsAws([Line(0.2, 9, "before"), Line(4, 5, "after")])

    step = run(aws, "{name: R, type: receive, params: {from: Lines, count: 2, within_seconds: 20}}").steps[1]

    assert step.error
    assert step.error.message == "1 of 2 came that matches within 20 s; the tap Lines heard 1 message"
    assert [each["message"] for each in step.response["messages"]] == ["after"]


def test_a_group_that_is_not_there_yet_is_heard_when_it_comes() -> None:
    aws = LogsAws([Line(6, 6, "first")])
    aws.made_at = 6

    assert run(aws, "{name: R, type: receive, params: {from: Lines}}").status is RunStatus.PASSED


def test_a_group_that_is_never_there_is_told() -> None:
    aws = LogsAws([])
    aws.made_at = 1000

    step = run(aws, "{name: R, type: receive, params: {from: Lines, within_seconds: 3}}").steps[1]

    assert step.error
    assert step.error.message == (
        "no message came that matches within 3 s; the tap Lines heard 0 messages, and the log group orders is not there"
    )


def test_a_look_that_is_throttled_or_whose_token_is_refused_goes_on_later() -> None:
    aws = LogsAws([Line(5, 5, str(number)) for number in range(100)])
    group = LogGroup("orders", None, aws.context())
    position = group.begin()
    aws.clock.sleep(10)

    heard: dict[str, Any] = {}
    for code in ("ThrottlingException", "", "ThrottlingException", ""):
        aws.errors = [code] if code else []
        found, position = group.hear(position)
        heard |= found
    aws.errors = ["InvalidParameterException"]
    found, position = group.hear({**position, "token": "5.0/3", "began": 1})

    assert len(heard | found) == 100
    assert position["token"] is None


def test_that_none_came_is_not_known_while_looks_are_throttled() -> None:
    class Throttled(LogsAws):
        def filter_log_events(self, **given: Any) -> Any:
            self.errors = ["ThrottlingException"] if self.pages else []
            return super().filter_log_events(**given)

    result = run(Throttled([]), "{name: R, type: receive, params: {from: Lines, count: 0}}")

    error = result.steps[-1].error
    assert error
    assert (result.status, error.code) == (RunStatus.ERROR, "throttling")


@pytest.mark.parametrize(
    ("code", "kind"), [("AccessDeniedException", "access_denied"), ("InvalidParameterException", "validation")]
)
def test_what_is_refused_is_an_error_at_once(code: str, kind: str) -> None:
    aws = LogsAws([])
    aws.errors = [code]

    result = run(aws, "{name: R, type: receive, params: {from: Lines}}")

    assert result.status is RunStatus.ERROR
    assert result.error
    assert (result.error.code, result.error.message) == (kind, "Lines: listen to log group orders: FilterLogEvents: no")
    assert result.cleanup.steps == ()


def test_reading_lines_is_allowed_on_the_group_alone() -> None:
    here = AwsLocation.of("eu-central-1", "123456789012")

    [needed] = ACTION.permissions({"log_group": "/aws/lambda/orders"}, here).permissions

    assert needed.action == "logs:FilterLogEvents"
    assert needed.resource == "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/orders:*"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"pattern": {"source": ["a"]}}, "the `pattern` of `log_group` is a text: a filter pattern"),
        ({"match": {"a": 1}}, "`match` goes with `stream`, not with `log_group`"),
        ({"event_bus": "b", "log_group": None, "pattern": "ERROR"}, "the `pattern` of `event_bus` is a mapping"),
    ],
)
def test_what_does_not_go_with_a_log_group_is_refused(more: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        ListenParams.model_validate({"log_group": "orders", **more})
