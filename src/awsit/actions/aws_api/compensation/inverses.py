"""What takes back a creation: the operation that deletes what another one creates, and how that is named.

For the services that were reviewed it follows from botocore's models: `CreateX` is taken back by `DeleteX` when all
that this needs is in the input or the output of the former. What the models do not say is in `reviewed_inverses`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from awsit.actions.aws_api.compensation.reviewed_inverses import (
    CONTAINERS,
    INVERSES,
    MORE,
    NOT_COVERED,
    SERVICES,
    Inverse,
)
from awsit.actions.aws_api.service_model import find_operation, method_name, operation_names
from awsit.model.json import Json
from awsit.patterns import lazy_pattern

_LOOKS = ("Describe", "Get", "Head")
_EXISTS = lazy_pattern(r"Exists(Exception)?$|InUseException$")
_OPPOSITES = {
    "Create": ("Delete",),
    "Put": ("Delete", "Remove"),
    "Start": ("Stop",),
    "Register": ("Deregister",),
    "Add": ("Remove",),
    "Attach": ("Detach",),
    "Associate": ("Disassociate",),
    "Enable": ("Disable",),
    "Tag": ("Untag",),
}


def find_inverse(service: str, operation: str, params: Mapping[str, Json]) -> Inverse | None:
    """What takes back a creation with these params; None when that is not known."""
    name = method_name(operation)
    for entry in INVERSES.get((service, name), ()):
        if params.keys() >= set(entry.needs):
            return entry
    return _derived(service, name)


def creations() -> Iterator[tuple[str, str]]:
    """Each `CreateX` of a reviewed service that has a `DeleteX`: the service, and the name in snake_case."""
    for service in sorted(SERVICES):
        names = operation_names(service)
        for name in names:
            if name.startswith("Create") and f"Delete{name.removeprefix('Create')}" in names:
                yield service, method_name(name)


def no_inverse(service: str, operation: str) -> tuple[str, str]:
    """Why nothing takes back an operation, and what to write instead."""
    name = method_name(operation)
    reason = NOT_COVERED.get((service, name), "")
    message = f"awsit knows no inverse of {service} {name}" + (f": {reason}" if reason else "")
    opposite = _opposite(service, name)
    called = f", which calls {service} {opposite}" if opposite else ""
    return message, f"leave out `auto_cleanup` and `restore`, and write its `cleanup`{called}"


@cache
def _derived(service: str, name: str) -> Inverse | None:
    create = find_operation(service, name)
    if service not in SERVICES or (service, name) in NOT_COVERED or not create.name.startswith("Create"):
        return None
    noun = create.name.removeprefix("Create")
    delete = find_operation(service, f"Delete{noun}")
    if delete is None or delete.input_shape is None:
        return None
    names, results = _identifiers(create, delete, noun)
    missing = set(delete.input_shape.required_members) - {*names.values(), *results}
    if missing or not (names or results):
        return None
    look = "" if results else _look(service, noun, set(names.values()))
    proven = results or look or any(_EXISTS.search(error.name) for error in create.error_shapes)
    more = MORE.get((service, name), {})
    return Inverse(method_name(delete.name), names, look, results, more=more) if proven else None


def _identifiers(create: Any, delete: Any, noun: str) -> tuple[dict[str, str], dict[str, str]]:
    """The params of the inverse that come from the creation's input, and those from its output."""
    inputs = _members(create.input_shape)
    names, results = {}, {}
    for member in delete.input_shape.required_members:
        source = next((each for each in _sources(member, noun, "name") if each in inputs), None)
        if source is not None:
            names[source] = member
        elif path := _in_output(create.output_shape, member, noun):
            results[member] = path
    names.update({each: each for each in CONTAINERS if each in inputs and each in delete.input_shape.members})
    return names, results


def _sources(member: str, noun: str, short: str) -> Iterator[str]:
    """What else a member such as `modelName` of a model is called where only one is meant: `name`."""
    yield member
    if member.lower() == f"{noun}{short}".lower():
        yield from (short, short.capitalize())


def _in_output(shape: Any, member: str, noun: str) -> str:
    """The place of an identifier in the creation's output, such as `UserPool.Id`; empty when it is not there."""
    wanted = [*_sources(member, noun, "id"), *_sources(member, noun, "arn")]
    for name in wanted:
        if name in _members(shape):
            return name
    for part, inner in _members(shape).items():
        found = next((name for name in wanted if inner.type_name == "structure" and name in inner.members), "")
        if found:
            return f"{part}.{found}"
    return ""


def _look(service: str, noun: str, identifiers: set[str]) -> str:
    """The operation that describes the one thing that has these identifiers; empty when there is none."""
    for verb in _LOOKS:
        operation = find_operation(service, f"{verb}{noun}")
        shape = operation.input_shape if operation is not None else None
        if shape is not None and set(shape.required_members) <= identifiers <= set(shape.members):
            return method_name(operation.name)
    return ""


def _opposite(service: str, name: str) -> str:
    operation = find_operation(service, name)
    for verb, opposites in _OPPOSITES.items():
        if operation is not None and operation.name.startswith(verb):
            nouns = (f"{opposite}{operation.name.removeprefix(verb)}" for opposite in opposites)
            return next((method_name(each) for each in nouns if find_operation(service, each)), "")
    return ""


def _members(shape: Any) -> Mapping[str, Any]:
    return shape.members if shape is not None else {}
