"""What the engine and the actions need from the outside world. Real ones and fakes are made in the layers above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Any, Protocol, runtime_checkable

from awsit.model.json import Json


class Clock(Protocol):
    """Time, and waiting."""

    def now(self) -> datetime:
        """The present, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never go backwards, for durations."""

    def sleep(self, seconds: float) -> None:
        """Wait. Only the local engine and pollers of the CLI call it, never an action."""

    def wait(self, seconds: float, stop: Event) -> None:
        """Wait, but not after `stop` is set."""


class Randomness(Protocol):
    """Where jitter, IDs and random strings come from."""

    def uniform(self, low: float, high: float) -> float:
        """A number between `low` and `high`."""

    def token(self, length: int) -> str:
        """`length` random lower-case letters and digits."""

    def uuid(self) -> str:
        """A random UUID (RFC 9562, version 4), in lower case."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP request, ready to send. `url` includes the query; timeouts in seconds; `verify` may name a CA file."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout_seconds: float = 30.0
    connect_timeout_seconds: float = 5.0
    follow_redirects: bool = True
    max_redirects: int = 5
    verify: bool | str = True
    max_response_bytes: int = 6 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One HTTP response, read whole. Header names in lower case; several of one name joined by `, `."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    elapsed_seconds: float = 0.0


class HttpTransport(Protocol):
    """Sends requests over pooled connections."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send; raise ActionError of kind timeout, connection or validation. A status of any class is a response."""


class Aws(Protocol):
    """AWS clients and request signing. Only `awsit.aws` has a real one."""

    @property
    def region(self) -> str:
        """The region's name, such as `eu-west-1`. Raises EnvironmentFailure when none is configured."""

    def client(self, service: str) -> Any:
        """A shared botocore client; calls raise botocore's errors, which `awsit.aws` alone translates."""

    def translate(self, error: Exception) -> Exception:
        """A botocore error as an ActionError with kind, service code and hint; any other error as it is."""

    def sign(self, request: HttpRequest, service: str, region: str | None = None) -> HttpRequest:
        """The request with Signature Version 4 headers, for IAM-protected APIs (`execute-api`, `lambda`)."""


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What an action may use. `timeout_seconds` bounds this attempt; `attempt` counts from 1."""

    run_id: str
    http: HttpTransport
    aws: Aws
    clock: Clock
    timeout_seconds: float = 30.0
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action brought back.

    `result` is what the action's paths see. `request` and `response` are shown in reports (`response` defaults to
    `result`). `failure` is set when the action's own check did not hold (an unexpected HTTP status); `failure_code` is
    what `retry_on` may name (`503`). `resume_after_seconds` asks to be called again after a wait, with
    `resume=True` in mind: only the `wait` action uses it.
    """

    result: Json
    request: Json = None
    response: Json = None
    failure: str | None = None
    failure_code: str = ""
    retry_after_seconds: float | None = None
    resume_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Compensation:
    """The action that takes back another one, found before that one is carried out. `params` hold no templates."""

    type: str
    params: Json


class Action(Protocol):
    """One type of action. `params_model` is a pydantic model: it checks a scenario's params and the rendered ones."""

    type: str
    params_model: Any

    def execute(self, params: Any, context_data: ActionContext) -> ActionResult:
        """Do it once; `params` is a `params_model`. Raises ActionError when it could not be carried out."""

    def is_safe_to_repeat(self, params: Any) -> bool:
        """Whether doing it twice leaves the same state as doing it once (a read, a PUT, a DELETE)."""


@runtime_checkable
class Compensable(Protocol):
    """An action that knows its inverse: what `auto_cleanup` and `restore` of a scenario ask for."""

    def inverse(self, params: Any, context_data: ActionContext) -> tuple[Compensation, ...]:
        """What puts everything back as it is now; reads whatever the action would replace, and changes nothing.

        Raises ActionError when that cannot be known; of kind validation for an operation without an inverse.
        """


class SecretSource(Protocol):
    """`secret(id)` and `parameter(name)` of templates, resolved where the step runs."""

    def secret(self, secret_id: str) -> Json:
        """The secret's value: parsed when it is a JSON object, else text."""

    def parameter(self, name: str) -> str:
        """The Systems Manager parameter's value, decrypted."""


class StackSource(Protocol):
    """CloudFormation stacks, read when the plan is made."""

    def outputs(self, stack_name: str) -> Mapping[str, str]:
        """Outputs and physical IDs by logical name; outputs win. Raises NotFoundError or EnvironmentFailure."""
