"""Checks of the cases of a scenario: each gives what the scenario reads, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from awsit.errors import Problem
from awsit.expressions.templates import template
from awsit.expressions.templates.substitution import uses
from awsit.model.json import Json
from awsit.model.text.paths import child_path
from awsit.scenario.schema.cases import KEY, cases_of, patterns_of
from awsit.scenario.schema.keys import is_template, templated
from awsit.scenario.schema.matrix import file_of
from awsit.scenario.schema.walk import SiteWalk
from awsit.suggestions import suggestion

_VARS = frozenset({"vars"})


def case_problems(document: Mapping[str, Json]) -> Iterator[Problem]:
    """What is wrong with the cases by themselves."""
    if document.get(KEY) and document.get("matrix"):
        message = "a scenario has a `matrix` or `cases`, not both"
        yield Problem("misplaced_key", message, KEY, "write the rows of the matrix as cases")
    for name, variables in cases_of(document).items():
        for variable, value in variables.items():
            if is_template(value):
                message = f"`{variable}` holds a template; the values of a case are taken as they are"
                yield Problem("invalid_value", message, _path(name, variable), "put the template into `variables`")


def unread(document: Mapping[str, Json]) -> Iterator[Problem]:
    """The problem of patterns, or of a matrix file, in a scenario that is read without the files that they name."""
    hint = "push it with `awsit push`, or run the file: awsit puts the rows in"
    if file_of(document.get("matrix")):
        yield Problem("not_expanded", "a file of rows means nothing where there is no such file", "matrix", hint)
    for path in patterns_of(document):
        hint = "push it with `awsit push`, or run the file: awsit puts the cases in"
        yield Problem("not_expanded", "a pattern means nothing where there are no case files", path, hint)


def variable_problems(document: Mapping[str, Json], walked: SiteWalk) -> Iterator[Problem]:
    """Variables that a case lacks and others have, and those that the scenario does not know."""
    cases, own = cases_of(document), document.get("variables")
    if not cases:
        return
    defaults = set(own) if isinstance(own, Mapping) else set()
    wanted = {variable: name for name, variables in cases.items() for variable in variables}
    read = _read(document, walked)
    known = None if read is None else read | defaults
    for name, variables in cases.items():
        for variable in wanted.keys() - variables.keys() - defaults:
            if known is None or variable in known:
                message = f"the case `{name}` has no `{variable}`, which the case `{wanted[variable]}` has"
                hint = f"add it, or give `{variable}` a value in the scenario's `variables`"
                yield Problem("missing_variable", message, child_path(KEY, name), hint)
        for variable in variables:
            if known is not None and variable not in known:
                message = f"the scenario reads no variable `{variable}`{suggestion(variable, known, 'it reads none')}"
                hint = "correct the name; what is for people only begins with `x-`"
                yield Problem("unknown_variable", message, _path(name, variable), hint)


def _read(document: Mapping[str, Json], walked: SiteWalk) -> set[str] | None:
    """The variables that the scenario reads; None when a template takes them by names that are not known."""
    parts = templated(document)
    if any(use.key is None for _, text in template.texts(parts) for use in uses(text, _VARS)):
        return None
    redacted = (entry for site in walked.sites for entry in _texts(site.raw.get("redact")))
    named = {entry.removeprefix("vars.") for entry in redacted if entry.startswith("vars.")}
    return set(template.references(parts).vars) | named


def _texts(value: Json) -> list[str]:
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def _path(case: str, variable: str) -> str:
    return child_path(child_path(KEY, case), variable)
