"""Values that a request sends: the document's own examples, else values made up from its schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from awsit.cli.drafts.openapi.document import OpenApi, UndraftableError
from awsit.cli.drafts.openapi.schema.merging import Detail, Schemas, is_null, kinds, reference_of
from awsit.cli.drafts.openapi.schema.numbers import number_of
from awsit.cli.drafts.openapi.schema.texts import text_of
from awsit.cli.drafts.openapi.schema.validity import Validity
from awsit.model.json import Json
from awsit.records import replace

DEEPEST = 12
"""Values inside one another. A schema that requires more of them is taken to contain itself without end."""
FULL_DEPTH = 2
"""Down to here, what is not required is filled in too, where the document gives an example or requires nothing."""
MOST_VALUES = 2_000
"""Values in one that is made up, attempts that led nowhere included."""
MOST_ITEMS = 100


class Nothing:
    """The type of NOTHING."""


NOTHING: Final = Nothing()
"""Stands for an example that is not there; null is one that is."""


class Nesting(Struct, frozen=True):
    """Where in a value the making is: the references on the way, the depth, and what of the budget is used."""

    references: frozenset[str] = frozenset()
    depth: int = 0
    count: list[int] = field(default_factory=lambda: [0])

    def inside(self, schema: Json) -> Nesting:
        """The nesting inside this schema. Raises UndraftableError for one that is inside itself, or too large."""
        self.count[0] += 1
        if self.depth >= DEEPEST or self.count[0] > MOST_VALUES:
            raise UndraftableError("the schema is too large, or contains itself without end")
        return replace(self.along(schema), depth=self.depth + 1)

    def along(self, schema: Json) -> Nesting:
        """The same nesting, after a reference is followed. Raises UndraftableError for one that was followed before."""
        reference = reference_of(schema)
        if reference and reference in self.references:
            raise UndraftableError(f"the schema {reference} contains itself without end")
        return replace(self, references=self.references | {reference}) if reference else self


class Examples(Struct, frozen=True):
    """Makes values for schemas. What it gives may hold templates (`written.Template`)."""

    api: OpenApi
    schemas: Schemas
    validity: Validity

    def value(self, schema: Json, nesting: Nesting | None = None) -> Json:
        """A value that the schema allows. Raises UndraftableError where there is none."""
        inside = (nesting or Nesting()).inside(schema)
        detail = self.schemas.merged(schema)
        given = self._given(schema, detail)
        if not isinstance(given, Nothing):
            return given
        for key in ("oneOf", "anyOf"):
            if key in detail:
                return self._alternative(schema, detail, key, inside)
        kind = next((each for each in kinds(detail) if each != "null"), "")
        if kind == "object":
            return self._object(detail, inside)
        if kind == "array":
            return self._array(detail, inside)
        return _scalar(kind or ("null" if kinds(detail) else "string"), detail)

    def given(self, node: Mapping[str, Json], schema: Json) -> Json | Nothing:
        """The example of a parameter or a media type, or of its schema, that the schema allows; NOTHING without."""
        for example in self._examples_of(node):
            if not self.validity.problem(schema, example):
                return example
        return self._given(schema, self.schemas.merged(schema), is_own=True)

    def _examples_of(self, node: Mapping[str, Json]) -> Iterator[Json]:
        if "example" in node:
            yield node["example"]
        for each in self.api.entry(node, "examples").values():
            example = self.api.resolve(each)
            if isinstance(example, Mapping) and "value" in example:
                yield example["value"]

    def _given(self, schema: Json, detail: Detail, *, is_own: bool = False) -> Json | Nothing:
        """The first value that the schema itself names and allows. With `is_own`, examples alone count."""
        for value in (*_own_examples(detail), *(() if is_own else _only_values(detail))):
            if not self.validity.problem(schema, value):
                return value
        return NOTHING

    def _alternative(self, schema: Json, detail: Detail, key: str, nesting: Nesting) -> Json:
        """A value of the first alternative that gives one which the whole schema allows.

        Where none does, such as when each fits several of a `oneOf`, it is the first at the top, and an error inside.
        """
        base = {name: value for name, value in detail.items() if name != key}
        options = [each for each in detail[key] if not is_null(self.schemas.merged(each))]
        reason = UndraftableError("none of its alternatives has a value")
        values: list[Json] = []
        for option in options:
            try:
                value = self.value({"allOf": [base, option]}, nesting.along(option))
            except UndraftableError as error:
                reason = error
                continue
            value = self._discriminated(value, detail, option)
            problem = self.validity.problem(schema, value)
            if len(options) == 1 or not problem:
                return value
            values.append(value)
            reason = UndraftableError(problem)
        if values and nesting.depth == 1:
            return values[0]
        if len(options) < len(detail[key]):
            return None
        raise reason

    def _discriminated(self, value: Json, detail: Detail, option: Json) -> Json:
        """The value with the name of its alternative in it (Discriminator Object)."""
        discriminator = detail.get("discriminator") or self.schemas.merged(option).get("discriminator") or {}
        name, reference = discriminator.get("propertyName"), reference_of(option)
        if not isinstance(value, dict) or not isinstance(name, str) or not reference:
            return value
        mapping = discriminator.get("mapping")
        named = mapping.items() if isinstance(mapping, Mapping) else ()
        own = reference.rsplit("/", 1)[-1]
        chosen = {**value, name: next((key for key, target in named if target in (reference, own)), own)}
        return value if self.validity.problem(option, chosen) else chosen

    def _object(self, detail: Detail, nesting: Nesting) -> dict[str, Json]:
        """The required properties, and others that have an example; all of them where none is required."""
        properties = detail.get("properties", {})
        required = detail.get("required", [])
        value: dict[str, Json] = {}
        for name in dict.fromkeys([*properties, *required]):
            schema = properties.get(name, detail.get("additionalProperties", {}))
            try:
                inner = self.schemas.merged(schema)
                if inner.get("readOnly") is not True and self._is_wanted(name, inner, required, nesting):
                    value[name] = self.value(schema, nesting)
            except UndraftableError:
                if name in required:
                    raise
        return self._with_more(value, detail, nesting)

    def _is_wanted(self, name: str, detail: Detail, required: list[str], nesting: Nesting) -> bool:
        return name in required or (nesting.depth <= FULL_DEPTH and (not required or bool(_own_examples(detail))))

    def _with_more(self, value: dict[str, Json], detail: Detail, nesting: Nesting) -> dict[str, Json]:
        """The object with as many properties as it must have."""
        missing = min(detail.get("minProperties", 0), MOST_ITEMS) - len(value)
        others = [(name, schema) for name, schema in detail.get("properties", {}).items() if name not in value]
        others += [(f"key{number + 1}", detail.get("additionalProperties", {})) for number in range(max(missing, 0))]
        for name, schema in others[: max(missing, 0)]:
            value[name] = self.value(schema, nesting)
        return value

    def _array(self, detail: Detail, nesting: Nesting) -> list[Json]:
        least = min(detail.get("minItems", 0), MOST_ITEMS)
        count = min(max(least, 1), detail.get("maxItems", MOST_ITEMS))
        fixed = detail.get("prefixItems", [])
        try:
            value = [self.value(each, nesting) for each in fixed[:count]]
            value += [self.value(detail.get("items", {}), nesting) for _ in range(count - len(value))]
        except UndraftableError:
            if least:
                raise
            return []
        if detail.get("uniqueItems") is True:
            allowed = self.schemas.merged(detail.get("items", {})).get("enum", ())
            value = [_distinct(each, number, allowed) for number, each in enumerate(value)]
        return value


def _own_examples(detail: Detail) -> list[Json]:
    """The examples that a schema gives."""
    return [*([detail["example"]] if "example" in detail else []), *detail.get("examples", [])]


def _only_values(detail: Detail) -> list[Json]:
    """The default of a schema, and the values that it is limited to."""
    return [*(detail[key] for key in ("default", "const") if key in detail), *detail.get("enum", [])]


def _scalar(kind: str, detail: Detail) -> Json:
    if kind in {"integer", "number"}:
        return number_of(kind, detail)
    if kind == "boolean":
        return True
    return None if kind == "null" else text_of(detail)


def _distinct(value: Json, number: int, allowed: list[Json]) -> Json:
    """The value of an item, unlike that of the items before it."""
    if number < len(allowed):
        return allowed[number]
    if number == 0 or isinstance(value, bool):
        return value != bool(number) if isinstance(value, bool) else value
    if isinstance(value, str):
        return f"{value}{number}"
    return value if isinstance(value, dict | list | None) else value + number
