"""What is wrong with a call of a filter, test, function or method: Python's and Jinja2's messages in a user's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from jinja2.exceptions import TemplateRuntimeError

from awsit.errors import ExpressionError

_KINDS = {
    "str": "string",
    "int": "number",
    "float": "number",
    "Decimal": "number",
    "decimal.Decimal": "number",
    "bool": "boolean",
    "NoneType": "null",
    "list": "array",
    "tuple": "array",
    "dict": "object",
    "datetime": "moment",
    "datetime.datetime": "moment",
}
_CALLED = r"(?:[\w<>]+\.)*(?P<name>\w+|<lambda>)(?:\(\))?"
_WORDS: tuple[tuple[str, str], ...] = (
    (rf"{_CALLED} missing .*arguments?:? (?P<list>'.+')(?: \(pos \d+\))?", "{name}: needs {list} in its parentheses"),
    (rf"{_CALLED} got an unexpected keyword argument '(?P<word>\w+)'", "{name}: takes no `{word}`"),
    (rf"{_CALLED} takes no keyword arguments", "{name}: takes no values with names"),
    (rf"{_CALLED} got multiple values for argument '(?P<word>\w+)'", "{name}: has two values for `{word}`"),
    (rf"{_CALLED} expected at least \d+ arguments?, got \d+", "{name}: has too few values in its parentheses"),
    (rf"{_CALLED} takes at least .*given\)", "{name}: has too few values in its parentheses"),
    (rf"{_CALLED} takes exactly .*\(0 given\)", "{name}: has too few values in its parentheses"),
    (rf"{_CALLED} (?:takes|expected) .*(?:given\)?|got \d+)", "{name}: has too many values in its parentheses"),
    (r"Unexpected keyword argument '(?P<word>\w+)'", "{name}: takes no `{word}`"),
    (r"map requires a filter argument", "{name}: needs the name of a filter, or `attribute=` and a key"),
    (r"Missing parameter for attribute name", "{name}: needs a key in its parentheses"),
    (r"No (?P<word>filter|test) named (?P<what>.+?)\.?", "there is no {word} {what}"),
    (r"'(?P<kind>[\w.]+)' object cannot be interpreted as an integer", "{name}: needs a whole number, not {kind}"),
    (r"bad operand type for (?:abs\(\)|unary .+): '(?P<kind>[\w.]+)'", "{name}: needs a number, not {kind}"),
    (
        r"'(?P<what>[<>]=?)' not supported between instances of '(?P<kind>[\w.]+)' and '(?P<other>[\w.]+)'",
        "{name}: {kind} and {other} have no order",
    ),
    (r"'(?P<kind>[\w.]+)' object is not (?:iterable|subscriptable)", "{name}: needs an array, not {kind}"),
    (r"unhashable type: '(?P<kind>[\w.]+)'", "{name}: needs a text in its parentheses, not {kind}"),
    (r"argument of type '(?P<kind>[\w.]+)' is not (?:iterable|a container or iterable)", "{name}: {kind} has no items"),
    (rf"{_CALLED} argument (?:\d+|'\w+') must be .*", "{name}: a value in its parentheses is of the wrong type"),
    (
        r"(?:(?P<name>\w+) first arg )?must be (?:str|int|tuple).*",
        "{name}: a value in its parentheses is of the wrong type",
    ),
)
"""Patterns of messages of CPython and Jinja2, and what is said instead."""
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in _WORDS)


def in_words(message: str, name: str = "") -> str:
    """The message for the user of an expression; one that is no message of Python or Jinja2 stays as it is.

    `name` is what the expression calls; without it, the name that the message has is taken.
    """
    for pattern, words in _PATTERNS:
        match = pattern.fullmatch(message)
        if match:
            found = {key: _KINDS.get(text, text) for key, text in match.groupdict().items()}
            found |= {key: found[key].replace("'", "`") for key in ("list", "what") if key in found}
            own = found.get("name") or ""
            found["name"] = name or ("" if own.startswith(("<", "_")) else own)
            return words.format(**found).removeprefix(": ")
    return message


def named(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter or test, whose errors about the call tell its name in templates."""

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except (TypeError, TemplateRuntimeError) as error:
            words = in_words(str(error), name)
            if words == str(error):
                raise
            raise ExpressionError(words) from error

    return call
