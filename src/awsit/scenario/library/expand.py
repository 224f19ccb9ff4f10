"""A scenario with everything in it: defaults laid under its actions, library actions in the place of each `use`.

What is uploaded, compiled and hashed is the expanded document, so that a run needs no library.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from awsit.identity import Identity
from awsit.model.json import OBJECTS, SCALARS, Json
from awsit.patterns import lazy_pattern
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.keys import REUSE_KEYS

if TYPE_CHECKING:
    from awsit.scenario.library.library import Library, LibraryFiles

_MAY_USE = lazy_pattern(r"\buse\b|\\")
"""What a text has that has a key `use`: the word, or an escaped character of it."""


def expand(source: Source, libraries: LibraryFiles | None = None, library: Library | None = None) -> Source:
    """The source with `defaults` and each `use` resolved; its positions lead to the files in which things are written.

    A `use` that cannot be resolved stays as it is, and is among the `problems`. Without `libraries`, every `use` stays.
    `library` is the library whose file the source is, when it is not a scenario's.
    """
    if source.written is not None or not isinstance(source.document, Mapping) or not _has_anything(Identity(source)):
        return source
    from awsit.scenario.library.expander import expanded  # most scenarios have nothing to expand

    return expanded(source, libraries, library)


@lru_cache(maxsize=1)  # a scenario is expanded where it is read, and looked at again where it is checked
def _has_anything(same: Identity[Source]) -> bool:
    document, text = same.value.document, same.value.text
    if not document.keys().isdisjoint(REUSE_KEYS):
        return True
    return (not text or bool(_MAY_USE.search(text))) and _uses_something(document)


def _uses_something(document: Json) -> bool:
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, OBJECTS):
            if "use" in value:
                return True
            waiting += [item for item in value.values() if type(item) not in SCALARS]
        elif isinstance(value, list):
            waiting += [item for item in value if type(item) not in SCALARS]
    return False
