r"""Regular expressions, bounded in time and input, so that no pattern can hang a run.

The syntax is that of the `regex` package, which is Python's with Unicode classes such as `\p{Lu}`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from awsit.errors import ExpressionError

MAX_INPUT = 64 * 1024
"""Characters of a text that are searched; what follows is ignored."""

TIMEOUT_SECONDS = 1.0

MAX_SIZE = 100_000
"""Parts of a compiled pattern: `(ab{20}){10}` has 210, because the compiler writes repetitions out."""

_PIECES = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?P<least>\d+)(?:,\d*)?\}|.", re.DOTALL)


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """The compiled pattern. Raises ExpressionError, code `bad_regex`, with the offset."""
    if _size(pattern) > MAX_SIZE:
        raise _too_complex()
    import regex  # type: ignore[import-untyped] # it ships no types; slow to import

    try:
        return regex.compile(pattern)
    except regex.error as error:
        message = f"the regular expression is not valid: {error.msg}"
        raise ExpressionError(message, code="bad_regex", offset=error.pos) from error
    except (RecursionError, OverflowError) as error:
        raise _too_complex() from error


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

    Raises ExpressionError, code `bad_regex`, also when it takes longer than a second.
    """
    try:
        return compiled(pattern).search(text[:MAX_INPUT], timeout=TIMEOUT_SECONDS) is not None
    except TimeoutError as error:
        raise too_slow(pattern) from error


def matches_whole(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole text; a text longer than `MAX_INPUT` never does. Raises as `found_in`."""
    try:
        matched = len(text) <= MAX_INPUT and compiled(pattern).fullmatch(text, timeout=TIMEOUT_SECONDS)
    except TimeoutError as error:
        raise too_slow(pattern) from error
    return bool(matched)


def too_slow(pattern: str) -> ExpressionError:
    """The error for a pattern that takes too long."""
    hint = "nested repetitions such as `(a+)+` take exponential time; write the pattern without them"
    message = f"the regular expression `{pattern[:80]}` took longer than {TIMEOUT_SECONDS:g} s"
    return ExpressionError(message, code="bad_regex", hint=hint)
