"""The interfaces between the layers: what actions and engine need from outside, and what an action is to the others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from threading import Event
from typing import Any, Protocol

from awsit.model.http import HttpRequest, Repeat, Sending


class Clock(Protocol):
    """Time, and waiting."""

    def now(self) -> datetime:
        """The present in UTC, for records and deadlines."""

    def wall(self) -> datetime:
        """The present in UTC by the machine's own clock, which may be set: for times that a person or service names."""

    def monotonic(self) -> float:
        """Seconds that never go backwards, for durations."""

    def sleep(self, seconds: float) -> None:
        """Wait. Only the local engine and pollers of the CLI call it, never an action."""

    def wait(self, seconds: float, stop: Event) -> None:
        """Wait; return at once when `stop` is set."""


class Randomness(Protocol):
    """Where jitter, IDs and random strings come from."""

    def uniform(self, low: float, high: float) -> float:
        """A number between `low` and `high`."""

    def token(self, length: int) -> str:
        """`length` random lower-case letters and digits."""

    def uuid(self) -> str:
        """A random UUID (RFC 9562, version 4), in lower case."""


class Aws(Protocol):
    """AWS clients and request signing. Only `awsit.aws` has a real one."""

    @property
    def region(self) -> str:
        """The region's name, such as `eu-west-1`. Raises EnvironmentFailure when none is configured."""

    def client(self, service: str) -> Any:
        """A shared botocore client; calls raise botocore's errors, which `awsit.aws` alone translates."""

    def within(self, seconds: float) -> AbstractContextManager[object]:
        """A block whose calls in this thread, with what the SDK repeats, end by this time; inside another: by both."""

    def sent_once(self, note: Callable[[Repeat], None]) -> AbstractContextManager[Sending]:
        """A block in which the SDK repeats no call of this thread that may have been carried out and is not safe to."""

    def traced(self, header: str) -> AbstractContextManager[object]:
        """A block whose calls in this thread carry this `X-Amzn-Trace-Id`; empty for the SDK's own way."""

    def translate(self, error: Exception) -> Exception:
        """A botocore error as an ActionError with kind, service code and hint; any other error as it is."""

    def sign(self, request: HttpRequest, service: str, region: str | None = None) -> HttpRequest:
        """The request with Signature Version 4 headers, for IAM-protected APIs (`execute-api`, `lambda`)."""
