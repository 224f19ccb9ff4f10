"""How much of its contracts several runs called, in the words that reports share."""

from __future__ import annotations

from collections import Counter
from posixpath import dirname, join, normpath

from awsit.model.result import ContractCoverage, RunResult
from awsit.model.text.counts import count
from awsit.records import replace
from awsit.suggestions import first_of

MOST_NAMED = 5
"""Operations that are named as not called where there is little room."""


def add_coverage(merged: dict[str, ContractCoverage], result: RunResult) -> None:
    """Add what a run called to the coverage of each document by its digest: documents with the same content are one.

    Documents have their paths from where the scenarios' own begin, not from the scenarios' folders.
    """
    for each in result.contracts:
        before = merged.get(each.digest)
        path = normpath(join(dirname(result.file), each.document))
        merged[each.digest] = _joined(before, each) if before else replace(each, document=path)


def coverage_lines(coverage: ContractCoverage, most: int = MOST_NAMED) -> list[str]:
    """What was called, which operations were not (at most so many are named), and the calls of other servers."""
    missing, total = coverage.not_called, len(coverage.operations)
    lines = [f"{total - len(missing)} of {count(total, 'operation')} called"]
    if missing:
        lines.append(f"not called: {first_of(missing, most)}")
    if coverage.other_calls:
        lines.append(f"{count(coverage.other_calls, 'call')} not checked: under none of its servers")
    return lines


def _joined(one: ContractCoverage, other: ContractCoverage) -> ContractCoverage:
    calls = Counter(one.operations)
    calls.update(other.operations)
    return replace(one, operations=dict(calls), other_calls=one.other_calls + other.other_calls)
