"""All checks of a scenario, made at once and without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from awsit import suggestions
from awsit.errors import Problem, first_problems
from awsit.model.action.protocol import Action
from awsit.model.json import Json
from awsit.model.text.paths import outer_paths
from awsit.scenario.checks import cases, expressions, limits, names, reuse, rows, shape
from awsit.scenario.checks.blocks import load, places, retries
from awsit.scenario.library.expand import expand
from awsit.scenario.reading.positions import placed
from awsit.scenario.reading.source import Source
from awsit.scenario.schema import template_texts
from awsit.scenario.schema.cases import patterns_of
from awsit.scenario.schema.matrix import file_of
from awsit.scenario.schema.walk import walk


def validate(scenario: Source | Json, actions: Mapping[str, Action]) -> list[Problem]:
    """The first problems of a scenario, in the order of the text; an empty list says that it can be compiled.

    Of more than a hundred the last one counts the rest. The arguments are those of `every_problem`.
    """
    return first_problems(every_problem(scenario, actions))


def every_problem(scenario: Source | Json, actions: Mapping[str, Action]) -> list[Problem]:
    """All problems of a scenario, in the order of the text.

    `scenario` is a Source, or a document without a text, whose problems have no positions. `actions` has the action
    types. A scenario with `use` must have been expanded.
    """
    source = scenario if isinstance(scenario, Source) else Source(scenario, "")
    template_texts.forget()
    with suggestions.limited():
        problems = list(_problems(source, actions))
    if source is not scenario:
        return list(dict.fromkeys(problem for problem, _ in problems))
    return in_order((placed(*each) for each in problems), source.file)


def in_order(problems: Iterable[Problem], file: str) -> list[Problem]:
    """Problems that have positions, those of `file` first, each once: a wrong default is found in many actions."""
    distinct = {(each.code, each.message, each.position): each for each in problems}
    return sorted(distinct.values(), key=lambda problem: _place(problem, file))


def _problems(source: Source, actions: Mapping[str, Action]) -> Iterator[tuple[Problem, Source]]:
    """Each problem, with the source that its path leads into."""
    too_deep = list(limits.depth_problems(source.document))
    if not too_deep:
        given, source = source, expand(source)
        resolved, written = given.written is not None, source.written or source
        yield from ((problem, written) for problem in source.problems)
        yield from ((problem, written) for problem in reuse.own_problems(written.document, actions))
        too_deep = [] if source is given else list(limits.depth_problems(source.document))
    if too_deep:
        yield from ((problem, source) for problem in too_deep)
    else:
        yield from ((problem, source) for problem in _document_problems(source.document, actions, resolved=resolved))


def _document_problems(document: Json, actions: Mapping[str, Action], *, resolved: bool) -> Iterator[Problem]:
    walked = walk(document if isinstance(document, Mapping) else {})
    unused = {site.path: None for site in walked.sites if "use" in site.raw}.keys()
    if not resolved:
        yield from reuse.unresolved(unused)
        yield from cases.unread(document if isinstance(document, Mapping) else {})
    for problem in shape.scenario_problems(document, walked.sites, actions):
        if unused.isdisjoint((problem.path, *outer_paths(problem.path))):
            yield problem
    too_much = list(limits.size_problems(document, walked))
    yield from too_much
    if too_much or not isinstance(document, Mapping):
        return  # the checks of each action and expression would take too long
    yield from names.duplicate_problems(walked.sites)
    yield from names.let_problems(walked.sites)
    yield from rows.row_name_problems(document)
    yield from cases.case_problems(document)
    checker = names.name_checker(document, walked)
    for site in walked.sites:
        if site.path not in unused:
            yield from shape.site_problems(site, actions)
            yield from expressions.in_full(expressions.site_problems(site), checker.elsewhere)
            yield from places.place_problems(site.raw.get("at"), f"{site.path}.at")
            yield from places.unused_place(site, actions)
            yield from retries.retry_problems(site.raw.get("retry"), f"{site.path}.retry")
    yield from places.place_problems(document.get("at"), "at")
    is_read = not (patterns_of(document) or file_of(document.get("matrix")))
    if not unused and is_read:  # else it is not known which names there are
        yield from load.load_problems(document, walked.sites)
        yield from cases.variable_problems(document, walked)
        yield from expressions.in_full(expressions.document_problems(document, walked), checker.elsewhere)
        yield from checker.problems(document)
        yield from names.followed_problems(walked.sites, actions, is_expanded=resolved)


def _place(problem: Problem, file: str) -> tuple[bool, str, int, int]:
    assert problem.position is not None  # placed() gives every problem one
    position = problem.position
    return position.file != file, position.file, position.line, position.column
