"""Dataclasses whose methods are made when they are first needed.

The decorator of the standard library compiles up to six functions for each class while its module is imported, half a
millisecond in all; a run imports 160 such classes, and makes objects of half of them. Here `__init__` is compiled for
the first object, and the classes share the other methods. All else is the standard library's: `fields`, `replace`,
`asdict`, and what other libraries know of dataclasses.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass

    from _typeshed import DataclassInstance

__all__ = ["dataclass"]

T = TypeVar("T")

if not TYPE_CHECKING:  # type checkers know the standard library's best

    def dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True) -> Callable[[type[T]], type[T]]:
        """As `dataclasses.dataclass` with these options."""

        def decorate(cls: type[T]) -> type[T]:
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
            for name, method in _methods(made, frozen=frozen, slots=slots, eq=eq):
                setattr(made, name, method)
            return made

        return decorate


def _methods(cls: type, *, frozen: bool, slots: bool, eq: bool) -> list[tuple[str, Any]]:
    """The methods to set; those that the class defines itself are left."""
    methods: dict[str, Any] = {"__init__": _first_init(cls, frozen=frozen), "__repr__": _repr}
    if eq:
        methods |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
    if frozen:
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
    if frozen and slots:
        methods |= {"__getstate__": _getstate, "__setstate__": _setstate}
    return [(name, method) for name, method in methods.items() if vars(cls).get(name) is None]


def _first_init(cls: Any, *, frozen: bool) -> Callable[..., None]:
    """What makes the first object: it puts the compiled `__init__` into its own place."""

    def init(self: object, *args: Any, **kwargs: Any) -> None:
        cls.__init__ = _compiled_init(cls, frozen=frozen)
        cls.__init__(self, *args, **kwargs)

    return init


def _compiled_init(cls: Any, *, frozen: bool) -> Callable[..., None]:
    """Sets each field, to its argument or its default, then calls `__post_init__`, if there is one."""
    names: dict[str, Any] = {"MISSING": MISSING, "set_": object.__setattr__}
    positional, keyword, body = ["self"], list[str](), list[str]()
    for field in dataclasses.fields(cls):
        name = value = parameter = field.name
        default, factory = f"default_{name}", f"factory_{name}"
        if field.default is not MISSING:
            names[default] = field.default
            parameter = f"{name}={default}"
        elif field.default_factory is not MISSING:
            names[factory] = field.default_factory
            parameter, value = f"{name}=MISSING", f"{factory}() if {name} is MISSING else {name}"
        (keyword if field.kw_only else positional).append(parameter)
        body.append(f"set_(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join([*positional, *(["*", *keyword] if keyword else [])])
    exec(f"def __init__({parameters}):\n  " + "\n  ".join(body or ["pass"]), names)
    init: Callable[..., None] = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


@cache
def _values(cls: type[DataclassInstance]) -> Callable[[object], tuple[object, ...]]:
    """What reads the values by which two objects of the class are compared."""
    names = [field.name for field in dataclasses.fields(cls) if field.compare]
    return attrgetter(names[0], *names) if names else lambda _: ()  # of one name alone it would be no tuple


def _eq(self: DataclassInstance, other: DataclassInstance) -> object:
    if other.__class__ is not self.__class__:
        return NotImplemented
    values = _values(self.__class__)
    return values(self) == values(other)


def _hash(self: DataclassInstance) -> int:
    return hash(_values(self.__class__)(self))


@recursive_repr()
def _repr(self: DataclassInstance) -> str:
    values = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(values)})"


def _refuse(self: object, name: str, *value: object) -> None:
    raise FrozenInstanceError(f"cannot {'assign to' if value else 'delete'} field {name!r} of {type(self).__name__}")


def _getstate(self: DataclassInstance) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _setstate(self: DataclassInstance, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
