"""Whether a trace visits services one after the other, and where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from awsit.actions.trace.graph import Graph
from awsit.suggestions import first_of, suggestion


def unvisited(visits: Sequence[str], graph: Graph) -> str:
    """Why the trace does not visit all of these, each called by the one before; empty when it does."""
    seen = graph.names
    for name in visits:
        if name not in seen:
            return f"the trace does not visit {name!r}{suggestion(name, seen, 'no service was seen')}"
    here = {key for key in graph.services if key[0] == visits[0]} if visits else set()
    for before, name in pairwise(visits):
        here = {key for key in graph.called_by(here) if key[0] == name}
        if not here:
            return f"the trace visits {name!r}, and not by a call of {before!r}: {_edges(graph)}"
    return ""


def _edges(graph: Graph) -> str:
    calls = [f"{caller[0]} → {callee[0]}" for caller, callee in graph.edges]
    return f"the calls are {first_of(calls)}" if calls else "no service called another"
