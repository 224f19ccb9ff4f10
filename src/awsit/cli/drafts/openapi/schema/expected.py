"""What `matches` expects of a response, by its schema."""

from __future__ import annotations

import re

from msgspec import Struct

from awsit.cli.drafts.openapi.document import UndraftableError
from awsit.cli.drafts.openapi.schema.merging import Detail, Schemas, is_null, kinds, reference_of
from awsit.expressions.templates.template import literal
from awsit.model.json import Json

DEEPEST = 5
"""Objects inside one another that are written out."""
ANYTHING = "#ignore"

Trail = tuple[str, ...]
"""The references on the way to a schema, empty for one without."""


class Expectations(Struct, frozen=True):
    """Writes markers for the types of a schema, objects key by key."""

    schemas: Schemas

    def of(self, schema: Json, trail: Trail = (), *, optional: bool = False) -> Json:
        """What the schema says of a value; anything where it cannot be followed."""
        try:
            detail, nullable = self._without_null(self.schemas.merged(schema))
        except UndraftableError:
            return f"#{ANYTHING}" if optional else ANYTHING
        types = [kind for kind in kinds(detail) if kind != "null"]
        choices = [detail["const"]] if "const" in detail else detail.get("enum")
        may_miss = optional or nullable or (choices is not None and None in choices)
        hash_marks = "##" if may_miss else "#"
        if choices:
            return _one_of(choices, hash_marks)
        if len(types) != 1 or {"oneOf", "anyOf"} & detail.keys():
            return f"{hash_marks}ignore" if may_miss or not types else "#present"
        if types[0] == "object" and not may_miss and detail.get("properties") and not _is_over(schema, trail):
            return self._object(detail, (*trail, reference_of(schema)))
        if types[0] == "array":
            item = self.of(detail.get("items", {}), ("",) * DEEPEST)
            return f"{hash_marks}[] {item}" if isinstance(item, str) and item.startswith("#") else f"{hash_marks}array"
        return hash_marks + ("uuid" if detail.get("format") == "uuid" else types[0])

    def _object(self, detail: Detail, trail: Trail) -> dict[str, Json]:
        required = detail.get("required", [])
        return {
            literal(name): self.of(schema, trail, optional=name not in required)
            for name, schema in detail["properties"].items()
            if not self._is_write_only(schema)
        }

    def _is_write_only(self, schema: Json) -> bool:
        try:
            return self.schemas.merged(schema).get("writeOnly") is True
        except UndraftableError:
            return False

    def _without_null(self, detail: Detail) -> tuple[Detail, bool]:
        """The schema, or its only alternative beside null; and whether null is allowed."""
        for key in ("oneOf", "anyOf"):
            options = detail.get(key, ())
            others = [each for each in options if not is_null(self.schemas.merged(each))]
            if len(others) == 1:
                base = {name: value for name, value in detail.items() if name != key}
                only = self.schemas.merged({"allOf": [base, others[0]]})
                return only, len(others) < len(options) or "null" in kinds(only) + kinds(detail)
        return detail, "null" in kinds(detail)


def _is_over(schema: Json, trail: Trail) -> bool:
    """Whether a schema is inside itself here, or too deep."""
    reference = reference_of(schema)
    return len(trail) >= DEEPEST or bool(reference and reference in trail)


def _one_of(choices: list[Json], hash_marks: str) -> Json:
    """An enumeration: the value itself where there is one only, else a pattern of the texts."""
    texts = [each for each in choices if isinstance(each, str)]
    if len(choices) == 1 and hash_marks == "#" and not (texts and texts[0].startswith("#")):
        return literal(choices[0])
    if len(texts) == len([each for each in choices if each is not None]):
        return f"{hash_marks}regex {literal('|'.join(map(re.escape, texts)))}"
    return f"{hash_marks}present" if hash_marks == "#" else "##ignore"
