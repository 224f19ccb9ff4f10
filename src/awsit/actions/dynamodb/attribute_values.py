"""Plain JSON to DynamoDB's attribute values, and back.

| JSON | attribute value |
|---|---|
| text, true and false, null, list, mapping | `S`, `BOOL`, `NULL`, `L`, `M` |
| number | `N`, digit for digit |
| `{"$binary": "aGk="}` | `B`; the text is base64 |
| `{"$set": ["a", "b"]}` | `SS`, `NS` or `BS`, by what it holds; read back in ascending order |
| `{"$map": {"$set": ["a"]}}` | `M` with a key of the above alone; only `decode_exactly` writes it |

Types and limits: "Supported data types and naming rules in Amazon DynamoDB" in the DynamoDB Developer Guide.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DecimalException, Inexact, Overflow, Underflow
from typing import Any

from awsit.errors import ActionError, ErrorKind
from awsit.model.json import Json
from awsit.model.text.encoding import unencodable

AttributeValue = dict[str, Any]

_BINARY = "$binary"
_SET = "$set"
_MAP = "$map"
_MARKS = frozenset({_BINARY, _SET, _MAP})
_LONGEST_SHOWN = 50
"""Digits of a number in a message: enough to recognise it."""
_NUMBERS = Context(prec=38, Emin=-130, Emax=125, traps=[Inexact, Overflow, Underflow])


def encode_map(values: Mapping[str, Json], where: str) -> dict[str, AttributeValue]:
    """Each value of a mapping encoded; `where` names the mapping in errors."""
    return {_text(name, where): encode(value, f"{where}.{name}") for name, value in values.items()}


def decode_map(values: Mapping[str, AttributeValue]) -> dict[str, Json]:
    """Each attribute of an item as plain JSON."""
    return {name: decode(value) for name, value in values.items()}


def decode_exactly(values: Mapping[str, AttributeValue]) -> dict[str, Json]:
    """As `decode_map`, and `encode_map` makes the same item of it: for what is put back."""
    return {name: _decode_exactly(value) for name, value in values.items()}


def _decode_exactly(value: AttributeValue) -> Json:
    kind, held = next(iter(value.items()))
    if kind == "L":
        return [_decode_exactly(each) for each in held]
    if kind != "M":
        return decode(value)
    members = decode_exactly(held)
    return {_MAP: members} if is_marked(members) else members


def is_marked(members: Mapping[str, Json]) -> bool:
    """Whether a map looks like a set, a binary value or the map around one."""
    return len(members) == 1 and not _MARKS.isdisjoint(members)


def encode(value: Json, where: str = "value") -> AttributeValue:
    """One value as an attribute value. Raises ActionError of kind validation, naming the place."""
    if isinstance(value, Mapping):
        return _mapping(value, where)
    if isinstance(value, list):
        return {"L": [encode(each, f"{where}[{index}]") for index, each in enumerate(value)]}
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": _text(value, where)}
    if isinstance(value, int | Decimal):
        return {"N": _number(value, where)}
    raise _wrong(where, f"a {type(value).__name__} cannot be stored", "use text, numbers, lists and mappings")


def _mapping(value: Mapping[str, Json], where: str) -> AttributeValue:
    if set(value) == {_BINARY}:
        return {"B": _binary(value[_BINARY], where)}
    if set(value) == {_SET}:
        return _set(value[_SET], where)
    inner = value[_MAP] if set(value) == {_MAP} else None
    if isinstance(inner, Mapping) and is_marked(inner):
        return {"M": encode_map(inner, where)}
    return {"M": encode_map(value, where)}


def _text(value: str, where: str) -> str:
    problem = unencodable(value)
    if problem:
        hint = "DynamoDB keeps text as UTF-8; store it as JSON text, with the filter tojson"
        raise _wrong(where, f"it holds {problem}, which UTF-8 cannot hold", hint)
    return value


def _number(value: int | Decimal, where: str) -> str:
    try:
        exact = _NUMBERS.create_decimal(value)
    except DecimalException:
        exact = Decimal("NaN")
    if not exact.is_finite():
        hint = "DynamoDB keeps 38 significant digits, from 1E-130 to 9.99E+125; store it as text"
        raise _wrong(where, f"the number {_shortened(value)} does not fit", hint)
    return str(value)


def _shortened(value: int | Decimal) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _binary(text: Json, where: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise _wrong(where, f"`{_BINARY}` is not base64: {error}", "encode it with the filter b64encode") from error


def _set(members: Json, where: str) -> AttributeValue:
    encoded = [encode(each, f"{where}[{index}]") for index, each in enumerate(members)] if members else []
    kinds = {kind for each in encoded for kind in each}
    if not isinstance(members, list) or len(kinds) != 1 or not kinds <= {"S", "N", "B"}:
        hint = f'write it as {{"{_SET}": ["a", "b"]}}: DynamoDB has no empty, mixed or nested sets'
        raise _wrong(where, f"`{_SET}` must list text only, numbers only or binary values only", hint)
    kind = kinds.pop()
    return {f"{kind}S": [each[kind] for each in encoded]}


def decode(value: AttributeValue) -> Json:
    """One attribute value as plain JSON."""
    kind, held = next(iter(value.items()))
    return _DECODERS[kind](held)


def _to_number(text: str) -> int | Decimal:
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def _to_binary(held: Any) -> Json:
    return {_BINARY: base64.b64encode(bytes(held)).decode()}


_DECODERS: dict[str, Callable[[Any], Json]] = {
    "S": lambda held: held,
    "N": _to_number,
    "B": _to_binary,
    "BOOL": lambda held: held,
    "NULL": lambda _: None,
    "L": lambda held: [decode(each) for each in held],
    "M": decode_map,
    "SS": lambda held: {_SET: sorted(held)},
    "NS": lambda held: {_SET: sorted(map(_to_number, held))},
    "BS": lambda held: {_SET: [_to_binary(each) for each in sorted(map(bytes, held))]},
}


def _wrong(where: str, problem: str, hint: str) -> ActionError:
    return ActionError(f"`{where}`: {problem}", kind=ErrorKind.VALIDATION, hint=hint)
