"""Values in paths. The JSONPath library is the judge of what a path's structure is, and of what it selects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonpath import JSONPath

from awsit.errors import ExpressionError
from awsit.expressions.jsonpath import literals, query
from awsit.model.json import Json

HOSTILE = st.one_of(
    st.text(),
    st.text("'\"\\[](){}?@$.*,:|&!=<> \n\t\r\b\f\x00\x1f\x7fau0\u2028\ud83d\U0001f600", max_size=12),
    st.sampled_from(
        ["'] | $..*", '"] | $..*', "\\", "\\'", "', 'b", "' || true || '", "x' == 'x", "*", "..*", "?@", "0:9"]
    ),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    st.none(),
    st.booleans(),
    st.lists(st.text(max_size=2), max_size=2),
)
PATHS = (
    ("$.items[?@.id == ", "]"),
    ("$.items[?@.id == '", "']"),
    ('$.items[?@["id"] == "a ', ' b" && @.n > 1]'),
    ("$['", "'].b"),
    ("$[", "]"),
    ("$[", ", ", "].x"),
    ("$[", ":", "]"),
    ("$.", ".b"),
    ("$.a_", ""),
    ("$..", "[0]"),
    ("$[?match(@.a, ", ")]"),
    ("$[?search(@['", "'], 'x", "')]"),
    ("$[?@.", " == ", "]"),
    ("$[?@.a == 1.", "]"),
)


def structure(path: str) -> object:
    """The parsed path without the values in it: names, indexes, literals."""
    parsed = query.parse(path)
    assert isinstance(parsed, JSONPath)
    return [_shape(segment) for segment in parsed.segments]


def _shape(node: Any) -> object:
    """Classes alone, at every depth, down to literals and names; names and indexes are both one child."""
    kind = type(node).__name__
    if kind in {"NameSelector", "IndexSelector"}:
        return "one child"
    if kind.endswith("Literal") or kind in {"Nil", "Undefined"}:
        return "literal"
    parts = [
        getattr(node, name, None) for name in ("selectors", "expression", "path", "left", "right", "args", "segments")
    ]
    children = [
        each for part in parts for each in (part if isinstance(part, list | tuple) else [part]) if _is_node(each)
    ]
    return (kind, getattr(node, "operator", None), getattr(node, "name", None) if kind == "FunctionExtension" else None,
            [_shape(each) for each in children])  # fmt: skip


def _is_node(value: object) -> bool:
    return type(value).__module__.startswith(("jsonpath.", "awsit.")) and not isinstance(value, str)


def benign(pieces: tuple[str, ...]) -> list[object]:
    """The structures that the path has with harmless values."""
    shapes: list[object] = []
    for path in literals.sample_paths(pieces):
        try:
            shapes.append(structure(path))
        except ExpressionError:
            continue
    assert shapes
    return shapes


@pytest.mark.parametrize("pieces", PATHS, ids="{}".join)
def test_no_value_changes_the_structure_of_a_path(pieces: tuple[str, ...]) -> None:
    shapes = benign(pieces)

    @given(st.lists(HOSTILE, min_size=len(pieces) - 1, max_size=len(pieces) - 1))
    @example(["'] | $..*"] * (len(pieces) - 1))
    @example([""] * (len(pieces) - 1))
    def holds(values: list[Json]) -> None:
        try:
            path = literals.joined(pieces, values)
            shape = structure(path)
        except ExpressionError:
            return  # refused, with a message
        assert shape in shapes, path

    holds()


@given(st.text())
@example("".join(map(chr, range(0x21))))
@example("'] | $..*")
@example("\"\\'\n\r\t\b\f/")
@example("\ud83d")
def test_a_text_is_found_under_its_own_name_and_nothing_else(text: str) -> None:
    document = {text: "this", f"{text}x": "other", "items": [{"id": text}, {"id": f"{text}x"}]}
    for pieces in (("$[", "]"), ("$['", "']"), ('$["', '"]')):
        assert query.find(literals.joined(pieces, [text]), document).values == [document[text]]
    for pieces in (("$.items[?@.id == ", "]"), ("$.items[?@.id == '", "']"), ('$.items[?@.id == "', '"]')):
        assert query.find(literals.joined(pieces, [text]), document).values == [{"id": text}]


@pytest.mark.parametrize(
    ("pieces", "values", "path"),
    [
        (("$.items[?@.id == ", "]"), ["a'b"], r"$.items[?@.id == 'a\'b']"),
        (("$.items[?@.id == ", "]"), [7], "$.items[?@.id == 7]"),
        (("$.items[?@.price == ", "]"), [Decimal("1.50")], "$.items[?@.price == 1.50]"),
        (("$.items[?@.paid == ", "]"), [True], "$.items[?@.paid == true]"),
        (("$.items[?@.note == ", "]"), [None], "$.items[?@.note == null]"),
        (("$.items[?@.id == '", "']"), ["a'b\"c"], "$.items[?@.id == 'a\\'b\"c']"),
        (('$.items[?@.id == "n-', '"]'), [7], '$.items[?@.id == "n-7"]'),
        (("$.a[", "]"), [2], "$.a[2]"),
        (("$.a[", "]"), [Decimal("2.0")], "$.a[2]"),
        (("$.a[", "]"), ["x y"], "$.a['x y']"),
        (("$.a.", ".b"), ["é_1"], "$.a.é_1.b"),
        (("$.item_", "[0]"), [3], "$.item_3[0]"),
    ],
)
def test_a_value_becomes_a_literal(pieces: tuple[str, ...], values: list[Json], path: str) -> None:
    assert literals.joined(pieces, values) == path
    query.parse(path)


@pytest.mark.parametrize(
    ("pieces", "value", "message"),
    [
        (("$.", ""), "items[0].id", "is no name that may stand after a dot"),
        (("$.", ".b"), "", "is no name that may stand after a dot"),
        (("$.a", ""), "-b", "is no name that may stand after a dot"),
        (("$.a[0]", ""), "x", "never a part of its syntax"),
        (("", ".a"), "$", "never a part of its syntax"),
        (("$['a\\", "']"), "x", "never a part of its syntax"),
        (("$.a[", "]"), ["x"], 'array ["x"] is no literal of a path'),
        (("$.a[?@ == ", "]"), {}, "object {} is no literal of a path"),
    ],
)
def test_what_is_no_literal_is_refused(pieces: tuple[str, ...], value: Json, message: str) -> None:
    with pytest.raises(ExpressionError, match=r".") as caught:
        literals.joined(pieces, [value])

    assert message in caught.value.message
    assert (caught.value.code, bool(caught.value.hint)) == ("bad_path", True)
