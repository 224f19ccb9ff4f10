"""Checks of templates, JSONPaths and assertions: whether they can be evaluated at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from awsit.errors import Problem
from awsit.expressions import regex
from awsit.expressions.assertions import assertion
from awsit.expressions.jsonpath import lookup, query
from awsit.expressions.templates import template
from awsit.expressions.templates.names import ACTION
from awsit.model.json import Json
from awsit.model.text.paths import child_path, join_path
from awsit.patterns import lazy_pattern
from awsit.records import replace
from awsit.scenario.checks.rendered import assertion_lists, rendered_texts
from awsit.scenario.checks.usage import paths_of, reach
from awsit.scenario.schema.keys import is_template
from awsit.scenario.schema.matrix import matrix_variables
from awsit.scenario.schema.walk import ActionSite, SiteWalk
from awsit.suggestions import suggestion

_FINAL_ROOTS = ("actions", "context", "run")
_RUN_INPUT = lazy_pattern(r"(vars|env)\.\w+")
"""A variable of the scenario or of the environment, as `redact` names it."""


def site_problems(site: ActionSite) -> Iterator[Problem]:
    """What is wrong with the expressions of one action."""
    for _, _, texts in rendered_texts(site):
        yield from template.problems_in(texts)
    for place, assertions in assertion_lists(site.raw, site.path):
        yield from _assertion_problems(assertions, place)
    captures = site.raw.get("pass_to_context")
    for name, spec in captures.items() if isinstance(captures, Mapping) else ():
        place = f"{site.path}.pass_to_context.{name}"
        paths = lookup.placed_paths(spec, place) if isinstance(spec, Mapping) else [(place, spec)]
        for here, path in paths:
            yield from _path_problems(path, here)
        yield from _regex_problems(spec, place)
    redacted = site.raw.get("redact")
    for index, entry in enumerate(redacted if isinstance(redacted, list) else ()):
        yield from _redact_problems(entry, site, f"{site.path}.redact[{index}]")


def document_problems(document: Mapping[str, Json], walked: SiteWalk) -> Iterator[Problem]:
    """What is wrong with the expressions of the scenario itself and of the final assertions."""
    yield from _template_problems(document.get("variables"), "variables")
    yield from _template_problems(document.get("concurrency"), "concurrency")
    yield from _template_problems(document.get("contract"), "contract")
    yield from _template_problems(document.get("at"), "at")
    for site in walked.sites:
        yield from _redacted_variables(site, document)
    final = document.get("assertions")
    yield from _template_problems(final, "assertions")
    if isinstance(final, list):
        yield from _assertion_problems(final, "assertions")
        for place, path in paths_of(final, "assertions"):
            yield from _final_path_problems(path, place, walked)


def in_full(problems: Iterable[Problem], elsewhere: Callable[[str], str]) -> Iterator[Problem]:
    """The problems; of a name that stands alone, as `id`, with what `elsewhere` tells, as that it is `context.id`."""
    for problem in problems:
        clear = problem
        if problem.code == "unknown_name":
            from awsit.expressions.templates.analysis import unknown_root  # imports Jinja2, which the problem needed

            name = unknown_root(problem)
            if meant := elsewhere(name):
                _, mark, expression = problem.message.rpartition(" (in `")
                clear = replace(problem, message=f"unknown name `{name}`{meant}{mark}{expression}")
        yield clear


def _template_problems(value: Json, place: str) -> Iterator[Problem]:
    for problem in template.problems(value):
        yield replace(problem, path=join_path(place, problem.path))


def _assertion_problems(assertions: list[Json], place: str) -> Iterator[Problem]:
    for index, each in enumerate(assertions):
        for problem in assertion.problems(each):
            yield replace(problem, path=join_path(child_path(place, index), problem.path))


def _path_problems(path: Json, place: str) -> Iterator[Problem]:
    if not isinstance(path, str):
        return
    if is_template(path):
        message = "a path takes no template here"
        yield Problem("bad_path", message, place, "capture more, and select from it with a template later")
        return
    wrong = query.problem(path, place)
    yield from [wrong] if wrong else []


def _regex_problems(spec: Json, place: str) -> Iterator[Problem]:
    pattern, here = spec.get("regex") if isinstance(spec, Mapping) else None, child_path(place, "regex")
    if not isinstance(pattern, str):
        return
    if is_template(pattern):
        yield Problem("bad_regex", "a regular expression takes no template here", here, "write `\\{\\{` for two braces")
        return
    problem = regex.part_problem(pattern, here)
    yield from [problem] if problem else []


def _redact_problems(entry: Json, site: ActionSite, place: str) -> Iterator[Problem]:
    if not isinstance(entry, str):
        return
    if entry.startswith("$"):
        yield from _path_problems(entry, place)
    elif entry not in site.captures and not _RUN_INPUT.fullmatch(entry):
        message = f"`{entry}` is not captured by this action{suggestion(entry, site.captures, 'it captures nothing')}"
        yield Problem(
            "unknown_context",
            message,
            place,
            "name a captured value, a path such as `$.body.token`, `vars.name` or `env.NAME`",
        )


def _redacted_variables(site: ActionSite, document: Mapping[str, Json]) -> Iterator[Problem]:
    variables = document.get("variables")
    known = matrix_variables(document) | set(variables if isinstance(variables, Mapping) else ())
    entries = site.raw.get("redact")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        kind, _, name = entry.partition(".") if isinstance(entry, str) else ("", "", "")
        if kind == "vars" and name not in known:
            message = f"the scenario has no variable `{name}`{suggestion(name, known, 'it has none')}"
            yield Problem("unknown_variable", message, f"{site.path}.redact[{index}]")


def _final_path_problems(path: str, place: str, walked: SiteWalk) -> Iterator[Problem]:
    """A final path that begins with names must begin with those that the run's end has."""
    reached = reach(path)
    if reached is None or is_template(path):
        return
    root, name, member = reached
    known = {"actions": walked.known.actions, "context": walked.known.context}
    if root not in _FINAL_ROOTS:
        message = f"final assertions have no `{root}`{suggestion(root, _FINAL_ROOTS)}"
        yield Problem("bad_path", message, place, "begin with `$.actions.<name>.result`, `$.context` or `$.run`")
    elif name and root in known and name not in known[root]:
        what = "there is no action" if root == "actions" else "nothing captures"
        yield Problem(
            f"unknown_{root.removesuffix('s')}",
            f"{what} `{name}`{suggestion(name, known[root], 'there are none')}",
            place,
        )
    elif root == "actions" and member and member not in ACTION:
        message = f"`$.actions.{name}` has no `{member}`{suggestion(member, ACTION)}"
        yield Problem("bad_path", message, place, f"`$.actions.{name}.result` is what it gave")
