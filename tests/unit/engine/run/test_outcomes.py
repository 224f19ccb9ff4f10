"""The table of outcomes, cell by cell."""

from __future__ import annotations

import pytest

from awsit.engine.run import outcomes
from awsit.engine.run.outcomes import End, outcome
from awsit.errors import Effect
from awsit.model.result import CleanupOutcome

DONE, NOTHING = CleanupOutcome.DONE, CleanupOutcome.NOTHING_TO_UNDO
FAILED, MAYBE = CleanupOutcome.FAILED, CleanupOutcome.MAY_BE_THERE

TABLE = {
    End.PASSED: (DONE, DONE, DONE),
    End.NOT_NEEDED: (NOTHING, NOTHING, NOTHING),
    End.NONE_NEEDED: (NOTHING, MAYBE, NOTHING),
    End.GONE: (NOTHING, NOTHING, NOTHING),
    End.TOO_EARLY: (MAYBE, MAYBE, MAYBE),
    End.OF_THE_LAST: (MAYBE, MAYBE, MAYBE),
    End.NOT_FOUND: (NOTHING, MAYBE, FAILED),
    End.NOT_RENDERED: (NOTHING, MAYBE, FAILED),
    End.NOT_TRIED: (NOTHING, MAYBE, CleanupOutcome.NOT_TRIED),
    End.FAILED: (NOTHING, FAILED, FAILED),
}
"""By how the clean-up step ended: the outcome where nothing was done, where that is not known, where it was done."""

CELLS = [
    pytest.param(effect, end, wanted, id=f"{end}-{effect}")
    for end, row in TABLE.items()
    for effect, wanted in zip((Effect.NONE, Effect.UNKNOWN, Effect.DONE), row, strict=True)
]


@pytest.mark.parametrize(("effect", "end", "wanted"), CELLS)
def test_the_outcome_follows_from_what_was_done_and_how_the_clean_up_ended(
    effect: Effect, end: End, wanted: CleanupOutcome
) -> None:
    assert outcome(effect, end) is wanted


def test_the_table_is_whole_and_so_is_that_of_the_docstring() -> None:
    assert TABLE.keys() == set(End)
    assert outcomes.__doc__ is not None
    assert outcomes.__doc__.count("\n|") == len(End) + 2


def test_what_is_done_and_what_was_nothing_is_not_left() -> None:
    assert {each for each in CleanupOutcome if not each.is_left} == {DONE, NOTHING}
