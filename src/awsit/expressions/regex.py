r"""Regular expressions, bounded in time and input, so that no pattern can hang a run.

The syntax is that of the `regex` package, which is Python's with Unicode classes such as `\p{Lu}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from awsit.errors import ExpressionError, Problem
from awsit.expressions import budget
from awsit.patterns import lazy_pattern

MAX_INPUT = 1024 * 1024
"""Characters of a text that a pattern without groups is held to."""
MAX_INPUT_OF_GROUPS = 64 * 1024
"""The same of a pattern with many groups: each keeps what it captured, a hundred bytes for a character."""

TIMEOUT_SECONDS = 1.0

MAX_SIZE = 100_000
"""Parts of a compiled pattern: `(ab{20}){10}` has 210, because the compiler writes repetitions out."""

MAX_KEPT_SIZE = 2_000
"""Parts of a compiled pattern that is kept for the next search; a response can hold a thousand larger ones."""

_CHARACTERS_PER_PART = 96

_PIECES = lazy_pattern(
    r"\(\?#(?:\\.|[^)\\])*\)|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?P<least>\d+)(?:,\d*)?\}|.", re.DOTALL
)

_OTHER_SYNTAX = lazy_pattern(r"\(\?[A-Za-z0-9-]*(?:x|V1)")
"""Flags that make comments of `#` and sets of `[[a]--[b]]`, which `_size` does not know."""
_MULTILINE = lazy_pattern(r"\(\?[A-Za-z]*m")
"""A flag with which `$` stands at the end of each line."""
_COUNTS = lazy_pattern(r"\{\s*(\d+)")


def compiled(pattern: str) -> Any:
    """The compiled pattern. Raises ExpressionError, code `bad_regex`, with the offset."""
    return (_kept if refuse_complex(pattern) <= MAX_KEPT_SIZE else _compiled)(pattern)


def _compiled(pattern: str) -> Any:
    import regex  # type: ignore[import-untyped] # it ships no types; slow to import

    try:
        return regex.compile(pattern, cache_pattern=False)
    except regex.error as error:
        message = f"the regular expression is not valid: {error.msg}"
        raise ExpressionError(message, code="bad_regex", offset=error.pos) from error
    except (RecursionError, OverflowError) as error:
        raise _too_complex() from error


_kept = lru_cache(maxsize=1024)(_compiled)


@lru_cache(maxsize=1024)
def refuse_complex(pattern: str) -> int:
    """The parts of the compiled pattern. Raises ExpressionError, code `bad_regex`, when there would be too many."""
    size = _upper_bound(pattern) if _OTHER_SYNTAX.search(pattern) else _size(pattern)
    if size > MAX_SIZE:
        raise _too_complex()
    return size


def hold_new(pattern: str, kept: Iterable[str]) -> None:
    """Count a large pattern that another library compiles and keeps. Raises ExpressionError as `compiled`."""
    size = refuse_complex(pattern)
    if size > MAX_KEPT_SIZE and pattern not in kept:
        budget.hold(_CHARACTERS_PER_PART * size)


def seconds() -> float:
    """How long one search may take: what is left for the evaluation, and not more than `TIMEOUT_SECONDS`.

    Raises ExpressionError, code `too_large`, when nothing is left.
    """
    budget.look()
    return min(TIMEOUT_SECONDS, max(0.01, budget.seconds_left()))


def _upper_bound(pattern: str) -> int:
    """At least the parts of the compiled pattern, whatever is a comment or a set: as if all repetitions were nested."""
    size = len(pattern)
    for count in _COUNTS.findall(pattern):
        size *= max(1, int(count[:9]))
        if size > MAX_SIZE:
            break
    return size


def _size(pattern: str) -> int:
    """How many parts the compiled pattern has: an estimate, to refuse a pattern that would fill the memory."""
    sizes, last = [0], 0
    for piece in _PIECES.finditer(pattern):
        if piece[0] == "(":
            sizes.append(0)
            last = 0
        elif piece[0] == ")" and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        elif piece[0].startswith("(?#"):
            continue
        elif piece["least"]:
            more = last * (min(int(piece["least"][:9]), MAX_SIZE + 1) - 1)
            sizes[-1], last = sizes[-1] + more, last + more
        else:
            sizes[-1], last = sizes[-1] + 1, 1
    return sum(sizes)


def _too_complex() -> ExpressionError:
    return ExpressionError("the regular expression is too complex", code="bad_regex")


def found_in(pattern: str, text: str) -> bool:
    """Whether the pattern matches anywhere in the text; `^` and `$` tie it to the ends.

    Raises ExpressionError, code `bad_regex`, also when it takes longer than a second, and `too_large` for a text that
    is too long.
    """
    return _matches(pattern, text, "search")


def found_as_in_schemas(pattern: str, text: str) -> bool:
    """As `found_in`, with `$` at the very end only, as JSON Schema has it (ECMA-262): not before a last line break."""
    return found_in(_tied_to_the_end(pattern), text)


@lru_cache(maxsize=1024)
def _tied_to_the_end(pattern: str) -> str:
    if "$" not in pattern or _OTHER_SYNTAX.search(pattern) or _MULTILINE.search(pattern):
        return pattern
    return "".join(r"\Z" if piece[0] == "$" else piece[0] for piece in _PIECES.finditer(pattern))


def matches_whole(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole text. Raises as `found_in`."""
    return _matches(pattern, text, "fullmatch")


def part(pattern: str, text: str) -> str | None:
    """The first part of the text that the pattern matches: what its group holds, or without one the whole match.

    None when there is none. Raises as `found_in`.
    """
    match = _matched(pattern, text, "search")
    return match[compiled(pattern).groups and 1] if match else None


def part_problem(pattern: str, place: str) -> Problem | None:
    """What is wrong with a pattern of which `part` is taken, if anything."""
    try:
        groups = compiled(pattern).groups
    except ExpressionError as error:
        return Problem(error.code, error.message, place, error.hint, None, error.offset)
    if groups <= 1:
        return None
    hint = "write `(?:...)` for the others, or capture a name for each group"
    return Problem("bad_regex", f"one group says what is captured, and the pattern has {groups}", place, hint)


def _matches(pattern: str, text: str, how: str) -> bool:
    return _matched(pattern, text, how) is not None


def _matched(pattern: str, text: str, how: str) -> Any:
    try:
        with budget.evaluation():
            expression = compiled(pattern)
            _refuse_long(text, pattern, expression.groups)
            return getattr(expression, how)(text, timeout=seconds())
    except TimeoutError as error:
        raise too_slow(pattern) from error


def _refuse_long(text: str, pattern: str, groups: int) -> None:
    """Of a part of the text neither a match nor its absence would be sure."""
    most = max(MAX_INPUT_OF_GROUPS, MAX_INPUT // (1 + groups))
    if len(text) > most:
        message = f"a text of {len(text)} characters is too long for the regular expression `{pattern[:80]}`"
        hint = f"it may have {most}, and more with fewer groups that capture; `contains` looks in a text of any length"
        raise ExpressionError(message, code="too_large", hint=hint)


def too_slow(pattern: str) -> ExpressionError:
    """The error for a pattern that takes too long."""
    hint = "nested repetitions such as `(a+)+` take exponential time; write the pattern without them"
    message = f"the regular expression `{pattern[:80]}` took longer than {TIMEOUT_SECONDS:g} s"
    return ExpressionError(message, code="bad_regex", hint=hint)
