"""What an editor says of the keys of an assertion: a sentence and an example of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_HELP: Final[Mapping[str, tuple[str, Any]]] = {
    "path": ("JSONPath (RFC 9535) to the value that is checked; default: `$`, all of it.", "$.body.items[0].price"),
    "name": ("What reports call this check.", "the price is right"),
    "equals": ('The value is equal, and of the same type: "2" is not 2, and 1.0 is 1.', 29.97),
    "not_equals": ("The value is not equal, or of another type.", "rejected"),
    "contains": (
        "The text has this part, the array this element (of a list: all of them), the object this key or these pairs.",
        "pen",
    ),
    "not_contains": ("The opposite of `contains`; of a list, none of its elements is there.", "error"),
    "exists": ("Whether there is something at the path; null is something.", True),
    "matches": (
        "A partial document; markers such as `#uuid`, `#number` and `##string` (or nothing) stand for their kind.",
        {"order_id": "#uuid", "status": "created"},
    ),
    "matches_regex": ("The regular expression is found in the text; `^` and `$` hold it to the whole.", "^A-[0-9]+$"),
    "greater_than": ("The number is greater, or the moment later.", 0),
    "greater_or_equal": ("The number or moment is greater or equal.", 1),
    "less_than": ("The number is less, or the moment earlier.", 800),
    "less_or_equal": ("The number or moment is less or equal.", 10),
    "length": (
        "How many elements, characters or keys there are: a number, or a comparison of it.",
        {"greater_than": 1},
    ),
    "one_of": ("The value is equal to one of the list.", ["created", "processed"]),
    "type": ("The type of the value: string, number, integer, boolean, array, object or null.", "number"),
    "json_schema": ("The value is valid against this JSON Schema.", {"type": "object", "required": ["id"]}),
    "any": ("An assertion that holds for an element of the array; its path begins there.", {"matches": {"sku": "pen"}}),
    "all": (
        "An assertion that holds for each element of the array; its path begins there.",
        {"path": "$.price", "greater_than": 0},
    ),
    "none": (
        "An assertion that holds for no element of the array; its path begins there.",
        {"path": "$.state", "equals": "failed"},
    ),
    "and": ("Assertions that all hold.", [{"path": "$.a", "equals": 1}, {"path": "$.b", "equals": 2}]),
    "or": ("Assertions of which one holds.", [{"path": "$.total", "equals": 0}, {"path": "$.orders", "length": 1}]),
    "not": ("An assertion that does not hold.", {"path": "$.status", "equals": "rejected"}),
    "strict": ("With `matches`: no key may be there that is not named.", True),
    "any_order": ("The elements of arrays may stand in any order.", True),
    "tolerance_seconds": ("How many seconds two moments, or numbers, may be apart.", 5),
}


def described(keys: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of an assertion, each with what an editor says of it; a reference keeps its target."""
    return {key: {**schema, **_help(key)} for key, schema in keys.items()}


def _help(key: str) -> dict[str, Any]:
    if key not in _HELP:
        return {}
    description, example = _HELP[key]
    return {"description": description, "examples": [example]}
