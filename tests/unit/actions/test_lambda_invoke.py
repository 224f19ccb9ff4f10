import base64
import io
from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.model.action.protocol import Summary
from awsit.model.json import dumps, loads
from awsit.model.permissions import AwsLocation, Permission

REPORT = (
    "START RequestId: 1 Version: $LATEST\nhello\nEND RequestId: 1\n"
    "REPORT RequestId: 1\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tInit Duration: 99.9 ms\n"
)
JSON_REPORT = '{"type":"platform.report","record":{"metrics":{"durationMs":12.34,"billedDurationMs":13}}}\n'


def answer(payload: Any, *, error: str | None = None, log: str = REPORT) -> dict[str, Any]:
    content = payload if isinstance(payload, bytes) else dumps(payload).encode()
    response = {
        "StatusCode": 200,
        "Payload": io.BytesIO(content),
        "LogResult": base64.b64encode(log.encode()).decode(),
        "ExecutedVersion": "7",
    }
    return response | ({"FunctionError": error} if error else {})


def test_an_answer_comes_back_with_its_log_and_durations(bench: Any) -> None:
    bench.script(invoke=[answer({"total": Decimal("29.970")})])
    params = {"function": "price", "payload": {"price": Decimal("9.990")}, "qualifier": "live"}
    done = bench.run("lambda_invoke", params)
    assert bench.client.calls == [
        (
            "invoke",
            {
                "FunctionName": "price",
                "InvocationType": "RequestResponse",
                "Payload": b'{"price":9.990}',
                "LogType": "Tail",
                "Qualifier": "live",
            },
        )
    ]
    assert dumps(done.result["payload"]) == '{"total":29.970}'
    assert done.failure is None
    assert done.result | {"payload": None} == {
        "status": 200,
        "payload": None,
        "function_error": None,
        "log_tail": REPORT,
        "duration_ms": Decimal("12.34"),
        "billed_duration_ms": 13,
        "executed_version": "7",
    }


def test_durations_are_found_in_a_log_in_json(bench: Any) -> None:
    bench.script(invoke=[answer(None, log=JSON_REPORT)])
    result = bench.run("lambda_invoke", {"function": "price"}).result
    assert (result["duration_ms"], result["billed_duration_ms"]) == (Decimal("12.34"), 13)


def test_an_event_is_only_handed_over(bench: Any) -> None:
    bench.script(invoke=[{"StatusCode": 202, "Payload": io.BytesIO(b"")}])
    done = bench.run("lambda_invoke", {"function": "price", "invocation_type": "event"})
    assert bench.client.calls[0][1] == {"FunctionName": "price", "InvocationType": "Event", "Payload": b"{}"}
    assert (done.result["status"], done.result["payload"], done.result["log_tail"]) == (202, None, None)


def test_an_error_of_the_function_fails_the_action(bench: Any) -> None:
    bench.script(invoke=[answer({"errorType": "KeyError", "errorMessage": "'product'"}, error="Unhandled")])
    done = bench.run("lambda_invoke", {"function": "price"})
    assert done.failure == "function price reported an error: KeyError: 'product'"
    assert done.failure_code == "KeyError"
    assert done.result["function_error"] == "Unhandled"


def test_an_error_without_a_type_is_shown_whole(bench: Any) -> None:
    bench.script(invoke=[answer({"reason": "none"}, error="Handled"), answer(b"gone", error="Handled")])
    done = [bench.run("lambda_invoke", {"function": "price"}) for _ in range(2)]
    assert [each.failure for each in done] == [
        'function price reported an error: {"reason":"none"}',
        "function price reported an error: gone",
    ]
    assert done[0].failure_code == "Handled"


def test_an_expected_error_passes_and_its_absence_fails(bench: Any) -> None:
    bench.script(invoke=[answer({"errorType": "KeyError"}, error="Unhandled"), answer({})])
    params = {"function": "price", "expect_function_error": True}
    assert bench.run("lambda_invoke", params).failure is None
    assert bench.run("lambda_invoke", params).failure == "function price was expected to report an error"


def test_a_refused_invocation_names_the_function(bench: Any, errors: Any) -> None:
    bench.script(invoke=[errors.service("ResourceNotFoundException", "no such function")])
    error = bench.refused("lambda_invoke", {"function": "price"})
    assert error.message == "invoke function price: no such function"
    assert (error.service_code, error.hint) == ("ResourceNotFoundException", "look there")


def test_an_event_cannot_be_expected_to_report_an_error(bench: Any) -> None:
    params = {"function": "price", "invocation_type": "event", "expect_function_error": True}
    assert "needs an answer" in bench.refused("lambda_invoke", params).message


@pytest.mark.parametrize("idempotent", [True, False])
def test_only_the_scenario_knows_whether_it_is_safe_to_repeat(idempotent: bool) -> None:
    action = BY_TYPE["lambda_invoke"]
    params = action.params_model.model_validate(loads(dumps({"function": "price", "idempotent": idempotent})))
    assert action.is_safe_to_repeat(params) is idempotent


@pytest.mark.parametrize(
    ("function", "qualifier", "resource"),
    [
        ("worker", None, "arn:aws:lambda:eu-west-1:*:function:worker"),
        ("worker", "live", "arn:aws:lambda:eu-west-1:*:function:worker:live"),
        ("123456789012:function:worker", None, "arn:aws:lambda:eu-west-1:123456789012:function:worker"),
        ("{{ stack('orders').Worker }}", None, "arn:aws:lambda:eu-west-1:*:function:*"),
    ],
)
def test_the_permission_is_for_the_function_in_any_of_its_forms(
    function: str, qualifier: str | None, resource: str
) -> None:
    params = {"function": function, **({"qualifier": qualifier} if qualifier else {})}
    required = BY_TYPE["lambda_invoke"].permissions(params, AwsLocation.of("eu-west-1"))
    assert required.permissions == (Permission("lambda:InvokeFunction", resource),)


def test_the_summary_names_function_and_qualifier() -> None:
    action = BY_TYPE["lambda_invoke"]
    assert action.summary({"function": "worker"}) == Summary("invoke worker", "worker")
    summary = action.summary({"function": "worker", "qualifier": "live", "invocation_type": "event"})
    assert summary == Summary("invoke worker:live (event)", "worker")
