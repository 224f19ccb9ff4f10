"""Expressions for the easy forms `set`, `remove` and `key_condition`, with placeholders for names and values."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from awsit.actions.dynamodb.attribute_values import AttributeValue, encode, encode_map
from awsit.errors import ActionError, ErrorKind
from awsit.model.json import Json
from awsit.suggestions import suggestion

_COMPARISONS = {
    "equals": "=",
    "less_than": "<",
    "less_or_equal": "<=",
    "greater_than": ">",
    "greater_or_equal": ">=",
}
_OPERATORS = [*_COMPARISONS, "begins_with", "between"]
_BOUNDS = 2


class Placeholders(Struct):
    """Names and values of a request's expressions: the scenario's own, and those made here (`#awsit0`, `:awsit0`)."""

    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, AttributeValue] = field(default_factory=dict)

    def name(self, attribute: str) -> str:
        """A placeholder for the name, because it may be a reserved word."""
        placeholder = f"#awsit{len(self.names)}"
        self.names[placeholder] = attribute
        return placeholder

    def value(self, value: Json, where: str) -> str:
        """A placeholder for the value."""
        placeholder = f":awsit{len(self.values)}"
        self.values[placeholder] = encode(value, where)
        return placeholder

    def as_request(self) -> dict[str, Json]:
        """The request's members; DynamoDB refuses empty ones."""
        request: dict[str, Json] = {}
        if self.names:
            request["ExpressionAttributeNames"] = self.names
        if self.values:
            request["ExpressionAttributeValues"] = self.values
        return request


def scenario_placeholders(names: Mapping[str, str], values: Mapping[str, Json]) -> Placeholders:
    """Those that the scenario itself gives; their values as attribute values."""
    return Placeholders(dict(names), encode_map(values, "values"))


def update_expression(assigned: Mapping[str, Json], removed: list[str], placeholders: Placeholders) -> str:
    """`SET` and `REMOVE` of attributes by name."""
    sets = [
        f"{placeholders.name(name)} = {placeholders.value(value, f'set.{name}')}" for name, value in assigned.items()
    ]
    removals = [placeholders.name(name) for name in removed]
    clauses = (f"SET {', '.join(sets)}" if sets else "", f"REMOVE {', '.join(removals)}" if removals else "")
    return " ".join(filter(None, clauses))


def key_condition(conditions: Mapping[str, Json], placeholders: Placeholders) -> str:
    """The key condition. Raises ActionError of kind validation for an unknown operator."""
    return " AND ".join(_condition(name, wanted, placeholders) for name, wanted in conditions.items())


def _condition(attribute: str, wanted: Json, placeholders: Placeholders) -> str:
    where = f"key_condition.{attribute}"
    operator, operand = _operation(wanted, where)
    name = placeholders.name(attribute)
    if operator == "between":
        low, high = (placeholders.value(bound, where) for bound in _bounds(operand, where))
        return f"{name} BETWEEN {low} AND {high}"
    value = placeholders.value(operand, where)
    if operator == "begins_with":
        return f"begins_with({name}, {value})"
    return f"{name} {_COMPARISONS[operator]} {value}"


def _operation(wanted: Json, where: str) -> tuple[str, Json]:
    if not isinstance(wanted, Mapping) or any(key.startswith("$") for key in wanted):
        return "equals", wanted
    if len(wanted) != 1:
        raise _wrong(f"`{where}` must hold one value or one operator")
    operator, operand = next(iter(wanted.items()))
    if operator not in _OPERATORS:
        raise _wrong(f"`{where}`: unknown operator `{operator}`{suggestion(operator, _OPERATORS)}")
    return operator, operand


def _bounds(operand: Json, where: str) -> list[Json]:
    if not isinstance(operand, list) or len(operand) != _BOUNDS:
        raise _wrong(f"`{where}.between` must be a list of two values, the lower first")
    return operand


def _wrong(message: str) -> ActionError:
    return ActionError(message, kind=ErrorKind.VALIDATION, hint=f"the operators are {', '.join(_OPERATORS)}")
