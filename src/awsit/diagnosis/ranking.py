"""Evidence in the order in which it explains a failure, the same seen many times once, cut to what a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from awsit.model.evidence import Evidence, EvidenceKind
from awsit.patterns import lazy_pattern
from awsit.records import replace

MOST = 6
"""Pieces of evidence that one failure shows."""

MOST_OF_RESOURCE = 3
LONGEST = 500
"""Characters of a line."""

_ORDER = list(EvidenceKind)
_VARYING = lazy_pattern(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{16,}\b|\d+(?:\.\d+)?")


def ranked(evidence: Iterable[Evidence], masked: Callable[[str], str]) -> tuple[Evidence, ...]:
    """The evidence that a report shows: masked, best explanation first, at most `MOST` and what could not be read."""
    once = _once([replace(each, resource=masked(each.resource), text=masked(each.text)) for each in evidence])
    in_order = sorted(_consistent(once), key=lambda each: (_ORDER.index(each.kind), each.at))
    unread = [each for each in in_order if each.kind is EvidenceKind.NOT_READ]
    seen = [each for each in in_order if each.kind is not EvidenceKind.NOT_READ]
    strong = [each for each in seen if each.kind.explains]
    certain = [each for each in strong if each.kind is not EvidenceKind.NO_CONSUMER]  # it may be read by others
    shown = _few_of_each(certain or strong) or seen
    return tuple(replace(each, text=_cut(each.text)) for each in (*shown[:MOST], *_permissions(unread)))


def explains(evidence: Iterable[Evidence]) -> bool:
    """Whether any of it is more than a description of the surroundings."""
    return any(each.kind.explains for each in evidence)


def _once(evidence: list[Evidence]) -> list[Evidence]:
    """The same text of one resource once, at its first time, whatever IDs and numbers it has."""
    groups: dict[tuple[EvidenceKind, str, str], list[Evidence]] = {}
    for each in evidence:
        varying = each.text if each.kind is EvidenceKind.LOG_LINE else _VARYING.sub("0", each.text)
        groups.setdefault((each.kind, each.resource, varying), []).append(each)
    return [
        replace(min(group, key=lambda each: each.at), count=sum(each.count for each in group))
        for group in groups.values()
    ]


def _consistent(evidence: list[Evidence]) -> list[Evidence]:
    """The evidence without what other evidence refutes.

    A log that was empty at first came late; a dead-letter queue needs no consumer; where one rule matches an event,
    others need not.
    """
    by_kind = {kind: {each.resource for each in evidence if each.kind is kind} for kind in EvidenceKind}
    is_matched = bool(by_kind[EvidenceKind.EVENT_MATCHED])
    logged = {each.resource for each in evidence if each.kind is not EvidenceKind.NO_LOG}
    refuted = {
        EvidenceKind.NO_LOG: logged,
        EvidenceKind.NO_CONSUMER: by_kind[EvidenceKind.DEAD_LETTERS],
        EvidenceKind.EVENT_NOT_MATCHED: by_kind[EvidenceKind.EVENT_NOT_MATCHED] if is_matched else set(),
    }
    return [each for each in evidence if each.resource not in refuted.get(each.kind, ())]


def _few_of_each(evidence: list[Evidence]) -> list[Evidence]:
    numbers: dict[str, int] = {}
    kept = []
    for each in evidence:
        numbers[each.resource] = numbers.get(each.resource, 0) + 1
        if numbers[each.resource] <= MOST_OF_RESOURCE:
            kept.append(each)
    return kept


def _permissions(unread: list[Evidence]) -> list[Evidence]:
    """One line for each permission, whatever the number of resources that it is missing on."""
    by_permission: dict[str, list[Evidence]] = {}
    for each in unread:
        by_permission.setdefault(each.text.partition(" on ")[0], []).append(each)
    return [
        replace(group[0], text=f"{group[0].text}, and on {len(group) - 1} more" if len(group) > 1 else group[0].text)
        for group in by_permission.values()
    ]


def _cut(text: str) -> str:
    return "\n".join(line if len(line) <= LONGEST else f"{line[:LONGEST]}…" for line in text.splitlines())
