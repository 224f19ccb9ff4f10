"""The history of scenarios, from what is kept of their runs."""

from __future__ import annotations

from collections.abc import Sequence

from awsit.cli.past_runs.source import RunSource
from awsit.errors import NotFoundError
from awsit.history.series import Series, series_of


def histories(source: RunSource, limit: int) -> list[Series]:
    """The history of every scenario of which a run is known."""
    return series_of(source.history(limit), limit)


def histories_like(source: RunSource, name: str, limit: int) -> list[Series]:
    """The history of a scenario, of every row of its matrix, or of all that are like a pattern.

    Raises NotFoundError with the near names.
    """
    meant = series_of(source.history(limit, name), limit)
    if not meant:
        raise _unknown(source.place, name, [series.scenario for series in histories(source, limit)])
    return meant


def _unknown(place: str, name: str, known: Sequence[str]) -> NotFoundError:
    from awsit.suggestions import close_matches

    close = close_matches(name.strip("*?"), known)
    if close:
        hint = f"did you mean {' or '.join(close)}?"
    elif known:
        hint = "`awsit history` lists the scenarios that have run"
    else:
        hint = "nothing has run there yet"
    return NotFoundError(f"no run of {name!r} is known in {place}", code="no_history", hint=hint)
