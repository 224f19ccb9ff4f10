"""The log lines of a command, sent to CloudWatch Logs beside what it does: never at the cost of a run."""

from __future__ import annotations

import logging
import warnings
from typing import Any

from watchtower import CloudWatchLogHandler, WatchtowerWarning

from awsit.model.text.counts import count

MOST_WAITING = 2_000
"""Lines that wait to be sent; those that come while there are more are dropped."""

SEND_SECONDS = 2
CLOSE_SECONDS = 5
"""How long the end of a command waits for its last lines."""


class ShippedLog(logging.Handler):
    """A logging handler whose thread sends lines from INFO on to a stream of an existing log group.

    What cannot be sent is lost: `problem` says why.
    """

    def __init__(self, client: Any, log_group: str, stream: str, formatter: logging.Formatter) -> None:
        """`client` is a client of CloudWatch Logs, for this handler alone."""
        super().__init__(logging.INFO)
        warnings.filterwarnings("ignore", category=WatchtowerWarning)  # `problem` tells it once
        self._log_group = log_group
        self._sender = CloudWatchLogHandler(
            log_group, stream, send_interval=SEND_SECONDS, boto3_client=client, create_log_group=False
        )
        self._sender.FLUSH_TIMEOUT = CLOSE_SECONDS
        self._sender.setFormatter(formatter)
        self._dropped = 0
        self._failure = ""
        client.meta.events.register("after-call.*.PutLogEvents", self._answered)
        client.meta.events.register("after-call-error.*.*", self._failed)

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a line for the thread, unless too many wait there."""
        if sum(queue.qsize() for queue in self._sender.queues.values()) >= MOST_WAITING:
            self._dropped += 1
        else:
            self._sender.handle(record)

    def close(self) -> None:
        """Wait shortly for the last lines to be sent; none is sent afterwards."""
        sender: logging.Handler = self._sender  # whose own method has no types
        sender.close()
        super().close()

    @property
    def problem(self) -> str:
        """Why lines are not in the log group, once it is closed; empty when all are."""
        if self._failure:
            return f"{self._log_group}: {self._failure}"
        if any(queue.unfinished_tasks for queue in self._sender.queues.values()):
            return f"{self._log_group}: no answer within {CLOSE_SECONDS} s"
        return f"{count(self._dropped, 'line')} came too fast to be sent" if self._dropped else ""

    def _answered(self, parsed: dict[str, Any], **_: Any) -> None:
        """Keep the error of an answer; the first one may say only that the stream is still to be made."""
        error = parsed.get("Error", {})
        self._failure = f"{error.get('Code')}: {error.get('Message')}" if error else ""

    def _failed(self, exception: Exception, **_: Any) -> None:
        self._failure = str(exception) or type(exception).__name__
