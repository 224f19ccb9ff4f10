"""Records that cannot be read: of another program, damaged by hand, or of a version that is not known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from awsit.errors import EnvironmentFailure

MALFORMED = "malformed_record"


@contextmanager
def readable(run_id: str) -> Iterator[None]:
    """Raise EnvironmentFailure with the code MALFORMED when what the block reads of a run does not fit."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        words = str(error).splitlines() or [type(error).__name__]
        raise EnvironmentFailure(
            f"the records of {run_id} cannot be read: {words[0]}",
            code=MALFORMED,
            hint="another program, or another version of awsit, may have written them; they go after 30 days",
        ) from error
