"""What came of each entry of the ledger: one rule, from what its action did and how its clean-up step ended.

| the clean-up step ... | action refused, or never sent | outcome of an attempt not known | action carried out |
|---|---|---|---|
| passed | done | done | done |
| passed, for the last attempt only | - | - | may be there |
| was not needed (`when`) | nothing to undo | nothing to undo | nothing to undo |
| was not needed, nor any of its list | nothing to undo | may be there | nothing to undo |
| found nothing, which is proof | nothing to undo | nothing to undo | nothing to undo |
| came before an attempt without an answer could no longer take effect | - | may be there | may be there |
| found nothing, which is no proof | nothing to undo | may be there | failed |
| could not be rendered | nothing to undo | may be there | failed |
| failed | nothing to undo | failed | failed |
| was not tried | nothing to undo | may be there | not tried |

A step that names what it undoes by a value which the last attempt captured takes back no other one's. An attempt before
that was carried out, or of which this is not known, may have made another thing, unless the action is safe to repeat.
"""

from __future__ import annotations

from enum import StrEnum

from awsit.errors import Effect
from awsit.model.result import CleanupOutcome


class End(StrEnum):
    """How a clean-up step ended.

    `of_the_last`: it passed, and took back no more than the last attempt. `too_early`: however it ended, an attempt
    without an answer may still take effect. `gone`: it found nothing to undo, and that is proof; `not_found`: it proves
    nothing at all.
    """

    PASSED = "passed"
    OF_THE_LAST = "of_the_last"
    NOT_NEEDED = "not_needed"
    NONE_NEEDED = "none_needed"
    GONE = "gone"
    TOO_EARLY = "too_early"
    NOT_FOUND = "not_found"
    NOT_RENDERED = "not_rendered"
    FAILED = "failed"
    NOT_TRIED = "not_tried"


_UNPROVED = frozenset({End.NONE_NEEDED, End.NOT_FOUND, End.NOT_RENDERED, End.NOT_TRIED})


def outcome(effect: Effect, end: End) -> CleanupOutcome:
    """What came of an entry of the ledger, by the table above; `effect` is that of all attempts of its action."""
    if end is End.PASSED:
        return CleanupOutcome.DONE
    if end in {End.OF_THE_LAST, End.TOO_EARLY}:
        return CleanupOutcome.MAY_BE_THERE
    if effect is Effect.NONE or end in {End.NOT_NEEDED, End.GONE}:
        return CleanupOutcome.NOTHING_TO_UNDO
    if effect is Effect.UNKNOWN and end in _UNPROVED:
        return CleanupOutcome.MAY_BE_THERE
    if end is End.NONE_NEEDED:
        return CleanupOutcome.NOTHING_TO_UNDO
    return CleanupOutcome.NOT_TRIED if end is End.NOT_TRIED else CleanupOutcome.FAILED
