"""Dataclasses whose methods and fields are made when they are first needed.

The decorator of the standard library compiles up to six functions for each class while its module is imported, and
describes each of its fields, most of a millisecond in all; a run imports 180 such classes, and makes a few objects of
each. Here `__init__` is compiled when it pays, the classes share the other methods, and the standard library describes
a class (for `fields`, `replace`, `asdict` and other libraries) when something wants to know.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, Field, FrozenInstanceError
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from threading import RLock
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, get_origin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import dataclass

    from _typeshed import DataclassInstance

__all__ = ["dataclass"]

T = TypeVar("T")

FIRST_OBJECTS = 8
"""So many objects of a class are made before its `__init__` is compiled, which takes as long as to make some more."""

if not TYPE_CHECKING:  # type checkers know the standard library's best

    def dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True) -> Callable[[type[T]], type[T]]:
        """As `dataclasses.dataclass` with these options."""

        def decorate(cls: type[T]) -> type[T]:
            fields, first = _fields(cls), iter(range(FIRST_OBJECTS))
            assign = object.__setattr__ if frozen else setattr

            def init(self: object, /, *args: Any, **kwargs: Any) -> None:
                """Make the first objects; then, or when the arguments are wrong, the compiled one takes its place."""
                values = None if next(first, None) is None else _values_of(fields, args, kwargs)
                if values is None:
                    made.__init__ = _compiled_init(made, fields, frozen=frozen)
                    made.__init__(self, *args, **kwargs)
                    return
                for name, value in values.items():
                    assign(self, name, value)
                if hasattr(made, "__post_init__"):
                    self.__post_init__()

            attributes = _shared_methods(frozen=frozen, slots=slots, eq=eq) | {"__init__": init}
            attributes = {name: each for name, each in attributes.items() if vars(cls).get(name) is None}
            made = (_with_slots if slots else _without_slots)(cls, attributes | {_FIELDS: fields})
            return made

        return decorate


def _shared_methods(*, frozen: bool, slots: bool, eq: bool) -> dict[str, Any]:
    methods: dict[str, Any] = {"__repr__": _repr}
    if eq:
        methods |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
    if frozen:
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
    if frozen and slots:
        methods |= {"__getstate__": _getstate, "__setstate__": _setstate}
    return methods


def _without_slots(cls: Any, attributes: dict[str, Any]) -> Any:
    _describe(cls)
    for name, attribute in attributes.items():
        setattr(cls, name, attribute)
    return cls


def _with_slots(cls: Any, attributes: dict[str, Any]) -> Any:
    """The class made anew, since slots cannot be added to one; the standard library still describes the first."""
    of_bases = {name for base in cls.__mro__[1:-1] for name in vars(base).get("__slots__", ())}
    fields = attributes[_FIELDS]
    namespace = {name: value for name, value in vars(cls).items() if name not in fields and name not in _OF_ITS_OWN}
    namespace |= attributes | {name: _Description(cls) for name in _DESCRIPTIONS}
    namespace["__slots__"] = tuple(name for name in fields if name not in of_bases)
    made = type(cls)(cls.__name__, cls.__bases__, namespace)
    made.__qualname__ = cls.__qualname__
    return made


_OF_ITS_OWN = frozenset({"__dict__", "__weakref__"})
"""What each class has of its own, and no other can take over."""
_FIELDS = "__record_fields__"
"""By name what the class says of each field, those of its bases first: a default, a `Field`, or `MISSING`."""


def _fields(cls: type) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for base in cls.__mro__[-2:0:-1]:
        fields |= vars(base).get(_FIELDS, {})
    for name, annotation in vars(cls).get("__annotations__", {}).items():
        if not _is_class_variable(annotation):
            fields[name] = vars(cls).get(name, MISSING)
    return fields


def _is_class_variable(annotation: object) -> bool:
    if isinstance(annotation, str):
        return annotation.startswith("ClassVar")
    return annotation is ClassVar or get_origin(annotation) is ClassVar


def _default(field: Any) -> tuple[Any, Any]:
    """The default and what makes one, each of them `MISSING` where there is none."""
    return (field.default, field.default_factory) if isinstance(field, Field) else (field, MISSING)


def _is_keyword_only(field: Any) -> bool:
    return isinstance(field, Field) and field.kw_only is True


def _values_of(fields: Mapping[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """The value of each field; none if these are no arguments for them."""
    positional = [name for name, field in fields.items() if not _is_keyword_only(field)]
    given = dict(zip(positional, args, strict=False))
    if len(args) > len(positional) or not given.keys().isdisjoint(kwargs) or not fields.keys() >= kwargs.keys():
        return None
    given |= kwargs
    values: dict[str, Any] = {}
    for name, field in fields.items():
        default, factory = _default(field)
        if name in given:
            values[name] = given[name]
        elif default is not MISSING:
            values[name] = default
        elif factory is not MISSING:
            values[name] = factory()
        else:
            return None
    return values


def _compiled_init(cls: Any, fields: Mapping[str, Any], *, frozen: bool) -> Callable[..., None]:
    """Sets each field, to its argument or its default, then calls `__post_init__`, if there is one."""
    names: dict[str, Any] = {"MISSING": MISSING, "set_": object.__setattr__}
    positional, keyword, body = ["self"], list[str](), list[str]()
    for name, field in fields.items():
        value = parameter = name
        default, factory = _default(field)
        if default is not MISSING:
            names[f"default_{name}"] = default
            parameter = f"{name}=default_{name}"
        elif factory is not MISSING:
            names[f"factory_{name}"] = factory
            parameter, value = f"{name}=MISSING", f"factory_{name}() if {name} is MISSING else {name}"
        (keyword if _is_keyword_only(field) else positional).append(parameter)
        slot = getattr(cls, name, None)
        if not frozen:
            body.append(f"self.{name} = {value}")
        elif isinstance(slot, MemberDescriptorType):  # half the time of `object.__setattr__`, which looks for it
            names[f"{name}__set"] = slot.__set__
            body.append(f"{name}__set(self, {value})")
        else:
            body.append(f"set_(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join([*positional, *(["*", *keyword] if keyword else [])])
    exec(f"def __init__({parameters}):\n  " + "\n  ".join(body or ["pass"]), names)
    init: Callable[..., None] = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


_DESCRIPTIONS = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")
"""What the standard library knows of a dataclass, and tells others."""
_describing = RLock()


class _Description:
    """An attribute of a class that is worked out when it is read for the first time."""

    def __init__(self, described: type) -> None:
        self._described = described

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner, self._name = owner, name

    def __get__(self, _instance: object, _owner: type) -> Any:
        with _describing:  # a class that is described twice loses the defaults of its fields
            if _DESCRIPTIONS[0] not in vars(self._described):
                _describe(self._described)
        value = vars(self._described)[self._name]
        setattr(self._owner, self._name, value)
        return value


def _describe(cls: type) -> None:
    dataclasses.dataclass(init=False, repr=False, eq=False)(cls)


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
