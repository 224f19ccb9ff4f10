"""The text of a record is the JSON of its document, whatever is in it."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from msgspec import Struct, ValidationError, field

from awsit.model import codec
from awsit.model.json import dumps, loads_record


class Colour(StrEnum):
    RED = "red"


class Leaf(Struct, frozen=True):
    value: Any = None
    colour: Colour = Colour.RED


class Tree(Struct, frozen=True):
    name: str = "it"
    leaves: tuple[Leaf, ...] = ()
    by_name: Any = field(default_factory=dict)
    seconds: float = 0.1


DECIMALS = some.decimals(allow_nan=False, allow_infinity=False)
TEXTS = some.text(some.characters(exclude_categories=()))
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | DECIMALS | TEXTS,
    lambda inner: some.lists(inner) | some.dictionaries(TEXTS, inner) | some.tuples(inner, inner),
    max_leaves=10,
)


@given(VALUES, some.sampled_from([None, 2]))
def test_it_is_the_json_of_the_document(value: Any, indent: int | None) -> None:
    tree = Tree(leaves=(Leaf(value), Leaf()), by_name={"a": value})

    assert codec.text(tree, indent=indent) == dumps(codec.encode(tree), indent=indent)


@example("NaN", None)
@example("\ud800", None)
@given(VALUES, some.sampled_from([None, 2]))
def test_what_is_asked_for_again_has_the_same_text(value: Any, indent: int | None) -> None:
    trees = [Tree(leaves=(Leaf(value),)), Tree("other", by_name=[value])]

    for tree in (*trees, *trees[1:]):
        assert codec.text(tree, indent=indent, again=True) == codec.text(tree, indent=indent)
        assert codec.text({"in": codec.embedded(tree)}) == codec.text({"in": tree})


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        10**4000,
        -(2**64),
        Decimal("0." + "3" * 400),
        "\ud83d",
        {"\udc00": 1},
        "NaN",
        deep(120),
    ],
)
def test_what_the_fast_encoder_refuses_is_written_all_the_same(value: Any) -> None:
    text = codec.text({"tree": Tree(by_name=value), "trees": [Tree()]})

    assert loads_record(text) == {"tree": codec.encode(Tree(by_name=value)), "trees": [codec.encode(Tree())]}


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        codec.text(Tree(by_name=value))


class Names(dict[str, int]):
    """A mapping of another class."""


@pytest.mark.parametrize(
    "value",
    [
        {1: 2},
        {None: 1},
        {True: 1},
        {Colour.RED: 1},
        Names(one=1),
        IntEnum("Number", ["ONE"]).ONE,
        range(3),
        object(),
        Tree,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_nearly_a_document_is_written_or_refused_as_its_document(value: Any) -> None:
    for held in (value, [1, {"a": value}], {"leaf": Leaf(value)}):
        assert outcome(lambda held=held: codec.text(Tree(by_name=held))) == outcome(
            lambda held=held: dumps(codec.encode(Tree(by_name=held)))
        )


def test_what_is_part_of_itself_is_refused() -> None:
    circle: list[Any] = []
    circle.append(circle)

    with pytest.raises((TypeError, ValueError, RecursionError)):
        codec.text(Tree(by_name=circle))


def outcome(make: Callable[[], str]) -> str | type[Exception]:
    try:
        return make()
    except (TypeError, ValueError) as error:
        return type(error)


def test_a_number_with_a_fraction_keeps_its_digits() -> None:
    assert '"by_name":[1.50,1E-7,0.10]' in codec.text(Tree(by_name=[Decimal("1.50"), Decimal("1E-7"), Decimal("0.10")]))
    assert loads_record(codec.text(Tree(seconds=math.pi)))["seconds"] == Decimal(repr(math.pi))


@given(VALUES)
def test_what_was_written_is_parsed_again(value: Any) -> None:
    tree = Tree(leaves=(Leaf([value]), Leaf()), by_name={"a": [value]}, seconds=0.25)

    again = codec.parse(Tree, codec.text(tree))

    assert codec.encode(again) == codec.encode(tree)
    assert again.leaves[1] == tree.leaves[1]


@given(VALUES)
def test_what_was_encoded_is_decoded_again(value: Any) -> None:
    document = codec.encode(Tree(leaves=(Leaf([value]), Leaf()), by_name={"a": [value]}, seconds=0.25))

    assert codec.encode(codec.decode(Tree, document)) == document


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, Tree()),
        ({"seconds": "0.5", "unknown": 1}, Tree(seconds=0.5)),
        ({"seconds": Decimal(1), "leaves": [{"colour": "red"}]}, Tree(leaves=(Leaf(),), seconds=1.0)),
        ({"name": "a\ud800"}, Tree("a\ud800")),
    ],
    ids=str,
)
def test_what_an_older_version_wrote_is_decoded(document: Any, expected: Tree) -> None:
    assert codec.decode(Tree, document) == expected


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"name": 1}, "Expected `str`, got `int` - at `$.name`"),
        ({"leaves": [{"colour": "blue"}]}, "Invalid enum value 'blue' - at `$.leaves[0].colour`"),
        ({"leaves": 1}, "Expected `array`, got `int` - at `$.leaves`"),
        ([], "Expected `object`, got `array`"),
        (None, "Expected `object`, got `null`"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(document: Any, reason: str) -> None:
    for read in (lambda: codec.decode(Tree, document), lambda: codec.parse(Tree, dumps(document))):
        with pytest.raises(ValidationError) as refusal:
            read()
        assert str(refusal.value) == reason
