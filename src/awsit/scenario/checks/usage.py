"""Which results of actions the later parts of a plan read, found without running anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from awsit.expressions.assertions.validation import COMBINATORS
from awsit.expressions.templates import template
from awsit.model.json import Json
from awsit.model.plan import Step
from awsit.model.text.paths import child_path
from awsit.patterns import lazy_pattern
from awsit.records import replace
from awsit.scenario.schema.keys import CHOICE

_NONE: frozenset[str] = frozenset()
_BEGINNING = lazy_pattern(
    r"""\s*\$\s*(?:\.\s*(?P<root>\w+)|\[\s*(?P<q>['"])(?P<root_quoted>\w+)(?P=q)\s*\])
    (?:\s*(?:\.\s*(?P<name>\w+)|\[\s*(?P<r>['"])(?P<name_quoted>[^'"\\]+)(?P=r)\s*\])
    (?:\s*(?:\.\s*(?P<member>\w+)|\[\s*(?P<s>['"])(?P<member_quoted>[^'"\\]+)(?P=s)\s*\]))?|(?=\s*\Z))""",
    re.VERBOSE,
)
"""`$.root.name.member`, in either notation of RFC 9535; anything else (wildcards, `..`, filters) may reach all."""


def mark_usage(
    steps: Sequence[Step], cleanup: Sequence[Step], final: Sequence[Json], named: frozenset[str]
) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """The same steps with `uses_results` and `keep_result` set.

    `final` are the scenario's own assertions, `named` the actions that its templates name.
    """
    names = frozenset(step.name for step in steps)
    every = (*steps, *cleanup)
    used = {id(step): _used(step) & names for step in every} if named & names else dict.fromkeys(map(id, every), _NONE)
    kept = _NONE.union(*used.values(), read_by_assertions(final, names))
    return (
        tuple(_marked(step, used[id(step)], is_kept=step.type == CHOICE or step.name in kept) for step in steps),
        tuple(_marked(step, used[id(step)], is_kept=False) for step in cleanup),
    )


def _marked(step: Step, used: frozenset[str], *, is_kept: bool) -> Step:
    return replace(step, uses_results=tuple(sorted(used)), keep_result=is_kept) if used or is_kept else step


def templates_of(step: Step) -> list[Json]:
    """Everything in a step that is rendered."""
    until = [*step.until.assertions, *step.until.fail_when] if step.until else []
    during = step.during.assertions if step.during else ()
    place = [dict(step.at)] if step.at else []
    return [step.let, step.params, *step.assertions, step.when, *until, *during, *place]


def _used(step: Step) -> frozenset[str]:
    return template.references(templates_of(step)).actions


def read_by_assertions(assertions: Iterable[Json], names: frozenset[str]) -> frozenset[str]:
    """The actions whose results final assertions reach; all of them when a path could reach any (`$.actions.*`)."""
    listed = list(assertions)
    names_read: set[str] = set(template.references(listed).actions)
    for _, path in paths_of(listed, ""):
        reached = reach(path)
        if reached is None:
            return names
        if reached[0] == "actions":
            names_read.add(reached[1])
    return frozenset(names_read) & names


def reach(path: str) -> tuple[str, str, str] | None:
    """What a final path begins with: `("actions", "Add", "result")`, `("context", "id", "")`; None if no one name."""
    match = _BEGINNING.match(path)
    if match is None:
        return None
    names = match.groupdict()
    root, name, member = (names[each] or names[f"{each}_quoted"] or "" for each in ("root", "name", "member"))
    return root, name, member


def paths_of(spec: Json, place: str) -> Iterator[tuple[str, str]]:
    """The JSONPaths of an assertion, or of a list of them, and of those that it combines, each with its place."""
    if isinstance(spec, list):
        for index, item in enumerate(spec):
            yield from paths_of(item, child_path(place, index))
    elif isinstance(spec, dict):
        if isinstance(spec.get("path"), str):
            yield child_path(place, "path"), spec["path"]
        for key in COMBINATORS:
            yield from paths_of(spec.get(key), child_path(place, key))
