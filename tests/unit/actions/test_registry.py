from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from tests.unit.actions.conftest import ScriptedClient

from awsit.actions.registry import BY_TYPE, dispatch_action
from awsit.errors import ErrorKind
from awsit.model.action.abilities import TellsTraffic
from awsit.model.evidence import Traffic
from awsit.model.text.trace import trace_headers
from awsit.records import replace


def test_an_unknown_type_offers_the_near_ones(bench: Any) -> None:
    error = bench.refused("http_cal", {})
    assert error.kind is ErrorKind.VALIDATION
    assert error.message == "unknown action type 'http_cal'; did you mean `http_call`?"
    assert "lambda_invoke" in error.hint


def test_all_wrong_params_are_told_at_once(bench: Any) -> None:
    error = bench.refused("http_call", {"metod": "GET", "timeout_seconds": "5", "auth": {"basic": {"username": "u"}}})
    assert "`http_call` needs `url`" in error.message
    assert "unknown key `metod`; did you mean `method`?" in error.message
    assert '`timeout_seconds` must be a number, not "5"' in error.message
    assert "`basic` needs `password` (at `auth.basic.password`)" in error.message


def test_a_value_of_a_wrong_type_is_not_shown_in_the_message(bench: Any) -> None:
    error = bench.refused("http_call", {"url": 1, "auth": {"bearer": ["hunter2"]}})
    assert "`url` must be text, not 1" in error.message
    assert "hunter2" not in error.message


def test_params_that_are_no_mapping_are_refused(bench: Any) -> None:
    assert '`wait` must be a mapping, not "5"' in bench.refused("wait", "5").message


@pytest.mark.parametrize(
    ("kind", "params", "message"),
    [
        ("lambda_invoke", {"function": "x\ud83d"}, '`function` must be text that UTF-8 can hold, not "x\\ud83d"'),
        ("aws_api", {"service": "x\ud83d", "operation": "y"}, "unknown service `x\\ud83d`"),
        ("wait", {"seconds": 10**400}, "`seconds` must be a smaller number"),
    ],
)
def test_what_no_params_can_hold_is_refused(bench: Any, kind: str, params: dict[str, object], message: str) -> None:
    assert message in bench.refused(kind, params).message


def test_calls_of_aws_carry_the_trace_of_the_run(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[str] = []
    context = bench.context(trace_headers=trace_headers("1-5759e988-bd862e3fe1be46a994272793", "run-1", 1))

    def traced(header: str) -> AbstractContextManager[None]:
        carried.append(header)
        return nullcontext()

    monkeypatch.setattr(context.aws, "traced", traced)
    bench.client = context.aws.scripted = ScriptedClient(filter_log_events=[{"events": []}] * 2)

    for sent in (context, replace(context, trace_headers={})):
        dispatch_action("logs", {"group": "orders", "since": "2030-01-01T00:00:00Z"}, sent)

    assert carried == [context.trace_headers["X-Amzn-Trace-Id"], ""]


@pytest.mark.parametrize(
    ("kind", "request_", "traffic"),
    [
        (
            "eventbridge",
            {"bus": "shop", "events": [{"source": "orders", "detail_type": "placed", "detail": {"id": 7}}]},
            Traffic(
                (
                    {
                        "EventBusName": "shop",
                        "Source": "orders",
                        "DetailType": "placed",
                        "Detail": '{"id":7}',
                        "Resources": [],
                    },
                )
            ),
        ),
        (
            "aws_api",
            {"service": "events", "operation": "PutEvents", "params": {"Entries": [{"Source": "a"}]}},
            Traffic(({"Source": "a"},)),
        ),
        (
            "aws_api",
            {"service": "sqs", "operation": "receive_message", "params": {"QueueUrl": "https://sqs/1/work"}},
            Traffic(queues=("work",)),
        ),
        ("aws_api", {"service": "sqs", "operation": "list_queues", "params": {}}, Traffic()),
        ("sqs", {"operation": "look", "queue": "arn:aws:sqs:eu-west-1:1:work"}, Traffic(queues=("work",))),
        ("sqs", {"operation": "send", "queue": "work"}, Traffic()),
        ("listen", {"queue": "work"}, Traffic(queues=("work",))),
        ("listen", {"topic": "arn:aws:sns:eu-west-1:1:t"}, Traffic()),
    ],
)
def test_actions_tell_which_events_they_put_and_which_queues_they_read(
    kind: str, request_: Any, traffic: Traffic
) -> None:
    action = BY_TYPE[kind]

    assert isinstance(action, TellsTraffic)
    assert action.traffic(request_) == traffic
