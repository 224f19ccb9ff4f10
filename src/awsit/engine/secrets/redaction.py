"""Requests, responses and errors as reports show them: secrets masked, what is too long or too deep left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import islice

from awsit.engine.secrets.alternatives import alternatives
from awsit.engine.secrets.base64_runs import in_base64
from awsit.engine.secrets.decoded import ENCODED, MOST_IN_PATTERN, DecodedText, in_decoded, occurrences, united
from awsit.engine.secrets.detection import MASK, NUMBERS, named_secrets, without_patterns
from awsit.engine.secrets.encodings import LEAST, forms
from awsit.engine.secrets.plain import MAX_DEPTH, MAX_ITEMS, MAX_TEXT, plain_size
from awsit.engine.secrets.soft_lines import in_soft_lines, may_have_soft_lines
from awsit.model.json import CONTAINERS, OBJECTS, SCALARS, Json
from awsit.model.text.counts import count
from awsit.model.text.secret_names import is_secret_name
from awsit.patterns import lazy_pattern

_UNWRITABLE = lazy_pattern(r"[\x00-\x07\x0b\x0e-\x1f]")
"""Characters that python-jsonpath takes in no name, not even escaped."""
_ESCAPES = str.maketrans({"\\": r"\\", "'": r"\'", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t"})

LEVELS_OF_BASE64 = 2
"""A message in base64 may hold a header `Basic`, or a body in base64."""
MAX_VALUES = 100_000
"""Values that are shown of all documents of one attempt: a tree may be narrow, flat enough, and have a million."""


class Redactor:
    """Masks values by what they are called and by what they are. One shows the documents of one attempt."""

    def __init__(self, secrets: Iterable[str] = (), marked: Iterable[str] = (), documents: Iterable[Json] = ()) -> None:
        """`secrets` are texts that may be shown nowhere, not even inside a longer one, nor encoded.

        `marked` is what a scenario's `redact` names: masked in the same way, and where it stands alone if it is short.
        What is a secret by its name in one of the `documents` is a secret everywhere.
        """
        self._sizes = {id(document): (plain_size(document), document) for document in documents}
        named = set(marked)
        not_plain = [document for size, document in self._sizes.values() if size is None]
        everywhere = {*secrets, *named, *(text for document in not_plain for text in named_secrets(document))}
        self._long: list[str] = []
        self._lengthy: list[str] = []
        self._secrets: re.Pattern[str] | None = None
        self._values: frozenset[str] = frozenset()
        self._left = MAX_VALUES
        if everywhere:
            self._know(everywhere, named)

    def _know(self, everywhere: set[str], named: set[str]) -> None:
        long = {form for text in everywhere if len(text) >= LEAST for form in forms(text)}
        self._long = sorted(long, key=len, reverse=True)
        short = sorted((text for text in named if 0 < len(text) < LEAST), key=len, reverse=True)
        self._lengthy = [form for form in self._long if len(form) > MOST_IN_PATTERN]
        in_pattern = self._long[len(self._lengthy) :]
        patterns = [*([alternatives(in_pattern)] if in_pattern else []), *map(_alone, short)]
        self._secrets = re.compile("|".join(patterns)) if patterns else None
        self._values = frozenset((*long, *short))

    def _plain_size(self, value: Json) -> int | None:
        """How many values are shown of a document, if that is all of it; None where that is not plain."""
        if self._values:
            return None
        known = self._sizes.get(id(value))
        return plain_size(value) if known is None else known[0]

    def shows_all(self, *values: Json) -> bool:
        """Whether all of the values is shown as it is; they count as shown then."""
        size = self._plain_size(*values) if len(values) == 1 else self._plain_size([*values])
        if size is None or size > self._left:
            return False
        self._left -= size
        return True

    def text(self, text: str) -> str:
        """The text with every secret masked."""
        if self._values:
            text = self._without_secrets(text)
        return without_patterns(text) if text else text

    def _without_secrets(self, text: str) -> str:
        text = _replaced(text, self._encoded(text), lambda _: MASK)
        for form in self._lengthy:
            text = text.replace(form, MASK)
        return self._secrets.sub(MASK, text) if self._secrets else text

    def _encoded(self, text: str, levels: int = LEVELS_OF_BASE64) -> list[tuple[int, int]]:
        """Where secrets stand that are encoded, or of which only the beginning is shown; in order, and apart."""
        if not self._long:
            return []
        found = list[tuple[int, int]]()
        if "… (" in text or ENCODED.search(text):
            found += DecodedText(text).places(*self._decoded)
        if may_have_soft_lines(text):
            found += in_soft_lines(text, self._as_they_are)
        if levels:
            found += in_base64(text, lambda held: self._matches(held, levels - 1))
        return [*united(found)] if found else found

    @cached_property
    def _decoded(self) -> tuple[re.Pattern[bytes], list[bytes]]:
        """The secrets as decoded texts have them; compiled for the first text that needs it."""
        decoded = in_decoded(self._long)
        in_pattern = [form for form in decoded if len(form) <= MOST_IN_PATTERN]
        pattern = alternatives([form.decode("latin-1") for form in in_pattern])  # a character for each byte
        return re.compile(pattern.encode("latin-1") or b"(?!)"), decoded

    def hides(self, value: Json) -> Iterator[str]:
        """The places of the secrets in a document: JSONPaths without their leading `$`.

        `#3:9` after one means characters 3 to 8 of the text that it selects.
        """
        if self._plain_size(value) is None:
            yield from self._hides(value)

    def _hides(self, value: Json) -> Iterator[str]:
        if isinstance(value, Mapping):
            for name, item in value.items():
                place = f"[{_quoted(str(name))}]"
                paths = [""] if is_secret_name(str(name)) and item not in (None, "") else self._hides(item)
                if _UNWRITABLE.search(str(name)):
                    yield from {"" for _ in paths}  # all of the object: no path leads to this entry alone
                else:
                    yield from (place + path for path in paths)
        elif isinstance(value, list | tuple):
            for index, item in self._worth_a_look(value):
                yield from (f"[{index}]{path}" for path in self._hides(item))
        elif isinstance(value, str):
            yield from self._hides_in_text(value)
        elif self._shown(value) == MASK:
            yield ""

    def _hides_in_text(self, text: str) -> Iterator[str]:
        found = self._matches(text) if self._values else []
        yield from (f"#{start}:{end}" for start, end in found)
        if not found and (text == MASK or without_patterns(text) != text):
            yield ""

    def _worth_a_look(self, items: Iterable[Json]) -> Iterator[tuple[int, Json]]:
        """The items of a list, by their indexes; without its numbers where none can be a secret."""
        return (each for each in enumerate(items) if self._values or type(each[1]) not in NUMBERS)

    def _matches(self, text: str, levels: int = LEVELS_OF_BASE64) -> list[tuple[int, int]]:
        """Where secrets stand in a text: encoded, and as they are or in another form where nothing else is."""
        found = self._encoded(text, levels)
        return sorted([*found, *self._as_they_are(_replaced(text, found, " ".__mul__))])

    def _as_they_are(self, text: str) -> Iterator[tuple[int, int]]:
        """Where secrets, or other forms of them, stand in a text; apart."""
        for form in self._lengthy:
            yield from occurrences(form, text)
            text = text.replace(form, " " * len(form))
        if self._secrets:
            yield from (match.span() for match in self._secrets.finditer(text))

    def shown(self, value: Json) -> Json:
        """The document with secrets masked, and limited in length, width and depth; itself if nothing of it hides."""
        return value if self.shows_all(value) else self._shown(value)

    def _shown(self, value: Json, depth: int = 0) -> Json:
        if isinstance(value, str):
            return _cut(self.text(value))
        if type(value) in SCALARS or not isinstance(value, CONTAINERS):
            return MASK if self._values and self._is_secret_number(value) else value
        if depth > MAX_DEPTH:
            return "… (deeper levels left out)"
        if self._is_too_much(value):
            return "… (left out: there are too many values)"
        if isinstance(value, OBJECTS):
            return {self.text(str(key)): self._item(str(key), item, depth) for key, item in _first(value.items())}
        items = [self._shown(item, depth + 1) for item in _first(value)]
        return items if len(value) <= MAX_ITEMS else [*items, f"… ({len(value) - MAX_ITEMS} more left out)"]

    def _is_secret_number(self, value: Json) -> bool:
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return is_number and str(value) in self._values

    def _item(self, name: str, value: Json, depth: int) -> Json:
        return self._masked(value) if is_secret_name(name) else self._shown(value, depth + 1)

    def _masked(self, value: Json) -> Json:
        """Every value inside masked, but for null, true, false and the empty text, which reveal nothing.

        Names are kept.
        """
        if self._is_too_much(value):
            return MASK
        if isinstance(value, Mapping):
            return {str(name): self._masked(item) for name, item in _first(value.items())}
        if isinstance(value, list | tuple):
            return [self._masked(item) for item in _first(value)]
        return value if value is None or value == "" or isinstance(value, bool) else MASK

    def _is_too_much(self, value: Json) -> bool:
        """Whether an object or array has more than may still be shown; else its values count as shown."""
        if not isinstance(value, CONTAINERS):
            return False
        size = min(len(value), MAX_ITEMS)
        if size > self._left:
            return True
        self._left -= size
        return False


def _replaced(text: str, spans: Iterable[tuple[int, int]], by: Callable[[int], str]) -> str:
    """The text with `by(its length)` for each span; they are in order, and apart. A text may have thousands."""
    pieces, place = list[str](), 0
    for start, end in spans:
        pieces += (text[place:start], by(end - start))
        place = end
    return "".join((*pieces, text[place:]))


def _quoted(name: str) -> str:
    """A name as RFC 9535 writes it in brackets."""
    return f"'{name.translate(_ESCAPES)}'"


def _alone(text: str) -> str:
    """A pattern for a short text that is not a part of a longer word or number."""
    return rf"(?<![\w.]){re.escape(text)}(?!\w|\.\d)"


def _first(items: Iterable[Json]) -> Iterator[Json]:
    return islice(items, MAX_ITEMS)


def _cut(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}… ({count(len(text) - MAX_TEXT, 'more character')} left out)"
