"""Calls of AWS clients, whose errors say what was asked of which resource."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from awsit.errors import ActionError, AwsitError
from awsit.model.ports import Aws


@contextmanager
def calling(aws: Aws, doing: str) -> Iterator[None]:
    """Translate the AWS errors of the block; `doing` names action and resource, such as `get_item on table orders`.

    Raises ActionError with kind, service code and hint. Errors that are not AWS's pass.
    """
    try:
        yield
    except AwsitError:
        raise
    except Exception as error:
        told = aws.translate(error)
        if told is error:
            raise
        raise (_about(told, doing) if isinstance(told, ActionError) else told) from error


def _about(error: ActionError, doing: str) -> ActionError:
    return ActionError(
        f"{doing}: {error.message}",
        kind=error.kind,
        service_code=error.service_code,
        hint=error.hint,
        retry_after_seconds=error.retry_after_seconds,
    )
