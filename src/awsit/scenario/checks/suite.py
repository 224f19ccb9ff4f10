"""Checks of `suite.name` in templates: the setup of the suite captures it."""

from __future__ import annotations

from collections.abc import Iterator

from awsit.errors import Problem
from awsit.expressions.templates import template
from awsit.expressions.templates.substitution import uses
from awsit.model.json import Json
from awsit.scenario.schema.template_texts import every_text
from awsit.suggestions import suggestion

_SUITE = frozenset({"suite"})


def suite_uses(document: Json) -> frozenset[str]:
    """The names of the suite that the templates of a document use."""
    return template.references(every_text(document)).suite


def unknown_in_suite(document: Json, names: frozenset[str], suite_file: str) -> Iterator[Problem]:
    """The uses of names that the suite does not capture; `suite_file` is empty where there is no `suite.yaml`."""
    if suite_uses(document) <= names:  # so that nobody asks for places
        return
    for path, text, is_key in template.placed_texts(document, ""):
        for name in sorted(template.references(text).suite - names):
            first = next((use for use in uses(text, _SUITE) if use.key == name), None)
            message, hint = _message(name, names, suite_file)
            if first is None or is_key:
                yield Problem("unknown_suite", message, path, hint)
            else:
                length = first.end - first.begin
                yield Problem("unknown_suite", message, path, hint, offset=first.begin, length=length)


def _message(name: str, names: frozenset[str], suite_file: str) -> tuple[str, str]:
    if not suite_file:
        hint = "write one in the folder of the scenario, or above it in the project: its setup captures `suite.name`"
        return f"`suite.{name}` has no value: there is no suite.yaml around this scenario", hint
    return f"nothing in {suite_file} captures `suite.{name}`{suggestion(name, names, 'it captures nothing')}", ""
