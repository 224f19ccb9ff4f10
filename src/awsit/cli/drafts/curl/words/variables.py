"""Variables inside the texts of a command line.

`$NAME` of a shell has no value yet when a scenario is written. It stands in a word between two code points that no
text can hold (they are surrogates, which UTF-8 does not encode), so that `$NAME` in single quotes stays a text.
"""

from __future__ import annotations

import re

from awsit.cli.drafts.draft import from_environment
from awsit.expressions.templates.template import literal
from awsit.model.json import Json

_BEGIN, _END = "\ud800", "\ud801"
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_VARIABLE = re.compile(f"{_BEGIN}([^{_END}]*){_END}")


def variable(expression: str) -> str:
    """A variable of the environment as a text holds it; `expression` is its name, or the name and a filter."""
    return f"{_BEGIN}{expression}{_END}"


def filtered(text: str, filters: str) -> str:
    """The text that is one variable, changed by filters of a template."""
    return f"{text[:-1]} | {filters}{_END}"


def has_variable(text: str) -> bool:
    """Whether the text holds a variable."""
    return _BEGIN in text


def without_variables(text: str) -> str:
    """The text that is left without its variables."""
    return _VARIABLE.sub("", text)


def is_unicode(text: str) -> bool:
    """Whether the text, without its variables, is one that UTF-8 encodes."""
    return not _SURROGATE.search(without_variables(text))


def shown(text: str) -> str:
    """The text for a message, with variables as a shell writes them."""
    return _VARIABLE.sub(lambda found: f"${found[1]}", text)


def variables_of(text: str) -> set[str]:
    """The names of the variables in a text."""
    return {found.partition(" ")[0] for found in _VARIABLE.findall(text)}


def pieces(text: str) -> list[str]:
    """The text, cut so that each variable is a piece of its own."""
    return re.split(f"({_VARIABLE.pattern.replace('(', '(?:')})", text)


def as_template(value: Json) -> Json:
    """The value with variables as templates (`{{ env.NAME }}`), and nothing else taken for one."""
    if isinstance(value, str):
        return "".join(_template(piece) for piece in pieces(value))
    if isinstance(value, dict):
        return {as_template(key): as_template(item) for key, item in value.items()}
    return [as_template(item) for item in value] if isinstance(value, list) else value


def _template(piece: str) -> str:
    found = _VARIABLE.fullmatch(piece)
    return from_environment(found[1]) if found else str(literal(piece))
