"""The effect of an attempt, by the status of its answer; and errors that are told to another process."""

from __future__ import annotations

import pickle

import pytest

from awsit.errors import ActionError, AwsitError, Effect, ErrorKind, ExpressionError, InvalidInputError, Problem
from awsit.http.errors import InterruptedResponse
from awsit.model.http import HttpResponse

UNKNOWN = {408, 425, 429, *range(500, 600)}


@pytest.mark.parametrize("status", [*range(200, 209), *range(300, 309), *range(400, 432), *range(500, 512), 599])
def test_a_status_tells_what_was_done(status: int) -> None:
    wanted = Effect.DONE if status < 400 else Effect.UNKNOWN if status in UNKNOWN else Effect.NONE

    assert Effect.of_status(status) is wanted


@pytest.mark.parametrize("kind", ErrorKind)
def test_only_of_params_that_are_wrong_nothing_was_sent_by_default(kind: ErrorKind) -> None:
    assert (ActionError("", kind=kind).effect is Effect.NONE) is (kind is ErrorKind.VALIDATION)


PARTIAL = HttpResponse(200, {}, b"half", "http://api.test/")


@pytest.mark.parametrize(
    "error",
    [
        AwsitError("no", code="none", hint="look"),
        InvalidInputError("no", (Problem("syntax", "is wrong"),)),
        ActionError("no", kind=ErrorKind.TIMEOUT, service_code="408").with_effect(Effect.UNKNOWN),
        ExpressionError("no", offset=3, length=2),
        InterruptedResponse("no", PARTIAL, kind=ErrorKind.TIMEOUT, hint="look"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_is_the_same_in_another_process(error: AwsitError) -> None:
    error.add_note("the traceback")

    copied = pickle.loads(pickle.dumps(error))

    assert (type(copied), str(copied), vars(copied)) == (type(error), "no", vars(error))
