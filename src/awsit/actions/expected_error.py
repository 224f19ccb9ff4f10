"""`expect_error`: a call that an AWS service must refuse."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema

from awsit.errors import ActionError
from awsit.model.action.call import ActionResult
from awsit.model.json import Json
from awsit.validation.errors import Finding

ANY = "*"
NOT_REFUSED = "not_refused"
"""The failure code of a call that succeeded where a refusal was expected."""
TYPO = 0.88
"""How similar a code is to the one that it misspells: `InvalidParameterValue` is no misspelt `InvalidParameter`."""
_SUFFIXES = ("Exception", "Fault", "Error")


def _codes(value: Any) -> Any:
    codes = value if isinstance(value, list) else [value]
    if not codes or not all(isinstance(code, str) and code for code in codes):
        raise ValueError("must be the code of an error, a list of them, or `*` for any")
    return value


ExpectedError = Annotated[
    Any,
    AfterValidator(_codes),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    ),
]
EXPECT_ERROR = Field(
    default=None,
    description="The service must refuse the call with this code, such as `ConditionalCheckFailedException`, one of a "
    "list, or `*` for any; the result is the service's error.",
)


def expecting(operation: str, expected: Json, request: Json, call: Callable[[], ActionResult]) -> ActionResult:
    """What a call comes to that must be refused; without `expected`, what it comes to by itself.

    A refusal with an expected code passes, success is a failed check, and another error is raised as ever.
    """
    if expected is None:
        return call()
    try:
        done = call()
    except ActionError as error:
        if error.result is None or not _is_expected(error, expected):
            raise
        return ActionResult(error.result, request=request, effect=error.effect)
    wanted = " or ".join(expected) if isinstance(expected, list) else expected
    failure = f"{operation} was expected to be refused{'' if wanted == ANY else f' with {wanted}'}, but succeeded"
    return ActionResult(done.result, request=request, failure=failure, failure_code=NOT_REFUSED)


def misspelt_codes(service: str, expected: Json) -> Iterator[Finding]:
    """The expected codes that are misspelt ones of the service. Others may exist all the same.

    Models leave out the errors that all services have, and S3 and EC2 nearly all of theirs.
    """
    for index, code in enumerate(expected if isinstance(expected, list) else [expected]):
        if code == ANY or "{{" in code or code in _known_codes(service):
            continue
        by_stem = {_stem(known): known for known in _known_codes(service)}
        typos = difflib.get_close_matches(code, _known_codes(service), n=1, cutoff=TYPO)
        meant = by_stem.get(_stem(code)) or "".join(typos)
        if meant:
            at = ("expect_error", index) if isinstance(expected, list) else ("expect_error",)
            yield Finding(f"{service} has no error `{code}`; did you mean `{meant}`?", at)


def _is_expected(error: ActionError, expected: Json) -> bool:
    codes = expected if isinstance(expected, list) else [expected]
    return not {ANY, error.service_code, _name_in_model(error), str(error.kind)}.isdisjoint(codes)


def _name_in_model(error: ActionError) -> str | None:
    """What the API Reference calls an error whose code is that of an earlier protocol; None where both are one.

    SQS answers `QueueDoesNotExist` with the header `x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender`
    (Smithy specification, "awsQueryCompatible trait"), and botocore takes that for the code.
    """
    response = getattr(error.__cause__, "response", None)
    name: str | None = response.get("Error", {}).get("QueryErrorCode") if isinstance(response, Mapping) else None
    return name


@cache
def _known_codes(service: str) -> frozenset[str]:
    from botocore.model import ServiceModel

    from awsit.service_models import loader

    shapes = ServiceModel(loader().load_service_model(service, "service-2"), service).error_shapes
    codes = (shape.metadata.get("error", {}).get("code") for shape in shapes)  # where the code is not the shape's name
    return frozenset(shape.name for shape in shapes) | frozenset(filter(None, codes))


def _stem(code: str) -> str:
    suffix = next((each for each in _SUFFIXES if code.endswith(each)), "")
    return code.removesuffix(suffix).casefold()
