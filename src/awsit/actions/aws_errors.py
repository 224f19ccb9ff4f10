"""Calls of AWS clients, whose errors say what was asked of which resource."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from awsit.errors import ActionError, AwsitError
from awsit.model.ports import Aws


@contextmanager
def calling(aws: Aws, operation: str) -> Iterator[None]:
    """Translate the AWS errors of the block; `operation` names it and its resource, such as `get_item on table orders`.

    Raises ActionError with kind, service code and hint. Errors that are not AWS's pass.
    """
    try:
        yield
    except AwsitError:
        raise
    except Exception as error:
        translated = aws.translate(error)
        if translated is error:
            raise
        raise (_about(translated, operation) if isinstance(translated, ActionError) else translated) from error


def _about(error: ActionError, operation: str) -> ActionError:
    return ActionError(
        f"{operation}: {error.message}",
        kind=error.kind,
        service_code=error.service_code,
        hint=error.hint,
        retry_after_seconds=error.retry_after_seconds,
    )
