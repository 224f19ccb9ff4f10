"""Checks of the limits of a scenario; each message names its limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import filterfalse

from awsit.errors import Problem
from awsit.model.codec import text
from awsit.model.json import SCALARS, Json
from awsit.model.text.encoding import unencodable
from awsit.patterns import lazy_pattern
from awsit.scenario.limits import MAX_ACTIONS, MAX_DEPTH, MAX_DOCUMENT_BYTES, MAX_EXPRESSIONS, MAX_TOKENS
from awsit.scenario.schema.template_texts import every_text
from awsit.scenario.schema.walk import SiteWalk

_TOKEN = lazy_pattern(r"\w+|[^\w\s]")


def depth_problems(document: Json) -> Iterator[Problem]:
    """Whether the document is nested too deeply for the other checks to walk it."""
    level: list[Json] = [document]
    for _ in range(MAX_DEPTH - 1):
        level = [item for value in level for item in _children(value) if type(item) not in SCALARS]
        if not level:
            return
    if any(map(_children, level)):
        yield Problem("limit", f"the scenario is nested more than {MAX_DEPTH} levels deep")


def size_problems(document: Json, walked: SiteWalk) -> Iterator[Problem]:
    """Whether there are too many actions, or too much of anything."""
    number = walked.number
    if number > MAX_ACTIONS:
        message = f"the scenario has {number} actions, clean-up included; the limit is {MAX_ACTIONS}"
        yield Problem("limit", message, "actions", "split the scenario")
    yield from _expression_problems(every_text(document))
    try:
        written, reason = text(document, again=True), ""
    except (TypeError, ValueError) as error:
        written, reason = "", str(error)
    may_hold_half = not written or not written.isascii() or "\\ud" in written
    half = next(filter(None, map(unencodable, filterfalse(str.isascii, _texts(document)))), "") if may_hold_half else ""
    if half:
        hint = """write both halves, or the character; to compare with a half, give it as '{{ "\\ud83d" }}'"""
        yield Problem("not_json", f"the scenario holds {half}, which is no character", hint=hint)
        return
    if not written:
        yield Problem("not_json", f"the scenario holds a value that JSON cannot: {reason}")
        return
    size = len(written) if written.isascii() else len(written.encode())
    if size > MAX_DOCUMENT_BYTES:
        message = f"the scenario is {size // 1024} KiB of JSON; the limit is {MAX_DOCUMENT_BYTES // 1024} KiB"
        yield Problem("limit", message, hint="split it, or let the service keep large test data")


def _expression_problems(texts: Iterable[str]) -> Iterator[Problem]:
    """Whether there are too many expressions to compile all of them in a second or two."""
    sources = {part.partition("}}")[0] for text in texts if "{{" in text for part in text.split("{{")[1:]}
    tokens = sum(len(_TOKEN.findall(source)) for source in sources)
    hint = "split the scenario, or compute what they share once, in `variables` or `let`"
    if len(sources) > MAX_EXPRESSIONS:
        message = f"the scenario has {len(sources)} different expressions; the limit is {MAX_EXPRESSIONS}"
        yield Problem("limit", message, hint=hint)
    elif tokens > MAX_TOKENS:
        message = f"the expressions of the scenario have {tokens} words and signs; the limit is {MAX_TOKENS}"
        yield Problem("limit", message, hint=hint)


def _texts(document: Json) -> list[str]:
    """All texts of the document, keys too."""
    texts: list[str] = []
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            texts.extend(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return texts


def _children(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
