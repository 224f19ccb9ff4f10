"""`lambda_invoke`: call a function directly."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from awsit.actions.arns import arn_pattern
from awsit.actions.aws_errors import calling
from awsit.actions.params import Params
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.expressions.values import as_text
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json, dumps, loads
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions
from awsit.patterns import lazy_pattern

_TYPES = {"sync": "RequestResponse", "event": "Event"}
_PARTIAL_ARN = lazy_pattern(r"(?P<account>\d{12}):function:(?P<name>.+)")
# The last line of a log in text format, or the record `platform.report` of one in JSON format:
# "Configuring JSON and plain text log formats" in the Lambda Developer Guide.
_DURATION = lazy_pattern(r'^REPORT .*?\sDuration: (\d+(?:\.\d+)?) ms|"durationMs":\s*(\d+(?:\.\d+)?)', re.MULTILINE)
_BILLED = lazy_pattern(
    r'^REPORT .*?\sBilled Duration: (\d+(?:\.\d+)?) ms|"billedDurationMs":\s*(\d+(?:\.\d+)?)', re.MULTILINE
)


class LambdaInvokeParams(Params):
    """Params of `lambda_invoke`."""

    function: str = Field(
        min_length=1, description="Name, ARN or partial ARN (`ACCOUNT:function:NAME`) of the function."
    )
    payload: Any = Field(default_factory=dict, description="The event: any JSON value.")
    invocation_type: Literal["sync", "event"] = Field(
        default="sync", description="`sync` waits for the answer; `event` only hands the event over."
    )
    qualifier: str | None = Field(default=None, min_length=1, description="Version or alias.")
    expect_function_error: bool = Field(
        default=False, description="True: the function must report an error. False: an error of the function fails."
    )
    idempotent: bool = Field(
        default=False,
        description="The function may be invoked twice with this payload: lets a run go on after a lost answer.",
    )

    @model_validator(mode="after")
    def _has_an_answer(self) -> Self:
        if self.expect_function_error and self.invocation_type == "event":
            raise ValueError("`expect_function_error` needs an answer: use `invocation_type: sync`")
        return self


class LambdaInvokeAction:
    """Invoke a function; an error that the function reports is a failed check."""

    type = "lambda_invoke"
    params_model = LambdaInvokeParams
    resource_kind = "function"
    not_found_means_gone = True
    carries_trace = True

    def execute(self, params: LambdaInvokeParams, context_data: ActionContext) -> ActionResult:
        """Invoke it once.

        Result: `{status, payload, function_error, log_tail, duration_ms, billed_duration_ms, executed_version}`.
        `log_tail` is the end of the log (at most 4 KB, `sync` only), `duration_ms` what its last line reports; both
        are null when they are not known. Raises ActionError when the function could not be invoked.
        """
        request = params.model_dump(exclude={"idempotent", "expect_function_error"}, exclude_none=True)
        with calling(context_data.aws, f"invoke function {params.function}"):
            response = context_data.aws.client("lambda").invoke(**_request(params))
            content = response["Payload"].read()
        result = _result(response, content)
        failure = _failure(params, result)
        return ActionResult(
            result,
            request=request,
            failure=failure,
            failure_code=_code(result) if failure else "",
            effect=Effect.DONE if result["function_error"] is None else Effect.UNKNOWN,
        )

    def is_safe_to_repeat(self, params: LambdaInvokeParams) -> bool:
        """Whether the scenario says so: only it can know what the function does."""
        return params.idempotent

    def only_reads(self, _params: LambdaInvokeParams) -> bool:
        """Never, as far as can be known: a function may do anything."""
        return False

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """The permission to invoke this function, or this version or alias of it."""
        arn = function_arn(str(params.get("function", ANY)), str(params.get("qualifier") or ""), location)
        return RequiredPermissions((Permission("lambda:InvokeFunction", arn),))

    def summary(self, params: PlannedParams) -> Summary:
        """The function with its qualifier, and whether it is only handed an event."""
        name = as_text(params.get("function"))
        qualifier = f":{as_text(params['qualifier'])}" if params.get("qualifier") else ""
        event = " (event)" if params.get("invocation_type") == "event" else ""
        return Summary(f"invoke {name}{qualifier}{event}", name)


ACTION = LambdaInvokeAction()


def function_arn(name: str, qualifier: str, location: AwsLocation) -> str:
    """The ARN of a function, and of its version or alias, from any of the forms that Lambda takes."""
    known = arn_pattern(name)
    partial = _PARTIAL_ARN.fullmatch(known)
    if partial:
        known = f"arn:{location.partition}:lambda:{location.region}:{partial['account']}:function:{partial['name']}"
    elif not known.startswith("arn:"):
        known = location.arn("lambda", f"function:{known}")
    return f"{known}:{arn_pattern(qualifier)}" if qualifier else known


def _request(params: LambdaInvokeParams) -> dict[str, Any]:
    try:
        payload = dumps(params.payload).encode()
    except (TypeError, ValueError) as error:
        raise ActionError(
            f"`payload` cannot be written as JSON: {error}",
            kind=ErrorKind.VALIDATION,
            hint="use text, numbers, lists and mappings",
        ) from error
    request = {
        "FunctionName": params.function,
        "InvocationType": _TYPES[params.invocation_type],
        "Payload": payload,
    }
    if params.invocation_type == "sync":
        request["LogType"] = "Tail"
    if params.qualifier is not None:
        request["Qualifier"] = params.qualifier
    return request


def _result(response: Mapping[str, Any], content: bytes) -> dict[str, Json]:
    log = response.get("LogResult")
    tail = base64.b64decode(log).decode(errors="replace") if log else None
    return {
        "status": response["StatusCode"],
        "payload": _payload(content),
        "function_error": response.get("FunctionError"),
        "log_tail": tail,
        "duration_ms": _reported(_DURATION, tail),
        "billed_duration_ms": _reported(_BILLED, tail),
        "executed_version": response.get("ExecutedVersion"),
    }


def _payload(content: bytes) -> Json:
    text = content.decode(errors="surrogateescape")
    if not text:
        return None
    try:
        return loads(text)
    except ValueError:
        return text


def _reported(pattern: re.Pattern[str], tail: str | None) -> Json:
    numbers = pattern.findall(tail or "")
    if not numbers:
        return None
    number = Decimal("".join(numbers[-1]))
    return int(number) if number == number.to_integral_value() else number


def _failure(params: LambdaInvokeParams, result: Mapping[str, Json]) -> str | None:
    if result["function_error"] is None:
        return f"function {params.function} was expected to report an error" if params.expect_function_error else None
    if params.expect_function_error:
        return None
    return f"function {params.function} reported an error: {_reason(result['payload'])}"


def _reason(payload: Json) -> str:
    if not isinstance(payload, Mapping):
        return str(payload)
    reason = ": ".join(str(payload[key]) for key in ("errorType", "errorMessage") if payload.get(key))
    return reason or dumps(payload)


def _code(result: Mapping[str, Json]) -> str:
    payload = result["payload"]
    kind = payload.get("errorType") if isinstance(payload, Mapping) else None
    return str(kind or result["function_error"] or "")
