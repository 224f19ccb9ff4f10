"""What a `dynamodb` action takes, and which key belongs to which operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from awsit.actions.always_refused import Place
from awsit.actions.dynamodb.always_refused import (
    empty_expressions,
    empty_item,
    empty_names,
    equal_members,
    impossible_key,
    unwritable,
)
from awsit.actions.dynamodb.clashes import given_twice, overlapping_paths, reversed_bounds, reversed_values
from awsit.actions.dynamodb.placeholders import placeholder_problems
from awsit.actions.expected_error import EXPECT_ERROR, ExpectedError, misspelt_codes
from awsit.actions.operations import Takes, check_operation
from awsit.actions.params import Params
from awsit.validation.errors import Finding, findings

DEFAULT_LIMIT = 1000
_BATCH_GET = 100
_BATCH_WRITE = 25

Operation = Literal["get_item", "put_item", "update_item", "delete_item", "query", "scan", "batch_get", "batch_write"]

_NAMES = frozenset({"names", "expression_attribute_names"})
_PLACEHOLDERS = _NAMES | {"values", "expression_attribute_values"}
_CONDITION = frozenset({"condition_expression", "return_values"}) | _PLACEHOLDERS
_PAGE = (
    frozenset({"index", "limit", "consistent_read", "filter", "filter_expression", "projection_expression"})
    | _PLACEHOLDERS
)
_PROJECTION = frozenset({"consistent_read", "projection_expression"}) | _NAMES
_NEVER_EMPTY = (
    "key_condition_expression",
    "filter_expression",
    "projection_expression",
    "condition_expression",
    "update_expression",
)
"""Expressions that are sent as they are; an empty `filter` is none."""
_OF_VALUES = ("item", "items", "set", "values", "expression_attribute_values")
_LONG_NAMES = {
    "filter": "filter_expression",
    "names": "expression_attribute_names",
    "values": "expression_attribute_values",
}
"""Params that have a long name too, as DynamoDB's API has it."""

_TAKES = {
    "get_item": Takes(frozenset({"key"}), _PROJECTION),
    "put_item": Takes(frozenset({"item"}), _CONDITION),
    "update_item": Takes(frozenset({"key"}), _CONDITION | {"update_expression", "set", "remove"}),
    "delete_item": Takes(frozenset({"key"}), _CONDITION),
    "query": Takes(more=_PAGE | {"key_condition", "key_condition_expression", "scan_forward"}),
    "scan": Takes(more=_PAGE),
    "batch_get": Takes(frozenset({"keys"}), _PROJECTION),
    "batch_write": Takes(more=frozenset({"items", "keys"})),
}


def _key_condition(value: Any) -> Any:
    if not isinstance(value, dict | str) or not value:
        raise ValueError("must be a mapping of the key's attributes, or an expression")
    return value


KeyCondition = Annotated[
    Any,
    AfterValidator(_key_condition),
    WithJsonSchema({"anyOf": [{"type": "object", "additionalProperties": True}, {"type": "string", "minLength": 1}]}),
]


class DynamoDBParams(Params):
    """Params of `dynamodb`. Items, keys and values are plain JSON."""

    operation: Operation = Field(description="What to do.")
    table: str = Field(min_length=1, description="Name or ARN of the table.")
    key: dict[str, Any] | None = Field(
        default=None, description="Primary key of the item.", examples=[{"order_id": "A-17"}]
    )
    item: dict[str, Any] | None = Field(default=None, description="`put_item`: the whole item.")
    items: list[dict[str, Any]] | None = Field(default=None, description="`batch_write`: items to put.")
    keys: list[dict[str, Any]] | None = Field(
        default=None, description="`batch_get`: keys to read, at most 100. `batch_write`: keys to delete."
    )
    set: dict[str, Any] | None = Field(
        default=None, description="`update_item`: attributes to set, by name; for nested ones use `update_expression`."
    )
    remove: list[str] | None = Field(default=None, description="`update_item`: names of attributes to remove.")
    update_expression: str | None = Field(default=None, description="`update_item`: instead of `set` and `remove`.")
    condition_expression: str | None = Field(
        default=None, description="Write only if this holds; if it does not, the action fails."
    )
    key_condition: KeyCondition | None = Field(
        default=None,
        description="`query`: values of the key's attributes, or one operator instead of a value: `equals`, "
        "`begins_with`, `between`, `less_than`, `less_or_equal`, `greater_than`, `greater_or_equal`. "
        "Or an expression, with `values` and `names`.",
        examples=[
            {"customer": "c-17", "placed_at": {"begins_with": "2030-"}},
            "customer = :customer AND begins_with(placed_at, :year)",
        ],
    )
    key_condition_expression: str | None = Field(default=None, description="The same as an expression `key_condition`.")
    filter: str | None = Field(
        default=None,
        description="`query`, `scan`: keep only the items for which this expression holds.",
        examples=["#status = :status"],
    )
    filter_expression: str | None = Field(default=None, description="The same as `filter`.")
    projection_expression: str | None = Field(default=None, description="Attributes to read; default: all.")
    names: dict[str, str] | None = Field(
        default=None, description="What `#names` in expressions stand for.", examples=[{"#status": "status"}]
    )
    values: dict[str, Any] | None = Field(
        default=None,
        description="What `:values` in expressions stand for, as plain JSON.",
        examples=[{":customer": "c-17", ":year": "2030-"}],
    )
    expression_attribute_names: dict[str, str] | None = Field(default=None, description="The same as `names`.")
    expression_attribute_values: dict[str, Any] | None = Field(default=None, description="The same as `values`.")
    index: str | None = Field(default=None, min_length=3, description="Name of a secondary index to read.")
    limit: int | None = Field(
        default=None, ge=1, description=f"Items to read at most, over all pages; default {DEFAULT_LIMIT}."
    )
    consistent_read: bool | None = Field(
        default=None, description="Strongly consistent read; default: true for `get_item`, false for the others."
    )
    scan_forward: bool | None = Field(default=None, description="`query`: ascending sort key (default true).")
    return_values: Literal["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] | None = Field(
        default=None, description="Attributes to bring back after a write; all but `update_item` know `ALL_OLD` only."
    )
    expect_error: ExpectedError | None = EXPECT_ERROR

    @model_validator(mode="after")
    def _fits_operation(self) -> Self:
        present = check_operation(self, self.operation, _TAKES, "table")
        twice = next((each for each in _LONG_NAMES.items() if present.issuperset(each)), None)
        if twice:
            raise ValueError(f"`{twice[0]}` and `{twice[1]}` are the same: give one of them")
        _CHECKS.get(self.operation, lambda _: None)(self)
        if problems := list(placeholder_problems(self.expressions, self.all_names, self.all_values)):
            raise ValueError("; ".join(problems))
        wrong = misspelt_codes("dynamodb", self.expect_error) if self.expect_error else self._always_refused()
        if found := [*self._each_value(unwritable), *wrong]:
            raise findings(found)
        return self

    def _each_value(self, check: Callable[[Any, Place], Iterable[Finding]]) -> Iterator[Finding]:
        """What is wrong with what goes into the table, or is compared with what is in it."""
        for name in _OF_VALUES:
            yield from check(getattr(self, name), (name,))

    def _always_refused(self) -> Iterator[Finding]:
        """What no table takes; a scenario that expects an error may be about just that."""
        yield from impossible_key(self.key, ("key",))
        yield from empty_item(self.item, ("item",))
        for index, key in enumerate(self.keys or ()):
            yield from impossible_key(key, ("keys", index))
        for index, item in enumerate(self.items or ()):
            yield from empty_item(item, ("items", index))
        yield from empty_expressions({name: getattr(self, name) for name in _NEVER_EMPTY})
        yield from empty_names(self.set, "set")
        yield from empty_names(self.remove, "remove")
        yield from self._each_value(equal_members)
        yield from self._clashes()

    def _clashes(self) -> Iterator[Finding]:
        yield from given_twice(self.items or (), self.keys or ())
        yield from overlapping_paths(self.set or {}, self.remove or ())
        yield from reversed_bounds(self.key_condition)
        param = "values" if self.values else "expression_attribute_values"
        yield from reversed_values(self.expressions, self.all_values, param)

    @property
    def expressions(self) -> tuple[str, ...]:
        """All expressions, as they are written."""
        written = (
            self.key_condition,
            self.key_condition_expression,
            self.filter,
            self.filter_expression,
            self.condition_expression,
            self.update_expression,
            self.projection_expression,
        )
        return tuple(each for each in written if isinstance(each, str))

    @property
    def all_names(self) -> dict[str, str]:
        """What the `#names` stand for."""
        return self.names or self.expression_attribute_names or {}

    @property
    def all_values(self) -> dict[str, Any]:
        """What the `:values` stand for."""
        return self.values or self.expression_attribute_values or {}


def _check_update(params: DynamoDBParams) -> None:
    easy = bool(params.set or params.remove)
    if easy == (params.update_expression is not None):
        raise ValueError("update_item needs either `set` and `remove`, or `update_expression`")


def _check_query(params: DynamoDBParams) -> None:
    if bool(params.key_condition) == (params.key_condition_expression is not None):
        raise ValueError("query needs exactly one of `key_condition` and `key_condition_expression`")


def _check_batch_get(params: DynamoDBParams) -> None:
    if not 1 <= len(params.keys or ()) <= _BATCH_GET:
        raise ValueError(f"batch_get takes 1 to {_BATCH_GET} `keys`")


def _check_batch_write(params: DynamoDBParams) -> None:
    is_without_any = params.items is None and params.keys is None  # an empty list may be all that a query found
    if is_without_any or len(params.items or ()) + len(params.keys or ()) > _BATCH_WRITE:
        raise ValueError(f"batch_write takes 1 to {_BATCH_WRITE} `items` and `keys` together")


def _check_return(params: DynamoDBParams) -> None:
    if params.return_values not in {None, "NONE", "ALL_OLD"}:
        raise ValueError(f"{params.operation} knows the `return_values` NONE and ALL_OLD only")


_CHECKS = {
    "update_item": _check_update,
    "query": _check_query,
    "batch_get": _check_batch_get,
    "batch_write": _check_batch_write,
    "put_item": _check_return,
    "delete_item": _check_return,
}
