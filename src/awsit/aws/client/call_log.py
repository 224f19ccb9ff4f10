"""One log line per AWS call: service, operation, status, request ID, duration. Never a parameter, never a secret."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

LOGGER = logging.getLogger("awsit.aws")
_STARTED = "awsit_started"


def log_calls(client: Any, monotonic: Callable[[], float] = time.monotonic) -> None:
    """Make a botocore client log each call to `awsit.aws` at DEBUG: one line, however often it was retried."""

    def before(context: dict[str, Any], **_: Any) -> None:
        context[_STARTED] = monotonic()

    def after(model: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        metadata = parsed.get("ResponseMetadata", {})
        outcome = str(parsed.get("Error", {}).get("Code") or metadata.get("HTTPStatusCode", ""))
        _log(_name(model), outcome, metadata, elapsed(context))

    def failed(exception: Exception, context: dict[str, Any], event_name: str = "", **_: Any) -> None:
        service, operation = event_name.split(".")[-2:]
        _log((service, operation), type(exception).__name__, {}, elapsed(context))

    def elapsed(context: dict[str, Any]) -> float:
        now = monotonic()
        started: float = context.get(_STARTED, now)
        return (now - started) * 1000

    events = client.meta.events
    events.register("before-call.*.*", before)
    events.register("after-call.*.*", after)
    events.register("after-call-error.*.*", failed)


def _name(model: Any) -> tuple[str, str]:
    return model.service_model.service_name, model.name


def _log(name: tuple[str, str], outcome: str, metadata: dict[str, Any], milliseconds: float) -> None:
    LOGGER.debug(
        "%s.%s %s request_id=%s retries=%s %.0f ms",
        *name,
        outcome,
        metadata.get("RequestId", "-"),
        metadata.get("RetryAttempts", 0),
        milliseconds,
    )
