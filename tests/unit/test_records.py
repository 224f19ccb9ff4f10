"""Dataclasses of awsit are those of the standard library, made with less work."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any, ClassVar

import msgspec
import pytest
from pydantic import TypeAdapter

from awsit.records import FIRST_OBJECTS, dataclass

Decorator = Callable[..., Callable[[type], Any]]
OPTIONS: list[dict[str, bool]] = [
    {"frozen": frozen, "slots": slots} for frozen in (True, False) for slots in (True, False)
]


@dataclass(frozen=True, slots=True)
class Order:
    """A frozen one, at the top of a module, where pickle finds it."""

    name: str
    items: list[str] = field(default_factory=list)
    note: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class PaidOrder(Order):
    """One that inherits."""

    paid: Decimal = Decimal(0)


class Unfinished(Order):
    """A subclass that is no dataclass of its own."""


def _made(decorator: Decorator, options: dict[str, bool]) -> tuple[Any, Any]:
    """A class and its subclass."""

    class Base:
        """A base."""

        number: int
        names: list[str] = field(default_factory=lambda: ["a"])
        hidden: str = field(default="h", repr=False)

    base = decorator(**options)(Base)

    class Derived(base):
        """Derived."""

        more: int = 5
        last: str = field(default="z", kw_only=True)

        def __post_init__(self) -> None:
            if self.more > 9:
                raise ValueError(self.more)

    return base, decorator(**options)(Derived)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_it_is_as_one_of_the_standard_library(options: dict[str, bool]) -> None:
    mine, theirs = (_made(decorator, options) for decorator in (dataclass, dataclasses.dataclass))
    for own, other in zip(mine, theirs, strict=True):
        assert repr(own(1)) == repr(other(1)).replace(other.__qualname__, own.__qualname__)
        assert own(1) == own(1, ["a"])
        assert own(1) != own(2)
        assert own(1) != other(1)
        assert asdict(own(1)) == asdict(other(1))
        assert [(each.name, each.default, each.kw_only) for each in fields(own)] == [
            (each.name, each.default, each.kw_only) for each in fields(other)
        ]
        assert replace(own(1), names=["b"]) == own(1, ["b"])
        assert own.__match_args__ == other.__match_args__
        assert hasattr(own(1), "__dict__") == hasattr(other(1), "__dict__")
        assert (own.__hash__ is None) == (other.__hash__ is None)
        assert own(1).names is not own(1).names
        for arguments in ((), (1, 2, 3, 4, 5, 6), {"wrong": 1}):
            with pytest.raises(TypeError):
                own(**arguments) if isinstance(arguments, dict) else own(*arguments)
    with pytest.raises(ValueError, match="10"):
        mine[1](1, more=10)
    assert mine[1](1, last="y").last == "y"
    assert mine[0](1) != mine[1](1)


def test_what_is_frozen_stays_as_it_is() -> None:
    order = Order("o")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name' of Order"):
        order.name = "p"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name' of Order"):
        del order.name
    assert hash(PaidOrder("o", ())) == hash(PaidOrder("o", (), "not compared"))  # type: ignore[arg-type]
    assert Order("o", note="a") == Order("o", note="b")


@pytest.mark.parametrize("value", [Order("o", ["a"], "n"), PaidOrder("o", ["a"], "n", Decimal("1.5")), Unfinished("u")])
def test_it_is_copied_and_pickled(value: Order) -> None:
    again = [copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))]
    assert all(each == value and type(each) is type(value) and each.note == value.note for each in again)


def test_methods_of_its_own_stay() -> None:
    @dataclass(frozen=True, slots=True)
    class Own:
        """With methods of its own."""

        value: int

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own)

        def __hash__(self) -> int:
            return 7

        def __repr__(self) -> str:
            return "own"

    assert (Own(1) == Own(2), hash(Own(1)), repr(Own(1))) == (True, 7, "own")


def test_libraries_know_it_as_a_dataclass() -> None:
    document = {"name": "o", "items": ["a"], "note": "n", "paid": "1.5"}
    expected = PaidOrder("o", ["a"], "n", Decimal("1.5"))
    assert msgspec.convert(document, PaidOrder) == expected
    assert msgspec.to_builtins(expected) == document
    assert TypeAdapter(PaidOrder).validate_python(document) == expected


def test_the_first_objects_may_be_made_by_several_threads() -> None:
    @dataclass(slots=True)
    class Shared:
        """Made by many."""

        value: int
        items: list[int] = field(default_factory=list)

    barrier, made = Barrier(8), list[Shared]()

    def make(value: int) -> None:
        barrier.wait()
        made.append(Shared(value, [value]))

    threads = [Thread(target=make, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.value for each in made) == sorted(each.items[0] for each in made) == list(range(8))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_first_and_later_objects_are_made_alike(options: dict[str, bool]) -> None:
    (_, mine), (_, theirs) = (_made(decorator, options) for decorator in (dataclass, dataclasses.dataclass))
    ways: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
        ((1,), {}),
        ((1, ["b"], "x"), {"last": "y"}),
        ((), {"number": 1, "more": 2}),
        ((1, ["b"]), {"hidden": "x", "last": "y", "more": 3}),
    ]
    for args, kwargs in ways * FIRST_OBJECTS:
        assert asdict(mine(*args, **kwargs)) == asdict(theirs(*args, **kwargs))


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [((), {}), (("o", [], "n", 1, 2), {}), (("o",), {"name": "p"}), (("o",), {"other": 1})],
    ids=["missing", "too many", "twice", "unknown"],
)
def test_wrong_arguments_of_the_first_object_are_refused_in_the_words_of_python(args: Any, kwargs: Any) -> None:
    def own_and_theirs() -> Iterator[str]:
        for decorator in (dataclass, dataclasses.dataclass):

            class Order:
                """Made anew, so that it has no object yet."""

                name: str
                items: list[str] = field(default_factory=list)
                note: str = ""

            with pytest.raises(TypeError) as refusal:
                decorator(frozen=True, slots=True)(Order)(*args, **kwargs)
            yield str(refusal.value).rpartition("<locals>.")[2]

    assert len(set(own_and_theirs())) == 1


def test_what_belongs_to_the_class_is_no_field() -> None:
    @dataclass(frozen=True, slots=True)
    class Kept:
        """With a variable of the class."""

        value: int
        known: ClassVar[dict[str, int]] = {"a": 1}

    assert [each.name for each in fields(Kept)] == ["value"]
    assert (Kept(1).known, Kept.__slots__) == ({"a": 1}, ("value",))


def test_several_threads_may_be_the_first_to_ask_for_its_fields() -> None:
    for _ in range(20):

        @dataclass(frozen=True, slots=True)
        class Described:
            """Described for many."""

            value: int
            items: list[int] = field(default_factory=list)
            note: str = field(default="n", compare=False)

        barrier, found = Barrier(4), list[Any]()

        def ask(cls: Any = Described, barrier: Barrier = barrier, found: list[Any] = found) -> None:
            barrier.wait()
            found.append([(each.name, each.default, each.default_factory, each.compare) for each in fields(cls)])

        threads = [Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [found[0]] * 4
        assert found[0][1][2] is list


def test_importing_one_compiles_nothing() -> None:
    program = (
        "import builtins, dataclasses\nfrom awsit.records import FIRST_OBJECTS, dataclass\ncompiled = []\n"
        "run = builtins.exec\n"
        "builtins.exec = lambda *args: (compiled.append(args[0]) if 'self' in str(args[0]) else 0, run(*args))\n"
        "@dataclass(frozen=True, slots=True)\nclass A:\n    'doc'\n    a: int\n    b: str = ''\n"
        "objects = [A(1) for _ in range(FIRST_OBJECTS)]\n"
        "assert compiled == [], compiled\nassert A(1) == objects[0]\nassert len(compiled) == 1, compiled"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
