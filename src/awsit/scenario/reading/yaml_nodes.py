"""From YAML text to a graph of nodes, with the types of JSON: YAML 1.1's dates, `yes`, `on` and `1:30` stay text.

A plain scalar is a number only when JSON would read it as one, so that an account ID such as 012345678901 is text.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, cast

import yaml

from awsit.errors import Position, Problem
from awsit.patterns import lazy_pattern
from awsit.scenario.limits import MAX_DEPTH
from awsit.scenario.reading.source import EMPTY_HINT, position_at
from awsit.scenario.reading.yaml_messages import explain, position_of

TAG = "tag:yaml.org,2002:"
NOT_FINITE = "tag:awsit,2025:not-finite"

_TOO_DEEP = "maximum nesting depth"
"""The message of newer versions of libyaml, which have a limit of their own."""

_INT = lazy_pattern(r"-?(?:0|[1-9][0-9]*)\Z")
_FLOAT = lazy_pattern(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
_BOOL = lazy_pattern(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_NULL = lazy_pattern(r"(?:~|null|Null|NULL|)\Z")
_NOT_FINITE = lazy_pattern(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_TYPES = (
    ((*"-0123456789",), f"{TAG}int", _INT),
    ((*"-0123456789",), f"{TAG}float", _FLOAT),
    ((*"-+.",), NOT_FINITE, _NOT_FINITE),
    ((*"tTfF",), f"{TAG}bool", _BOOL),
    (("~", "n", "N", ""), f"{TAG}null", _NULL),
    (("<",), f"{TAG}merge", lazy_pattern(r"<<\Z")),
)
"""First characters of a plain scalar ("" for none at all), its tag, and what it must look like."""
_UNPRINTABLE = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What is no `c-printable` (YAML 1.1, section 5.1)."""

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ScenarioLoader(_SafeLoader):  # type: ignore[misc] # libyaml's loader, or PyYAML's own where it was built without
    """PyYAML's safe loader with the implicit types of JSON only."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {
        first: [(tag, rule) for firsts, tag, rule in _TYPES if first in firsts]
        for first in {character for firsts, _, _ in _TYPES for character in firsts}
    }


def implicit_tag(text: str) -> str:
    """The tag of a plain scalar."""
    for tag, rule in ScenarioLoader.yaml_implicit_resolvers.get(text[:1], ()):
        if rule.match(text):
            return tag
    return f"{TAG}str"


class UnreadableText(Exception):
    """The text is not one YAML document; `problem` says why, and where."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        super().__init__(problem.message)
        self.problem = problem


def compose(text: str, file: str) -> yaml.Node:
    """The document's root node. Raises UnreadableText."""
    character = unprintable(text)
    if character:
        raise UnreadableText(_not_allowed(text, file, character.start()))
    try:
        _check_events(text, file)
        return nodes_of(text)
    except yaml.MarkedYAMLError as error:
        if _TOO_DEEP in (error.problem or ""):
            raise UnreadableText(_too_deep(error.problem_mark, file)) from error
        raise UnreadableText(explain(text, file, error)) from error


def value_of(text: str, loader_class: type[Any] = ScenarioLoader) -> Any:
    """The value that a safe loader makes of a text; an alias stays one value in memory. Raises YAMLError."""
    loader = loader_class(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def nodes_of(text: str) -> yaml.Node:
    """The root node of a text that is one document and not nested too deeply. Raises MarkedYAMLError."""
    return cast("yaml.Node", yaml.compose(text, Loader=ScenarioLoader))


def _check_events(text: str, file: str) -> None:
    """Refuse deep nesting and several documents before nodes are composed: libyaml's composer has no limit."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=ScenarioLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if depth > MAX_DEPTH:
            raise UnreadableText(_too_deep(event.start_mark, file))
        if documents > 1:
            raise UnreadableText(
                Problem(
                    "syntax",
                    "a second YAML document starts here",
                    hint="keep one scenario in a file, without another `---` line",
                    position=position_of(event.start_mark, file),
                )
            )
    if not documents:
        raise UnreadableText(Problem("syntax", "holds only comments", "", EMPTY_HINT, Position(file, 1, 1)))


def _too_deep(mark: Any, file: str) -> Problem:
    position = position_of(mark, file) if mark else Position(file, 1, 1)
    return Problem("limit", f"nested more than {MAX_DEPTH} levels deep", position=position)


def unprintable(text: str) -> re.Match[str] | None:
    """The first character that YAML does not allow."""
    return _UNPRINTABLE.search(text)


def _not_allowed(text: str, file: str, offset: int) -> Problem:
    message = f"the control character U+{ord(text[offset]):04X} is not allowed in YAML"
    return Problem("syntax", message, hint="remove it", position=position_at(text, file, offset))
