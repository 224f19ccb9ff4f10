"""A scenario with everything in it: defaults laid under its actions, library actions in the place of each `use`.

What is uploaded, compiled and hashed is the expanded document, so that a run needs no library.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from awsit.model.json import OBJECTS, Json
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.keys import REUSE_KEYS

if TYPE_CHECKING:
    from awsit.scenario.library.library import Library, LibraryFiles


def expand(source: Source, libraries: LibraryFiles | None = None, library: Library | None = None) -> Source:
    """The source with `defaults` and each `use` resolved; its positions lead to the files in which things are written.

    A `use` that cannot be resolved stays as it is, and is among the `problems`. Without `libraries`, every `use` stays.
    `library` is the library whose file the source is, when it is not a scenario's.
    """
    if source.written is not None or not isinstance(source.document, Mapping) or not _has_anything(source):
        return source
    from awsit.scenario.library.expander import expanded  # most scenarios have nothing to expand

    return expanded(source, libraries, library)


def _has_anything(source: Source) -> bool:
    return not source.document.keys().isdisjoint(REUSE_KEYS) or _uses_something(source.document)


def _uses_something(value: Json) -> bool:
    if isinstance(value, str):
        return False
    if isinstance(value, OBJECTS):
        return "use" in value or any(map(_uses_something, value.values()))
    return isinstance(value, list) and any(map(_uses_something, value))
