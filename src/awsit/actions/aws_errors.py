"""Calls of AWS clients, whose errors say what was asked of which resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from awsit.errors import ActionError, AwsitError, Effect, ErrorKind
from awsit.model.json import Json
from awsit.model.ports import Aws, Clock


def _only_error(_: Any) -> dict[str, Json]:
    return {}


@contextmanager
def calling(
    aws: Aws, operation: str, details: Callable[[Mapping[str, Any]], dict[str, Json]] = _only_error
) -> Iterator[None]:
    """Translate the AWS errors of the block; `operation` names it and its resource, such as `get_item on table orders`.

    Raises ActionError with kind, service code and hint. Its result is the service's error, `{error: {code, message}}`,
    with what `details` makes of the rest of the response. So is an answer that lacks a member which the block reads.
    Other errors that are not AWS's pass.
    """
    try:
        yield
    except AwsitError:
        raise
    except KeyError as error:
        raise incomplete(f"{operation}: the answer has no {error.args[0]!r}") from error
    except Exception as error:
        translated = aws.translate(error)
        if translated is error:
            raise
        if isinstance(translated, ActionError):
            translated = _about(translated, operation)
            translated.result = _refusal(error, details)
        raise translated from error


def incomplete(message: str) -> ActionError:
    """The error for an answer with status 200 that does not say what the service's answers say."""
    hint = "this is no answer of the service: check AWS_ENDPOINT_URL, the proxy, or what else answered in its place"
    return ActionError(message, kind=ErrorKind.SERVICE, hint=hint).with_effect(Effect.UNKNOWN)


def more_than_a_look(what: str) -> ActionError:
    """That there is more in a queue, stream or log group than a look has the time to read."""
    return ActionError(f"{what} holds more than could be read in time", kind=ErrorKind.TIMEOUT)


def answered_at(answer: Mapping[str, Any], clock: Clock) -> datetime:
    """When a service answered, by its own clock, in whole seconds; by this one where it does not say.

    The header `Date` is in UTC (RFC 9110, section 5.6.7); what a proxy put there may be no time.
    """
    from email.utils import parsedate_to_datetime  # slow to import

    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        moment = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return clock.wall()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_timeout(aws: Aws, error: Exception) -> bool:
    """Whether an AWS call ended because its time was over."""
    translated = aws.translate(error)
    return isinstance(translated, ActionError) and translated.kind is ErrorKind.TIMEOUT


def _about(error: ActionError, operation: str) -> ActionError:
    about = ActionError(
        f"{operation}: {error.message}",
        kind=error.kind,
        service_code=error.service_code,
        hint=error.hint,
        retry_after_seconds=error.retry_after_seconds,
    )
    about.code = error.code
    return about.with_effect(error.effect)


def _refusal(error: Exception, details: Callable[[Mapping[str, Any]], dict[str, Json]]) -> Json:
    """The error as the service gave it; None when no service answered."""
    response: Json = getattr(error, "response", None)
    if not isinstance(response, Mapping):
        return None
    given = response.get("Error", {})
    rest = {name: value for name, value in response.items() if name not in {"Error", "ResponseMetadata"}}
    return {"error": {"code": given.get("Code", ""), "message": given.get("Message", "")}, **details(rest)}
