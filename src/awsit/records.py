"""What records, the structs of msgspec, are changed with.

`replace` gives a copy of a record with other values in some fields; type checkers know the fields by the function of
the standard library, which they have a rule for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import replace
else:
    from msgspec.structs import replace

__all__ = ["replace"]
