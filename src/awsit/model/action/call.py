"""One call of an action: what it may use, and what it brought back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from awsit.errors import Effect, ErrorKind
from awsit.model.connections.transport import HttpTransport
from awsit.model.connections.websockets import NoWebSockets, WebSockets
from awsit.model.files import NO_FILES, FileSource
from awsit.model.http import Mocks, NoMocks, Repeat
from awsit.model.json import Json
from awsit.model.ports import Aws, Clock
from awsit.model.result import AssertionResult, ContractCall
from awsit.model.sources import TokenCache


class Kept(Struct, frozen=True):
    """What steps of one type kept (`ActionResult.keeps`): the others, in the order of the plan, and this one."""

    others: tuple[Json, ...] = ()
    own: Json = None


NOTHING_KEPT = Kept()


class ActionContext(Struct, frozen=True):
    """What an action may use. `timeout_seconds` bounds this call; `attempt` counts the step's calls from 1.

    `allowed_seconds` is what the scenario allowed it, which messages name; a part of that may be over already.
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
    allowed_seconds: float | None = None
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
