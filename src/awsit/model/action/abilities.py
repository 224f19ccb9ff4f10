"""What some action types can besides. Who needs one asks by `isinstance`, and knows no type by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from msgspec import Struct

from awsit.model.action.protocol import PlannedParams
from awsit.model.evidence import Traffic
from awsit.model.json import Json
from awsit.model.ports import Aws


@runtime_checkable
class ReadsPlainParams(Protocol):
    """An action that reads most params itself: its model is slow to import and to build."""

    def plain_params(self, params: PlannedParams, /, *, rendered: bool) -> object | None:
        """The params for `execute`, if they surely fit the model; templates may, too, unless they are `rendered`."""


@runtime_checkable
class ReadsFiles(Protocol):
    """An action whose params may name files of the scenario: they are checked, and stored with it, before it runs."""

    def named_files(self, params: Mapping[str, Json], /) -> Iterable[tuple[str, Json]]:
        """Place and value of each param that names a file, such as `("multipart[0].file", "photo.png")`.

        The params may be wrong; what cannot name a file is left out.
        """


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
class RateLimited(Protocol):
    """An action that sends requests to what `limits` of a scenario name; `limit_kind` is the key there, as `http`."""

    limit_kind: str

    def limited_names(self, params: PlannedParams, /) -> tuple[str, ...]:
        """What `limits` may call that which rendered params name, such as `("api.test:8080", "api.test")`."""

    def get_ready(self, aws: Aws, /) -> None:
        """Make what a request needs and what takes its time once: within a turn, requests would come close together."""


@runtime_checkable
class CarriesTrace(Protocol):
    """An action that calls services which take up the trace of the run (`ActionContext.trace_headers`)."""

    carries_trace: bool


@runtime_checkable
class TellsTraffic(Protocol):
    """An action that may put events or read a queue."""

    def traffic(self, request: Mapping[str, Json], /) -> Traffic:
        """What it did so by the request that reports show of it."""


@runtime_checkable
class KeepsContract(Protocol):
    """An action whose responses are held to an OpenAPI document: its own, or that of the scenario."""

    def contract(self, params: PlannedParams, /) -> Json:
        """What the param `contract` says: the document's name, false for none, None for that of the scenario."""


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

    def needs_permissions(self, followed: PlannedParams, /) -> bool:
        """Whether it needs permissions of its own, for an action that it follows with these params."""


@runtime_checkable
class PlaysMock(Protocol):
    """An action that a run in the account can carry out where the stack has mocks; `without_mocks` says what lacks."""

    without_mocks: str


@runtime_checkable
class StaysHere(Protocol):
    """An action that runs in the account cannot carry out, with some params."""

    def why_only_here(self, params: Mapping[str, Json], /) -> str:
        """Why not; empty where they can."""


@runtime_checkable
class MayFindNothing(Protocol):
    """An action whose result has a null where it found nothing: for `exists`, there is nothing at these members."""

    nothing_when_null: tuple[str, ...]
