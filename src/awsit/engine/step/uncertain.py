"""The attempts of a step of which is not known what they did."""

from __future__ import annotations

from awsit.engine.step.attempt import AttemptResult
from awsit.errors import Effect, ErrorKind
from awsit.model.plan import Step
from awsit.model.result import Attempt, UncertainAttempt

MOST_UNCERTAIN = 5
"""How many of them a record holds: the newest."""

_UNANSWERED = frozenset({str(ErrorKind.TIMEOUT), str(ErrorKind.CONNECTION), str(ErrorKind.INTERNAL), "504"})
"""How an attempt ends that the service may still carry out; 504 is a gateway's time-out (RFC 9110, section 15.6.5)."""


def with_uncertain(
    before: tuple[UncertainAttempt, ...], step: Step, attempt: AttemptResult, shown: Attempt
) -> tuple[UncertainAttempt, ...]:
    """The uncertain attempts after one more; of several with the same request, the newest stands for all."""
    if attempt.effect is not Effect.UNKNOWN:
        return before
    answered = not attempt.names & _UNANSWERED
    new = UncertainAttempt(
        step.name, step.type, shown.number, shown.started_at, shown.message, attempt.request, answered
    )
    others = tuple(each for each in before if each.request != new.request or (answered and not each.answered))
    return (*others, new)[-MOST_UNCERTAIN:]
