"""What of a plan's templates is known before the run: variables, environment and stacks, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from msgspec import Struct

from awsit.errors import AwsitError, ExpressionError
from awsit.expressions.templates import template
from awsit.expressions.templates.segments import Part, sole_expression, split
from awsit.expressions.values import as_text
from awsit.forecast.calls import root_names
from awsit.model.json import Json
from awsit.model.plan import Plan

_ROOTS = frozenset({"vars", "env", "stack", "range", "null"})


class Known(Struct, frozen=True):
    """The values that are the same in every run of the plan."""

    variables: Mapping[str, Json]
    env: Mapping[str, str]
    stacks: Mapping[str, Mapping[str, str]]

    def fill(self, value: Json) -> Json:
        """The document with each expression that is known replaced by its value; the others stay as they are."""
        return self._filled(value, lambda known: known)

    def fill_templates(self, value: Json) -> Json:
        """The same as a document that is filled once more: of a value, nothing is a template there."""
        return self._filled(value, template.literal)

    def _filled(self, value: Json, write: Callable[[Json], Json]) -> Json:
        if isinstance(value, str):
            return self._text(value, write) if template.is_template(value) else value
        if isinstance(value, Mapping):
            return {str(self._filled(key, write)): self._filled(item, write) for key, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item, write) for item in value]
        return value

    def _text(self, text: str, write: Callable[[Json], Json]) -> Json:
        try:
            parts = split(text)
        except ExpressionError:
            return text
        if sole_expression(parts):
            return self._value(parts[0], write)
        return "".join(as_text(self._value(part, write)) if part.expression else part.text for part in parts)

    def _value(self, part: Part, write: Callable[[Json], Json]) -> Json:
        source = f"{{{{{part.text}}}}}"
        if not is_fixed(part.text, self.variables):
            return source
        scope = {"vars": self.variables, "env": self.env, "stack": self.stacks.__getitem__}
        try:
            return write(template.render(source, scope))
        except (AwsitError, LookupError):
            return source


def known(plan: Plan, document: Json, given: Collection[str]) -> Known:
    """What is known of a plan, compiled from `document` with values `given` for some of its variables."""
    variables: dict[str, Json] = {name: value for name, value in plan.variables.items() if name in given}
    for name, value in document.get("variables", {}).items():
        if name not in variables and all(_is_fixed_text(text, variables) for _, text in template.texts(value)):
            variables[name] = plan.variables[name]
    return Known(variables, plan.env, plan.stacks)


def is_fixed(expression: str, variables: Collection[str]) -> bool:
    """Whether one expression gives the same in every run, when `variables` do."""
    try:
        return root_names(expression) <= _ROOTS and template.references(f"{{{{{expression}}}}}").vars <= set(variables)
    except ExpressionError:
        return False


def _is_fixed_text(text: str, variables: Collection[str]) -> bool:
    try:
        return all(is_fixed(part.text, variables) for part in split(text) if part.expression)
    except ExpressionError:
        return False
