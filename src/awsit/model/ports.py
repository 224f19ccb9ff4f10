"""The interfaces between the layers: what actions and engine need from outside, and what an action is to the others."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from threading import Event
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct, field

from awsit.errors import Effect, ErrorKind
from awsit.model.connections.transport import HttpTransport
from awsit.model.connections.websockets import NoWebSockets, WebSockets
from awsit.model.files import NO_FILES, FileSource
from awsit.model.http import HttpRequest, Mocks, NoMocks, Repeat, Sending
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, RequiredPermissions
from awsit.model.result import AssertionResult, ContractCall
from awsit.model.sources import TokenCache


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


class Kept(Struct, frozen=True):
    """What steps of one type kept (`ActionResult.keeps`): the others, in the order of the plan, and this one."""

    others: tuple[Json, ...] = ()
    own: Json = None


NOTHING_KEPT = Kept()


class ActionContext(Struct, frozen=True):
    """What an action may use. `timeout_seconds` bounds this call; `attempt` counts the step's calls from 1.

    `patience_seconds` is what is left for this call and all later ones of an action that asks to be called again;
    `elapsed_seconds` is what has passed since its first look for a state. `step` is the step's name. `is_secret` tells
    whether a text holds a secret that the run knows. `files` reads what its params name. `kept` is what steps of the
    same type kept for later ones. `contract` names the scenario's OpenAPI document, if it has one. `trace_headers` are
    those of requests, of AWS that of X-Ray. `note_repeat` gets what the AWS SDK repeated. `take_turn` waits until one
    more request may be sent to what has these names (see `limits`). `tokens`, `mocks` and `websockets` are of the
    whole process.
    """

    run_id: str
    http: HttpTransport
    aws: Aws
    clock: Clock
    timeout_seconds: float = 30.0
    attempt: int = 1
    patience_seconds: float = math.inf
    elapsed_seconds: float = 0.0
    step: str = ""
    is_secret: Callable[[str], bool] = lambda _: False
    files: FileSource = NO_FILES
    kept: Kept = NOTHING_KEPT
    contract: str = ""
    trace_headers: Mapping[str, str] = field(default_factory=dict)
    note_repeat: Callable[[Repeat], None] = lambda _: None
    take_turn: Callable[[tuple[str, ...]], None] = lambda _: None
    tokens: TokenCache = field(default_factory=TokenCache)
    mocks: Mocks = field(default_factory=NoMocks)
    websockets: WebSockets = field(default_factory=NoWebSockets)


class ActionResult(Struct, frozen=True):
    """What one call of an action brought back.

    `result` is what the scenario's paths see. `request` and `response` are shown in reports; without a `response` they
    show `result`. `failure` is set when the action's own check did not hold (an unexpected HTTP status), `failure_code`
    is what `retry_on` may name (`503`), and `failure_kind` the kind of error that it is, where it is one that may well
    pass the next time. `checks` are further ones of its own, their `source` seen from the action, and `contract_call`
    says which operation of a contract was called. `retry_after_seconds` is the wait that the service itself asked for.
    `resume_after_seconds` is set by an action that is not done yet: the engine calls it again after that wait, with
    `ActionContext.attempt` one higher, and no function or thread sleeps in between (see `Resumable`). `keeps` is what
    later steps of its type get to know in `ActionContext.kept`, and nobody else, in place of what the step kept before;
    None changes nothing. `effect` is what the call did: nothing when it was refused, as the scenario may expect.
    """

    result: Json
    request: Json = None
    response: Json = None
    failure: str | None = None
    failure_code: str = ""
    failure_kind: ErrorKind | None = None
    checks: tuple[AssertionResult, ...] = ()
    contract_call: ContractCall | None = None
    retry_after_seconds: float | None = None
    resume_after_seconds: float | None = None
    keeps: Json = None
    effect: Effect = Effect.DONE


PlannedParams = Mapping[str, Json]
"""A step's params before the run: what is known of them as values, the rest as `{{ templates }}`."""


class Summary(Struct, frozen=True):
    """A step as `plan` shows it: few words (`get_item on orders`), its `resource`, and `kind`, if not the type's."""

    text: str
    resource: str = ""
    kind: str = ""


class Action(Protocol):
    """One type of action: whatever awsit knows of the type is said here, and nothing elsewhere asks for its name.

    `params_model` is a pydantic model that checks a scenario's params, and the same params once they are rendered.
    `resource_kind` is what `plan` calls the resources of the type, such as `table`; empty when it works on none.
    `not_found_means_gone` says what an error of kind `not_found` proves when a clean-up step ends with it: that the
    very thing to be removed is gone; or nothing, where something else is what is not found (the table of an item).
    """

    type: str
    params_model: Any
    resource_kind: str
    not_found_means_gone: bool

    def execute(self, params: Any, context_data: ActionContext, /) -> ActionResult:
        """Do it once; `params` is a `params_model`. Raises ActionError when it could not be carried out."""

    def is_safe_to_repeat(self, params: Any, /) -> bool:
        """Whether doing it twice leaves the same state as doing it once (a read, a PUT, a DELETE)."""

    def only_reads(self, params: Any, /) -> bool:
        """Whether it changes nothing, so that there is nothing to take back."""

    def permissions(self, params: PlannedParams, location: AwsLocation, /) -> RequiredPermissions:
        """The IAM permissions that it needs, on resources of `location`: what `plan --policy` lists."""

    def summary(self, params: PlannedParams, /) -> Summary:
        """What it does and to which resource: what `plan` shows."""


@runtime_checkable
class ReadsPlainParams(Protocol):
    """An action that reads most params itself: its model is slow to import and to build."""

    def plain_params(self, params: PlannedParams, /, *, rendered: bool) -> object | None:
        """The params for `execute`, if they surely fit the model; templates may, too, unless they are `rendered`."""


class Compensation(Struct, frozen=True):
    """The action that takes back another one. Once it is recorded, its `params` hold no templates."""

    type: str
    params: Json


class PlannedCompensation(Struct, frozen=True):
    """How an action is taken back, as far as it is known before the run.

    `looks` are its calls before it acts, `inverses` all that the clean-up step may come to which it records. `problem`
    says why nothing takes it back, `hint` what to write instead; both are empty when something does.
    """

    looks: tuple[Compensation, ...] = ()
    inverses: tuple[Compensation, ...] = ()
    problem: str = ""
    hint: str = ""


@runtime_checkable
class Compensable(Protocol):
    """An action that knows what takes it back: `auto_cleanup` and `restore` of a scenario ask for that."""

    def planned_compensation(self, params: PlannedParams, /) -> PlannedCompensation:
        """What takes the action back, as far as it is known before the run; calls nothing."""

    def compensations_of_result(self, params: Any, done: ActionResult, /) -> tuple[Compensation, ...]:
        """What takes back an action that was carried out, where only its result names it; else nothing."""

    def compensations(self, params: Any, context_data: ActionContext, /) -> tuple[Compensation, ...]:
        """What puts everything back as it is now; reads whatever the action would replace, and changes nothing.

        Raises ActionError when that cannot be known; of kind validation for an operation that nothing takes back.
        """


@runtime_checkable
class UsesTap(Protocol):
    """An action whose `ActionResult.keeps` is for all types with this `kept_as`, and that may always be taken back."""

    kept_as: str
    always_taken_back: bool


@runtime_checkable
class FollowsAction(Protocol):
    """An action with params that name actions which have run by then; `followed` has the type of these by the param."""

    followed: Mapping[str, str]

    def taken(self, params: PlannedParams, /) -> Json:
        """What it takes, and an action beside it must not take, too; None for nothing."""


class Resumptions(Struct, frozen=True):
    """How often an action asks to be called again: `number` times at most, each time after so many `seconds`.

    `seconds` is None when the wait is not known before the run. With `polls` the action looks for a state at each
    call, and is done as soon as that is reached; without, it needs all of its calls.
    """

    number: int
    seconds: float | None
    polls: bool = False


@runtime_checkable
class Resumable(Protocol):
    """An action that may need several calls, with waits between them (`ActionResult.resume_after_seconds`)."""

    def resumptions(self, params: PlannedParams, /) -> Resumptions | None:
        """The calls that follow the first one; None when these params need no more than one."""


@runtime_checkable
class UsesAws(Protocol):
    """An action that calls AWS, with credentials and in a region, always or with some params."""

    def uses_aws(self, params: PlannedParams, /) -> bool:
        """Whether it does with these params."""


@runtime_checkable
class KeepsContract(Protocol):
    """An action whose responses are held to an OpenAPI document: its own, or that of the scenario."""

    def contract(self, params: PlannedParams, /) -> Json:
        """What the param `contract` says: the document's name, false for none, None for that of the scenario."""
