"""What records, the structs of msgspec, are changed with and read with.

`replace` gives a copy of a record with other values in some fields; type checkers know the fields by the function of
the standard library, which they have a rule for.

msgspec 0.22 takes a struct as known before it has read all its fields. A second thread that meets it then, in the same
or in another type, ends the process with a segmentation fault. So one thread at a time reads the fields of a type, all
its structs included, before anything is decoded with it.
"""

from __future__ import annotations

from decimal import Decimal
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec.json import Decoder

if TYPE_CHECKING:
    from dataclasses import replace
else:
    from msgspec.structs import replace

__all__ = ["convert", "decoder", "replace"]

T = TypeVar("T")

_reading = RLock()
_known: set[Any] = set()


def convert(document: Any, kind: type[T], *, strict: bool = True) -> T:
    """The record that JSON values describe, as `msgspec.convert`. Raises msgspec's ValidationError."""
    read: type[T] = _read(kind)
    return msgspec.convert(document, read, strict=strict)


def decoder(kind: Any) -> Decoder[Any]:
    """What decodes the JSON text of a record, whose fractions it reads as decimals."""
    return Decoder(_read(kind), float_hook=Decimal)


def _read(kind: Any) -> Any:
    """The type, whose fields are known by then."""
    if kind not in _known:
        with _reading:
            Decoder(kind)
            _known.add(kind)
    return kind
