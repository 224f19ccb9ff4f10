import asyncio
import json
import subprocess
import sys

import pytest

from awsit.sandbox.conditions import MODULES
from awsit.sandbox.emulator import answering_as_routes_say, explained

REPLACED = {
    "ministack.services.apigateway": ["_invoke_ws_lambda"],
    "ministack.app": [
        "_EXECUTE_API_RE",
        "_LAMBDA_URL_RE",
        "_enforce_data_plane",
        "access_denied_response",
        "pin_request_origin",
        "pin_signed_request",
    ],
    "ministack.services.lambda_svc": ["_throttle_response", "execution_credentials"],
    "ministack.services.apigateway_v1": ["_OPENAPI_HTTP_METHODS"],
    "ministack.services.stepfunctions": ["_run_map_items", "_run_sub_machine", "_start_sync_execution"],
    **{f"ministack.services.cloudformation.{name}": ["_evaluate_conditions"] for name in MODULES if name != "engine"},
}
ASKED = {
    "ministack.app": ["SERVICE_REGISTRY", "SERVICE_NAME_ALIASES", "_extract_s3_vhost_bucket", "app", "main"],
    "ministack.core.iam_actions": ["access_denied_response", "identity_denial_message", "unsigned_operations"],
    "ministack.core.iam_evaluator": [
        "ResolvedCredential",
        "SignedRequest",
        "_sigv2_check",
        "find_iam_access_key_account",
        "resolve_credential",
    ],
    "ministack.core.responses": ["_account_from_sts_session", "get_account_id"],
    "ministack.core.router": ["extract_access_key_id"],
    "ministack.core.sigv4": [
        "decode_header_value",
        "header_signature_failure",
        "parse_header_signature",
        "parse_query_signature",
    ],
    "ministack.services.sts": ["_sessions"],
    "ministack.services.cloudformation.engine": ["_evaluate_conditions", "_resolve_refs"],
    "ministack.services.appsync": ["_apis"],
    "ministack.services.appsync_events": ["_apis"],
    "ministack.services.cognito": ["_user_pools"],
    "ministack.services.lambda_svc": ["resolve_function_url"],
    "ministack.services.apigateway": ["find_api_scope"],
    "ministack.services.apigateway_v1": [
        "find_api_scope",
        "resolve_base_path_mapping",
        "_import_rest_api",
        "_resources",
        "_create_model",
        "_create_request_validator",
        "_put_gateway_response",
        "_put_method_response",
        "_put_integration",
        "_put_integration_response",
    ],
    "ministack.services.cloudformation.provisioners": ["_RESOURCE_HANDLERS"],
    "ministack.core.lambda_runtime": ["execution_credentials"],
    "ministack.services.stepfunctions": [
        "_ExecutionError",
        "_describe_execution",
        "_executions",
        "_map_runs",
        "_resolve_path_or_ctx",
        "_start_execution",
        "_state_machines",
        "_stop_execution",
    ],
}
"""The names of the emulator that awsit puts something else in the place of, and those that it uses, by module."""

MISSING = """
import importlib, json, sys
replaced, asked = map(json.loads, sys.argv[1:])
missing = []
def read(code):
    inner = (each for each in code.co_consts if hasattr(each, "co_names"))
    return set(code.co_names).union(*map(read, inner))
for module, names in replaced.items():
    values = vars(importlib.import_module(module)).values()
    used = set().union(*(read(value.__code__) for value in values if hasattr(value, "__code__")))
    missing += {f"{module}.{name}" for name in names if name not in used}
for module, names in asked.items():
    missing += {f"{module}.{name}" for name in names if not hasattr(importlib.import_module(module), name)}
print(json.dumps(missing))
"""
"""Prints the names that nothing in their module reads, or that it lacks; in a process of its own."""


def test_the_pinned_emulator_has_the_names_that_awsit_relies_on():
    done = subprocess.run(
        [sys.executable, "-c", MISSING, json.dumps(REPLACED), json.dumps(ASKED)],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )

    assert json.loads(done.stdout.splitlines()[-1]) == [], "look at awsit.sandbox.emulator: ministack has moved"


def throttle(reason_code, msg, retry_after=1):
    body = {"message": msg, "Reason": reason_code, "retryAfterSeconds": str(retry_after)}
    return {"throttle": True, "body": body, "error": True}


@pytest.mark.parametrize(
    ("route", "event_type", "status", "is_told"),
    [
        ({}, "MESSAGE", 200, False),
        ({"routeResponseSelectionExpression": "$default"}, "MESSAGE", 200, True),
        ({}, "MESSAGE", 500, True),
        ({}, "CONNECT", 200, True),
    ],
)
def test_a_route_of_a_websocket_answers_if_it_has_responses(route, event_type, status, is_told):
    async def invoke(*_arguments, authorizer):
        return {"statusCode": status, "body": authorizer}

    call = answering_as_routes_say(invoke)
    answer = asyncio.run(call("api", "1", "eu-west-1", route, {}, "c", event_type, "m", authorizer="a"))

    assert answer == ({"statusCode": status, "body": "a"} if is_told else None)


def test_a_call_over_the_sandbox_s_own_limit_learns_the_setting():
    answer = explained(throttle)(reason_code="R", msg="Rate Exceeded: account concurrency cap 2 reached")

    assert answer["body"]["message"].startswith("Rate Exceeded: account concurrency cap 2 reached; ")
    assert "`sandbox_concurrency` in awsit.toml" in answer["body"]["message"]


def test_a_limit_of_the_function_itself_is_as_on_aws():
    answer = explained(throttle)(reason_code="R", msg="Rate Exceeded: function f", retry_after=2)

    assert answer["body"]["message"] == "Rate Exceeded: function f"
    assert (answer["body"]["Reason"], answer["body"]["retryAfterSeconds"]) == ("R", "2")


def test_a_task_that_is_throttled_has_the_error_that_state_machines_retry():
    assert explained(throttle)(reason_code="R", msg="m")["body"]["errorType"] == "Lambda.TooManyRequestsException"
