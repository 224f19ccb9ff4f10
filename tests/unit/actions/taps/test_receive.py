"""What a tap has heard: nothing is lost between looks and steps, nothing comes twice, the closest miss is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from pydantic import ValidationError
from tests.unit.actions.taps.aws import TapAws

from awsit.actions.taps.envelopes import read_message
from awsit.actions.taps.params import ReceiveParams
from awsit.actions.taps.queues import receive
from awsit.actions.taps.tap import Tap
from awsit.errors import ActionError
from awsit.model.action.call import ActionContext
from awsit.model.result import RunResult, RunStatus, Status

BUS = """
name: bus
actions:
  - {name: Orders, type: listen, params: {event_bus: shop, pattern: {source: [orders]}}}
  - {name: Act, type: wait, params: {seconds: 1}}
"""


class Busy(TapAws):
    """Something happens at times: each entry is `(seconds from the start, what)`."""

    def __init__(self, *plan: tuple[float, Callable[[TapAws], None]], **more: Any) -> None:
        super().__init__(**more)
        self._plan = sorted(plan, key=lambda entry: entry[0])

    def receive_message(self, **params: Any) -> Any:
        answer = super().receive_message(**params)
        while self._plan and self._plan[0][0] <= self.clock.monotonic():
            self._plan.pop(0)[1](self)
        return answer


def placed(**detail: Any) -> Callable[[TapAws], None]:
    return lambda aws: aws.happens(**detail)


def run(aws: TapAws, *steps: str) -> RunResult:
    return aws.in_world().run(BUS + "".join(f"  - {step}\n" for step in steps))


def receiving(name: str, keys: str = "", more: str = "") -> str:
    return f"{{name: {name}, type: receive, params: {{from: Orders{keys}}}, keep: x}}".replace(", keep: x", more)


def test_messages_that_came_together_are_received_one_by_one() -> None:
    aws = Busy(*((1, placed(n=number)) for number in range(3)))
    wanted = receiving("Third", ", match: {detail: {n: 2}}", ", assert: [{path: $.first.detail.n, equals: 2}]")
    rest = [
        receiving(name, "", f", assert: [{{path: '$.first.detail.n', equals: {n}}}]")
        for name, n in (("A", 0), ("B", 1))
    ]

    result = run(aws, wanted, *rest, receiving("None", ", count: 0"))

    assert result.status is RunStatus.PASSED, [each.error for each in result.steps]


def test_it_waits_and_tells_how_long() -> None:
    aws = Busy((10, placed(n=1)))

    step = run(aws, receiving("Wait")).steps[2]

    assert step.status is Status.PASSED
    assert 8000 <= step.response["elapsed_ms"] <= 14000
    assert (step.response["heard"], step.response["first"]["detail"]) == (1, {"n": 1})


def test_when_none_matches_the_closest_is_shown_field_by_field() -> None:
    aws = Busy((1, placed(n=1, status="new")), (2, placed(n=7, status="paid", by="ada")))

    step = run(aws, receiving("Wait", ", match: {detail: {n: 7, status: shipped}}, within_seconds: 10")).steps[2]

    assert step.error
    assert step.error.code == "not_received"
    assert step.error.message == "no message came that matches within 10 s; the tap Orders heard 2 messages"
    [check] = step.assertions
    assert (check.name, check.source) == ("the closest message", "actions[2].params.match")
    assert check.message == '$.detail.status: expected "shipped", got "paid"'
    assert 10 <= step.duration_seconds <= 11


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("", "the tap Orders heard 3 messages; an earlier step took 2 messages that match"),
        (", match: {detail: {n: 0}}", "the tap Orders heard 3 messages; an earlier step took 1 message that matches"),
        (", match: {detail: {n: 7}}", "the tap Orders heard 3 messages"),
    ],
)
def test_messages_that_an_earlier_step_took_are_told(keys: str, said: str) -> None:
    aws = Busy(*((1, placed(n=number)) for number in range(3)))
    both, again = receiving("Both", ", count: 2"), receiving("Again", f"{keys}, count: 2, within_seconds: 2")

    step = run(aws, both, again).steps[3]

    assert step.error
    assert step.error.message.partition("within 2 s; ")[2] == said


def test_none_may_come_the_whole_time() -> None:
    quiet, loud = Busy(), Busy((6, placed(n=1)))
    none = receiving("None", ", count: 0", ", during: {seconds: 8}")

    assert run(quiet, none).status is RunStatus.PASSED
    step = run(loud, none).steps[2]
    assert step.error
    assert "1 message came that matches" in step.error.message
    assert step.response["messages"][0]["detail"] == {"n": 1}


def test_some_that_came_are_counted() -> None:
    step = run(Busy((1, placed(n=1))), receiving("Two", ", count: 2, within_seconds: 9")).steps[2]

    assert step.error
    assert step.error.message.startswith("1 of 2 came that matches within 9 s")


def test_a_tap_that_is_not_open_is_told_with_those_that_are() -> None:
    step = run(TapAws(), "{name: R, type: receive, params: {from: \"{{ 'Order' }}\"}}").steps[2]

    assert step.error
    assert "there is no open tap 'Order'; did you mean `Orders`?" in step.error.message


def test_of_a_thousand_deliveries_out_of_order_and_twice_none_is_lost() -> None:
    aws = Busy(*((1 + number / 100, placed(n=number)) for number in range(1000)), copies=2)
    most = receiving("Most", ", count: 990, within_seconds: 200")
    rest = receiving("Rest", ", count: 10, within_seconds: 200")

    result = run(aws, most, rest, receiving("None", ", count: 0", ", during: {seconds: 20}"))

    assert result.status is RunStatus.PASSED, [each.error for each in result.steps]
    assert result.steps[3].response["heard"] == 1000


class Slow(TapAws):
    """Each call takes so long that what was received first comes again before the queue is empty."""

    def receive_message(self, **params: Any) -> Any:
        self.clock.sleep(0.3)
        return super().receive_message(**params)


def test_a_look_ends_before_what_it_heard_comes_again() -> None:
    aws = Slow()
    aws.queues["q"] = []
    for number in range(1000):
        aws.send("q", str(number))
    context = ActionContext("run-1", aws.in_world().http, aws, aws.clock, timeout_seconds=600)
    known: dict[str, Any] = {}

    while aws.queues["q"]:
        began = aws.clock.monotonic()
        known |= receive(Tap("T", "q", "queue"), known, 0, context).messages
        assert aws.clock.monotonic() - began < 10

    assert len(known) == 1000
    assert aws.clock.monotonic() < 120


def test_a_message_that_nobody_foresaw_is_one_like_any_other() -> None:
    aws = TapAws()
    aws.queues["q"] = []
    for body in ('{"MessageId": "x", "Message": {"a": 1}, "MessageAttributes": [7]}', "[]", "null", "{", ""):
        aws.send("q", body)
    context = ActionContext("run-1", aws.in_world().http, aws, aws.clock)

    for kind in ("topic", "queue", "event_bus"):
        assert len(receive(Tap("T", "q", kind), (), 0, context).messages) == 5
        aws.clock.sleep(11)


def test_attributes_may_be_binary() -> None:
    attributes = {
        "raw": {"DataType": "Binary", "BinaryValue": b"\xff"},
        "n": {"DataType": "Number", "StringValue": "7"},
    }
    message = {"MessageId": "m", "Body": "x", "MessageAttributes": attributes}

    assert read_message("queue", message) == (
        "m",
        {"body": "x", "attributes": {"raw": {"$base64": "/w=="}, "n": "7"}},
    )


def test_what_a_call_heard_that_never_came_back_is_heard_again() -> None:
    aws = TapAws()
    aws.queues["q"] = []
    aws.send("q", "{}")
    context = ActionContext("run-1", aws.in_world().http, aws, aws.clock)
    tap = Tap("T", "q", "queue")

    lost = receive(tap, (), 0, context).messages
    aws.clock.sleep(11)
    again = receive(tap, (), 0, context).messages
    aws.clock.sleep(11)

    assert lost.keys() == again.keys() == {"m1-0"}
    assert receive(tap, again, 0, context).messages == {}
    assert aws.queues["q"] == []


class Cut(TapAws):
    """The answer of its first look is lost, though it has taken the messages."""

    is_cut = False

    def receive_message(self, **params: Any) -> Any:
        answer = super().receive_message(**params)
        if self.is_cut:
            return answer
        self.is_cut = True
        raise ConnectionClosedError(endpoint_url="https://sqs.example")


@pytest.mark.parametrize(("seconds", "is_made_again"), [(30, True), (5, False)])
def test_a_look_whose_answer_was_lost_is_made_again_when_its_messages_come_again(
    seconds: float, is_made_again: bool
) -> None:
    aws = Cut()
    aws.queues["q"] = []
    aws.send("q", "{}")
    context = ActionContext("run-1", aws.in_world().http, aws, aws.clock, timeout_seconds=seconds)

    if is_made_again:
        assert len(receive(Tap("T", "q", "queue"), (), 0, context).messages) == 1
    else:
        with pytest.raises(ActionError, match="Connection was closed"):
            receive(Tap("T", "q", "queue"), (), 0, context)


def test_the_queue_of_a_consumer_keeps_its_messages_unless_they_are_taken() -> None:
    for take, left in ((False, 2), (True, 0)):
        aws = TapAws()
        aws.queues["work"] = []
        for text in ('{"order": 7}', "hello"):
            aws.send("work", text)
        text = f"""
name: queue
actions:
  - name: Work
    type: listen
    params: {{queue: "arn:aws:sqs:eu-west-1:123456789012:work", take: {str(take).lower()}}}
  - {{name: Order, type: receive, params: {{from: Work, match: {{body: {{order: 7}}}}}}}}
  - {{name: Other, type: receive, params: {{from: Work, match: {{body: hello}}}}}}
"""
        assert aws.in_world().run(text).status is RunStatus.PASSED
        assert len(aws.queues["work"]) == left


def test_what_a_topic_sends_is_read_out_of_its_envelope() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:mails"
    aws = Busy((3, lambda aws: aws.publish(topic, json.dumps({"to": "ada"}))))
    text = f"""
name: topic
actions:
  - {{name: Mails, type: listen, params: {{topic: "{topic}"}}}}
  - {{name: Mail, type: receive, params: {{from: Mails, match: {{message: {{to: "#string"}}, subject: null}}}}}}
"""
    assert aws.in_world().run(text).status is RunStatus.PASSED


def test_what_is_no_marker_is_refused() -> None:
    with pytest.raises(ValidationError, match="strin"):
        ReceiveParams.model_validate({"from": "T", "match": {"id": "#strin"}})
