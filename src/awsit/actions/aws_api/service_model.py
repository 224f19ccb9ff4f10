"""What botocore's own model says about services, operations and their parameters. No client, no credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, reduce
from typing import Any

from awsit.model.json import Json
from awsit.model.text.paths import child_path
from awsit.patterns import lazy_pattern
from awsit.suggestions import DID_YOU_MEAN, suggestion
from awsit.validation.errors import Finding

TEMPLATE = "{{"

# How botocore's report words a value of a wrong type.
_WRONG_TYPE = lazy_pattern(
    r"Invalid type for parameter (.+?), value: (.*), type: <class '\w+'>, valid types: (.*)", re.DOTALL
)
_PART = lazy_pattern(r"[^.\[\]]+")
_Place = tuple[int | str, ...]
_NEXT_LINE = lazy_pattern(r"\n(?=Invalid |Unknown |Missing |Must )")  # a value may hold line breaks
_NAMES_OF_TYPES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "a boolean",
    "dict": "a mapping",
    "list": "a list",
    "tuple": "a list",
    "datetime.datetime": "a time, such as 2030-01-01T00:00:00Z",
    "bytes": "binary data",
    "bytearray": "binary data",
}


def service_problem(service: str) -> str:
    """What is wrong with the service's name; empty when it is known."""
    known = _services()
    return "" if service in known else f"unknown service `{service}`{suggestion(service, known)}"


def operation_problem(service: str, operation: str) -> str:
    """What is wrong with the operation's name, in snake_case or CamelCase; empty when it is known."""
    if find_operation(service, operation) is not None:
        return ""
    return f"{service} has no operation `{operation}`{suggestion(operation, _operations(service))}"


def age_hint(problem: str) -> str:
    """Which botocore does not know a name; that a newer one may, where the name is like no other; "" without a problem.

    The function has the botocore of its runtime, which may be older than the one that checked the scenario.
    """
    from botocore import __version__

    if not problem:
        return ""
    unknown = f"botocore {__version__}, which checks it here, does not know it"
    return unknown if DID_YOU_MEAN in problem else f"{unknown}; a newer one may"


def find_operation(service: str, operation: str) -> Any:
    """Botocore's OperationModel, or None."""
    model = _service(service)
    name = _operations(service).get(operation, operation)
    return model.operation_model(name) if name in model.operation_names else None


def operation_names(service: str) -> frozenset[str]:
    """The names of all operations of a service, in CamelCase."""
    return frozenset(_service(service).operation_names)


def find_waiter(service: str, waiter: str) -> Any:
    """Botocore's SingleWaiterConfig of a waiter in snake_case or CamelCase, or None."""
    from botocore.waiter import WaiterModel

    config = _waiters(service)
    name = _snake_names(config["waiters"]).get(waiter, waiter)
    return WaiterModel(config).get_waiter(name) if name in config["waiters"] else None


def waiter_problem(service: str, waiter: str) -> str:
    """What is wrong with the waiter's name; empty when it is known."""
    if find_waiter(service, waiter) is not None:
        return ""
    return f"{service} has no waiter `{waiter}`{suggestion(waiter, _snake_names(_waiters(service)['waiters']))}"


def method_name(operation: str) -> str:
    """An operation's name as the client's method: `ListQueues` is `list_queues`."""
    from botocore import xform_name

    return str(xform_name(operation))


def params_problems(shape: Any, written: Mapping[str, Json], prepared: Mapping[str, Any]) -> list[Finding]:
    """Everything that keeps params from being an operation's input.

    `written` is what the scenario says, `prepared` the same as the client takes it. Where templates are not filled in
    yet, only names and the types of the other values are checked.
    """
    if shape is None:
        message = "`params.{}` is unknown: the operation takes no params"
        return [Finding(message.format(name), ("params", name), code="unknown_key") for name in written]
    from botocore.validate import ParamValidator

    report = ParamValidator().validate(prepared, shape)
    lines = _NEXT_LINE.split(report.generate_report()) if report.has_errors() else []
    return [*_wrong_names(written, shape, ("params",)), *_wrong_values(lines, templated=TEMPLATE in str(written))]


def _wrong_names(value: Json, shape: Any, at: _Place) -> Iterator[Finding]:
    """Unknown and missing members, at any depth, with the near names."""
    path = reduce(child_path, at, "")
    if shape.type_name == "structure" and isinstance(value, Mapping) and not shape.is_document_type:
        for name in value.keys() - shape.members.keys():
            message = f"`{path}` has no member `{name}`{suggestion(name, shape.members)}"
            yield Finding(message, (*at, name), age_hint(message), code="unknown_key")
        for name in shape.required_members:
            if name not in value:
                yield Finding(f"`{path}.{name}` is missing", at, code="missing_key")
    for inner, inner_shape, inner_at in _members(value, shape, at):
        yield from _wrong_names(inner, inner_shape, inner_at)


def _members(value: Json, shape: Any, at: _Place) -> Iterator[tuple[Json, Any, _Place]]:
    if isinstance(value, Mapping) and shape.type_name in {"structure", "map"}:
        members = shape.members if shape.type_name == "structure" else dict.fromkeys(value, shape.value)
        for name in value.keys() & members.keys():
            yield value[name], members[name], (*at, name)
    elif isinstance(value, list) and shape.type_name == "list":
        for index, each in enumerate(value):
            yield each, shape.member, (*at, index)


def _wrong_values(lines: list[str], *, templated: bool) -> Iterator[Finding]:
    for line in lines:
        if line.startswith(("Unknown parameter", "Missing required")):
            continue  # reported by `_wrong_names`, with the near names
        wrong = _WRONG_TYPE.match(line)
        if templated and (wrong is None or TEMPLATE in wrong[2]):
            continue
        if wrong is None:
            yield Finding(line, ("params",))
        else:
            at = tuple(int(part) if part.isdigit() else part for part in _PART.findall(wrong[1]))
            yield Finding(f"`params.{wrong[1]}` must be {_expected(wrong[3])}", ("params", *at))


def _expected(types: str) -> str:
    names = re.findall(r"<class '([\w.]+)'>", types)
    plain = dict.fromkeys(_NAMES_OF_TYPES[name] for name in names if name in _NAMES_OF_TYPES)
    return " or ".join(plain) or types


@cache
def _services() -> list[str]:
    from botocore.loaders import create_loader

    return create_loader().list_available_services("service-2")


@cache
def _service(service: str) -> Any:
    from botocore.model import ServiceModel

    from awsit.service_models import loader

    return ServiceModel(loader().load_service_model(service, "service-2"), service)


@cache
def _waiters(service: str) -> Any:
    from botocore.exceptions import UnknownServiceError

    from awsit.service_models import loader

    try:
        return loader().load_service_model(service, "waiters-2")
    except UnknownServiceError:  # a service that has none
        return {"version": 2, "waiters": {}}


@cache
def _operations(service: str) -> Mapping[str, str]:
    return _snake_names(_service(service).operation_names)


def _snake_names(names: Any) -> Mapping[str, str]:
    return {method_name(name): name for name in names}
