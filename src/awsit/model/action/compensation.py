"""How an action is taken back."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams
from awsit.model.json import Json, dumps


class Compensation(Struct, frozen=True):
    """The action that takes back another one. Once it is recorded, its `params` hold no templates.

    `things` are the digests of the items or objects that it writes, which other actions of the run may write, too.
    `puts_back`: something is there again afterwards.
    """

    type: str
    params: Json
    things: tuple[str, ...] = ()
    puts_back: bool = False


def thing(*parts: str) -> str:
    """A digest of what names an item or object, so that it tells nothing of the key."""
    return hashlib.sha256(dumps(list(parts)).encode()).hexdigest()


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
