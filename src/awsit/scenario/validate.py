"""Everything that is wrong with a scenario, found at once and without running anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from awsit.errors import Problem
from awsit.model.json import Json
from awsit.model.ports import Action
from awsit.scenario import checks_expressions, checks_limits, checks_names, checks_shape
from awsit.scenario.placing import placed
from awsit.scenario.sites import walk
from awsit.scenario.source import Source


def validate(scenario: Source | Json, actions: Mapping[str, Action]) -> list[Problem]:
    """All problems of a scenario, in the order of the text; an empty list says that it can be compiled.

    `scenario` is a Source, or a document without a text, whose problems have no positions. `actions` are the action
    types that there are.
    """
    source = scenario if isinstance(scenario, Source) else None
    document = source.document if source else scenario
    found = list(dict.fromkeys(_problems(document, actions)))
    if source is None:
        return found
    return sorted((placed(problem, source) for problem in found), key=_place)


def _problems(document: Json, actions: Mapping[str, Action]) -> Iterator[Problem]:
    too_deep = list(checks_limits.depth_problems(document))
    if too_deep:
        yield from too_deep
        return
    yield from checks_shape.scenario_problems(document)
    if not isinstance(document, Mapping):
        return
    walked = walk(document)
    yield from checks_names.duplicate_problems(walked.sites)
    for site in walked.sites:
        yield from checks_shape.site_problems(site, actions)
        yield from checks_expressions.site_problems(site)
    yield from checks_expressions.document_problems(document, walked)
    yield from checks_names.name_checker(document, walked).problems(document)
    yield from checks_limits.size_problems(document, walked)


def _place(problem: Problem) -> tuple[int, int]:
    assert problem.position is not None  # placed() gives every problem one
    return problem.position.line, problem.position.column
