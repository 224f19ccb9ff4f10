"""What an evaluation may cost: of templates, JSONPath, regular expressions and schemas, whoever wrote them.

A scenario, or what a service answered, may ask for more work than there is time or memory for. Work is counted in
steps, which are the same on every machine; the CPU time is looked at as well, since steps differ in what they cost.
"""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar, Token

from msgspec import Struct

from awsit.errors import ExpressionError
from awsit.system.variable_block import VariableBlock

MAX_STEPS = 1_000_000
"""Steps of one evaluation: nodes that a path visits, schemas that a value is held to."""
MAX_CHARACTERS = 16 * 1024 * 1024
"""Characters of the texts that the evaluations of one attempt give."""
MAX_SECONDS = 1.0
"""CPU seconds of all evaluations of one attempt."""
MAX_CONTRACT_SECONDS = 10.0
"""CPU seconds of the check of one response against its contract, which only a large response may need."""
_BYTES_PER_SECOND = 64 * 1024
"""What of a response a check does in a second on a slow machine."""
LEAST_SECONDS = 0.5
"""What an attempt may take however little its `timeout_seconds` are: an evaluation begins cold."""

_LEAST_LEFT = 0.0001
"""Seconds with which no evaluation is begun: it takes as long to look at the clock a few times."""

_STEPS_PER_LOOK = 256
"""Steps after which the clock is looked at."""


class _Budget(Struct):
    """What is left: `seconds` and `characters` for all evaluations of an attempt, `steps` for the one that runs.

    `ends` is the CPU time of this thread at which the running evaluation must have ended; None between evaluations.
    `allowed` is what `seconds` were at first.
    """

    seconds: float = MAX_SECONDS
    steps: int = MAX_STEPS
    characters: int = MAX_CHARACTERS
    ends: float | None = None
    allowed: float = MAX_SECONDS


_current: ContextVar[_Budget | None] = ContextVar("budget", default=None)


def attempt(timeout_seconds: float) -> AbstractContextManager[object]:
    """All evaluations inside share `MAX_CHARACTERS` and one time: at most `timeout_seconds` and `MAX_SECONDS`."""
    seconds = max(LEAST_SECONDS, min(MAX_SECONDS, timeout_seconds))
    return VariableBlock(_current, _Budget(seconds, allowed=seconds))


def evaluation() -> AbstractContextManager[None]:
    """One evaluation, with what it evaluates inside itself. `spend` ends it.

    Entering it raises ExpressionError, code `too_large`, when those before it have had the time of the attempt.
    """
    budget = _current.get()
    return _INSIDE if budget is not None and budget.ends is not None else _Evaluation(budget or _Budget())


_INSIDE = nullcontext()
"""An evaluation inside another one, which counts for both."""


class _Evaluation:
    """An evaluation that is inside no other; a class, for a step has many, and a generator would take twice as long."""

    __slots__ = ("_budget", "_token")

    def __init__(self, budget: _Budget) -> None:
        self._budget = budget
        self._token: Token[_Budget | None]

    def __enter__(self) -> None:
        budget = self._budget
        if budget.seconds < _LEAST_LEFT:
            raise _out_of_time()
        budget.steps = MAX_STEPS
        budget.ends = time.thread_time() + budget.seconds
        self._token = _current.set(budget)

    def __exit__(self, *_: object) -> None:
        budget = self._budget
        assert budget.ends is not None
        budget.seconds, budget.ends = budget.ends - time.thread_time(), None
        _current.reset(self._token)


def contract_seconds(size: int) -> float:
    """CPU seconds that the check of a response of `size` bytes against its contract may take.

    A large response has more than other evaluations, but not when `timeout_seconds` leaves these less than usual.
    """
    current = _current.get()
    allowed = MAX_SECONDS if current is None else current.allowed
    more = size / _BYTES_PER_SECOND if allowed == MAX_SECONDS else 0.0
    return min(MAX_CONTRACT_SECONDS, allowed + more)


def contract(seconds: float) -> AbstractContextManager[object]:
    """A check of a response against its contract. It has a time and size of its own, and no limit of steps."""
    return VariableBlock(_current, _Budget(seconds, sys.maxsize, MAX_CHARACTERS, time.thread_time() + seconds))


def spend(steps: int = 1) -> None:
    """Count steps of the running evaluation. Raises ExpressionError, code `too_large`, when it has had its share."""
    budget = _current.get()
    if budget is None or budget.ends is None:
        return
    looks = budget.steps // _STEPS_PER_LOOK
    budget.steps -= steps
    if budget.steps < 0:
        raise _exhausted(f"needs more than {MAX_STEPS} steps")
    if budget.steps // _STEPS_PER_LOOK != looks:
        look()


def hold(characters: int) -> None:
    """Count the characters of a text that was made. Raises ExpressionError, code `too_large`, for too many."""
    budget = _current.get()
    if budget is not None and budget.ends is not None:
        budget.characters -= characters
        if budget.characters < 0:
            most = MAX_CHARACTERS // 1024 // 1024
            raise _exhausted(f"gives, with those before it in the attempt, more than {most} million characters")


def look() -> None:
    """Look at the clock. Raises ExpressionError, code `too_large`, when the time is over."""
    if seconds_left() <= 0:
        raise _out_of_time()


def seconds_left() -> float:
    """CPU seconds that are left for the running evaluation."""
    budget = _current.get()
    return MAX_SECONDS if budget is None or budget.ends is None else budget.ends - time.thread_time()


def _out_of_time() -> ExpressionError:
    share = f"those of one attempt have {MAX_SECONDS:g} s of CPU time together, or its `timeout_seconds`"
    return _exhausted(f"took too long: {share}")


def _exhausted(reason: str) -> ExpressionError:
    hint = "make the path, expression, pattern or schema simpler, or what it is applied to smaller"
    return ExpressionError(f"the evaluation {reason}", code="too_large", hint=hint)
