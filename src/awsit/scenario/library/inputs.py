"""What one `use` binds: the values of an action's inputs, and the names of its inner actions and captured values."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

from awsit.errors import ExpressionError, Problem
from awsit.expressions.jsonpath import literals
from awsit.expressions.templates.names import FAKE, GENERATORS
from awsit.expressions.templates.segments import Part, holds_template, is_template, pieces, sole_expression, split
from awsit.expressions.templates.substitution import Use, as_source, rewrite, sole_use, uses
from awsit.expressions.values import as_text, is_of_type
from awsit.model.json import Json
from awsit.records import replace
from awsit.scenario.library.tree import Node, TooLarge, mapped, plain
from awsit.scenario.limits import MAX_DOCUMENT_BYTES
from awsit.scenario.reading.source import SourcePosition
from awsit.suggestions import suggestion
from awsit.validation.sentences import not_this

_ROOTS = frozenset({"inputs", "context", "actions"})
_PATH = re.compile(
    r"""(?:actions\.[^.\[]+|defaults\.[^.\[]+)
    (?:\.(?:actions|on_failure|cleanup)\[\d+\]
    |\.params\.(?:then|else)\[\d+\]
    |\.params\.branches\[\d+\](?:\.actions)?\[\d+\]
    |\.until|\.during)*
    \.(?:pass_to_context\.\w+(?:\.path|\.json_path(?:\[\d+\])?)?
    |redact\[\d+\]
    |(?:assert|fail_when)\[\d+\](?:\.(?:and|or)\[\d+\]|\.(?:not|any|all|none))*\.(?:path|json_path(?:\[\d+\])?))""",
    re.VERBOSE,
)
"""The places of JSONPaths in a library: of its actions at every depth, never of what their params send."""
_REGEX = re.compile(r"\.pass_to_context\.\w+\.regex\Z")
"""The place of a regular expression, which is literal: an input in it would be syntax."""
_EXPECTED = {"integer": "a whole number", "array": "an array", "object": "an object"}


ANYTHING = "{{ run.id }}"
"""The stand-in for a value that is wrong and reported, so that the rest can be checked: it fits every type."""


class Binding(Struct):
    """Turns the texts of a library's action into those of the scenario that uses it.

    The names of its inner actions get the `prefix`. `outputs` has, by captured name, the names that the value has in
    the scenario; any other captured name gets the prefix, so that it cannot clash.
    """

    prefix: str = ""
    inputs: Mapping[str, Node] = field(default_factory=dict)
    outputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def action(self, name: str) -> str:
        """The name of an inner action in the scenario."""
        return f"{self.prefix}_{name}" if self.prefix else name

    def captured(self, name: str) -> tuple[str, ...]:
        """The names of a captured value in the scenario."""
        return self.outputs.get(name) or (self.action(name),)

    def bound(self, node: Node) -> Node:
        """The tree with the names in its expressions replaced. Raises TooLarge."""
        return mapped(node, self._text) if self.prefix else node

    def _text(self, node: Node) -> Node:
        text = str(node.value)
        if not is_template(text) or _REGEX.search(node.path):
            return node
        for use in uses(text, frozenset({"inputs"})):
            if use.key not in self.inputs:
                self.problems.append(self._unknown(node, use))
                return node.with_value(ANYTHING)
        try:
            parts = split(text)
        except ExpressionError:
            return node  # the checks of templates report it
        key = sole_use(parts[0], "inputs") if sole_expression(parts) else None
        if key is not None:
            return self.inputs[key]
        try:
            changed = self._path(parts) if _PATH.fullmatch(node.path) else self._joined(parts, text)
        except ExpressionError as error:
            self.problems.append(node.problem(error.code, error.message, error.hint))
            return node.with_value("$")
        if len(changed) > MAX_DOCUMENT_BYTES:
            raise TooLarge
        return node if changed == text else Node(changed, node.path, _without_characters(node))

    def _path(self, parts: tuple[Part, ...]) -> str:
        """A JSONPath, in which inputs are literals; if not all of its expressions are inputs, those of the run's too.

        Raises ExpressionError, code `bad_path`, for an input that would be syntax of the path.
        """
        keys = [sole_use(part, "inputs") for part in parts if part.expression]
        values = [plain(self.inputs[key]) for key in keys if key is not None]
        if len(values) == len(keys) and not any(map(holds_template, values)):
            return literals.joined(pieces(parts), values)
        return "".join(self._expression(part) if part.expression else part.text for part in parts)

    def _joined(self, parts: tuple[Part, ...], text: str) -> str:
        return "".join(self._part(part, text) for part in parts)

    def _expression(self, part: Part) -> str:
        return rewrite("{{" + part.text + "}}", _ROOTS, self._source)

    def _part(self, part: Part, text: str) -> str:
        if not part.expression:
            return part.text
        key = sole_use(part, "inputs")
        value = plain(self.inputs[key]) if key is not None else None
        if key is not None and _fits_into_text(value, text[: part.offset - 2]):
            return value if isinstance(value, str) else as_text(value)
        return self._expression(part)

    def _source(self, use: Use) -> str | None:
        if use.key is None:
            return None
        if use.root == "inputs":
            return as_source(plain(self.inputs[use.key]))
        return f"{use.root}.{self.action(use.key) if use.root == 'actions' else self.captured(use.key)[0]}"

    def _unknown(self, node: Node, use: Use) -> Problem:
        if use.key is None:
            message = "`inputs` needs a literal name, as in `inputs.name`"
            return node.problem("not_literal", message)
        return node.problem("unknown_input", f"there is no input `{use.key}`{suggestion(use.key, self.inputs)}")


def bind_inputs(action: Node, values: Node, use: Node, problems: list[Problem]) -> dict[str, Node]:
    """The value of each input of an action, from the mapping `with` of a `use`, or its default.

    An input whose value is missing or wrong gets `ANYTHING`.
    """
    inputs = action.entries.get("inputs", Node({})).entries
    for name in values.entries.keys() - inputs.keys():
        rest = suggestion(name, inputs) if inputs else "; it has none"
        problems.append(values.entries[name].problem("unknown_input", f"there is no input `{name}`{rest}", key=True))
    bound: dict[str, Node] = {}
    for name, spec in inputs.items():
        value = values.entries.get(name, spec.entries.get("default"))
        if value is None:
            hint = f"add it to `with`: {name}: ..."
            problem: Problem | None = use.problem("missing_input", f"the input `{name}` is missing", hint)
        else:
            problem = _input_problem(name, value, spec)
        problems += [problem] if problem else []
        bound[name] = use.with_value(ANYTHING) if problem or value is None else value
    return bound


def _input_problem(name: str, value: Node, spec: Node) -> Problem | None:
    expected = spec.text("type")
    document = plain(value)
    if not _is_of(document, expected):
        wanted = _EXPECTED.get(expected, f"a {expected}")
        return value.problem("wrong_type", f"`{name}` must be {wanted}{not_this(document)}")
    if generator := _generator_in(document):
        hint = "give it a name in `variables`, and pass that"
        return value.problem(
            "fresh_input", f"`{generator}()` would give another value at each place that uses it", hint
        )
    return None


def _is_of(value: Json, expected: str) -> bool:
    if isinstance(value, str) and is_template(value):
        try:
            parts = split(value)
        except ExpressionError:
            return True  # the checks of templates report it
        return sole_expression(parts) or expected == "string"
    return is_of_type(value, expected)


def _generator_in(value: Json) -> str:
    if isinstance(value, str):
        return next((use.root for use in uses(value, GENERATORS | {FAKE})), "")
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return next(filter(None, map(_generator_in, items)), "")


def _fits_into_text(value: Json, before: str) -> bool:
    """Whether a value can be written into a text after `before`, without braces that join with others."""
    if isinstance(value, str):
        return not before.endswith("{") and not value.endswith("{") and not _has_lone_brace(value)
    return not isinstance(value, Mapping | list)


def _has_lone_brace(value: str) -> bool:
    return value.startswith(("%", "#")) or ("{" in value and not is_template(value))


def _without_characters(node: Node) -> SourcePosition | None:
    return replace(node.position, written=None) if node.position else None
