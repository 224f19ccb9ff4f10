"""The parts of a text with `{{ expressions }}`, found by Jinja2's own lexer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from awsit.errors import ExpressionError
from awsit.expressions.templates.names import DOTTED
from awsit.model.json import OBJECTS, SCALARS, Json
from awsit.patterns import lazy_pattern

_NOT_ALLOWED = {"block_begin": "{% %}", "comment_begin": "{# #}", "raw_begin": "{% raw %}"}
_AT = lazy_pattern(r"unexpected char .* at (\d+)$", re.DOTALL)
_LITERAL = r"[^{]+|\{(?![{%#])"
_NAMES_ONLY = lazy_pattern(rf"(?:{_LITERAL}|\{{\{{{DOTTED}\}}\}})*+")
_ATOMS = r"""[\w .,|*/~]|'[^'{}\\\n]*'|"[^"{}\\\n]*\""""
_SIMPLE_PART = lazy_pattern(rf"\{{\{{((?:{_ATOMS}|\((?:{_ATOMS})*+\))++)\}}\}}", re.ASCII)
_SIMPLE = lazy_pattern(rf"(?:{_LITERAL}|{_SIMPLE_PART.pattern})*+", re.ASCII)
"""A text with expressions whose end takes no lexer to find: no braces in them, no parentheses in one another."""
_QUOTED = 80
MAX_SOURCE = 16 * 1024
"""Characters of one expression."""
_HINT = "to write the characters themselves, use `{{ '{%' }}`"


class Part(Struct, frozen=True):
    """A piece of a text: literal characters, or the source of an expression; `offset` is its place in the text."""

    text: str
    offset: int
    expression: bool

    @property
    def quoted(self) -> str:
        """The expression in its braces, for a message; a long one is cut."""
        source = self.text.strip()
        return f"{{{{ {source if len(source) <= _QUOTED else f'{source[:_QUOTED]}…'} }}}}"


def is_template(text: str) -> bool:
    """Whether the text holds anything that Jinja2 would read; nearly free."""
    return "{" in text and ("{{" in text or "{%" in text or "{#" in text)


def templates_in(value: Json) -> Iterator[str]:
    """The templates of a document, keys included, in no order; it is looked through far oftener than it has any."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if "{" in item and is_template(item):
                yield item
        elif isinstance(item, list | tuple):
            waiting.extend(item)
        elif type(item) not in SCALARS and isinstance(item, OBJECTS):
            waiting += [each for each in (*item, *item.values()) if type(each) is not str or "{" in each]


def holds_template(value: Json) -> bool:
    """Whether a text of the document, at any depth, is a template; keys count too."""
    return next(templates_in(value), None) is not None


@lru_cache(maxsize=4096)
def split(text: str) -> tuple[Part, ...]:
    """The parts, in order; literal ones are never empty.

    Raises ExpressionError: code `syntax`, or `forbidden` for statements, comments and white space control.
    """
    if not is_template(text):
        return (Part(text, 0, expression=False),) if text else ()
    return tuple(_simple_parts(text) if _SIMPLE.fullmatch(text) else _parts(text))


def has_names_only(text: str) -> bool:
    """Whether each expression of the text is a dotted name, such as `context.order.id`, and all of it is in order."""
    return _NAMES_ONLY.fullmatch(text) is not None


def sole_expression(parts: tuple[Part, ...]) -> bool:
    """Whether the whole text is one expression, so that its value keeps its type."""
    return len(parts) == 1 and parts[0].expression


def pieces(parts: tuple[Part, ...]) -> list[str]:
    """The literal texts before, between and after the expressions: one more than there are expressions."""
    texts = [""]
    for part in parts:
        if part.expression:
            texts.append("")
        else:
            texts[-1] += part.text
    return texts


def _simple_parts(text: str) -> Iterator[Part]:
    end = 0
    for match in _SIMPLE_PART.finditer(text):
        if match.start() > end:
            yield Part(text[end : match.start()], end, expression=False)
        yield Part(match[1], match.start(1), expression=True)
        end = match.end()
    if end < len(text):
        yield Part(text[end:], end, expression=False)


def _parts(text: str) -> Iterator[Part]:
    begun: int | None = None
    for offset, token, lexeme in tokens(text):
        end = offset + len(lexeme)
        match token:
            case "data":
                yield Part(text[offset:end], offset, expression=False)
            case "variable_begin":
                _refuse_control(lexeme, offset)
                begun = end
            case "variable_end" if begun is not None:
                _refuse_control(lexeme, offset)
                yield Part(text[begun:offset], begun, expression=True)
                begun = None
            case _ if begun is not None and end - begun > MAX_SOURCE:
                raise too_long(end - begun)
    if begun is not None:
        raise ExpressionError("`{{` has no `}}`", code="syntax", offset=begun - 2, length=2)


def too_long(characters: int) -> ExpressionError:
    """The error for an expression of more characters than one may have."""
    message = f"an expression may have {MAX_SOURCE} characters, not {characters} or more"
    return ExpressionError(message, code="too_large")


def tokens(text: str) -> Iterator[tuple[int, str, str]]:
    """Offset, kind and text of what Jinja2's lexer finds. Raises ExpressionError, code `syntax` or `forbidden`."""
    from jinja2.exceptions import TemplateSyntaxError  # slow to import

    from awsit.expressions.templates.environment import environment

    offset = 0
    try:
        # The lexer turns \r\n into \n; a space for \r keeps every offset. Literals are cut from the original text.
        for _, token, lexeme in environment().lexer.tokeniter(text.replace("\r", " "), None):
            if token in _NOT_ALLOWED:
                raise _forbidden(_NOT_ALLOWED[token], offset)
            yield offset, token, lexeme
            offset += len(lexeme)
    except TemplateSyntaxError as error:
        message = error.message or "syntax error"
        at = _AT.search(message)
        place = int(at[1]) if at else min(offset, len(text) - 1)
        unexpected = f"unexpected {text[place]!r}"
        raise ExpressionError(_AT.sub(lambda _: unexpected, message), code="syntax", offset=place) from error


def _forbidden(what: str, offset: int) -> ExpressionError:
    message = f"`{what}` is not allowed; only `{{{{ expression }}}}` is"
    return ExpressionError(message, code="forbidden", hint=_HINT, offset=offset, length=2)


def _refuse_control(lexeme: str, offset: int) -> None:
    if "-" in lexeme or "+" in lexeme:
        message = f"`{lexeme.strip()}` (white space control) is not allowed"
        hint = "put a space between the braces and the sign"
        raise ExpressionError(message, code="forbidden", hint=hint, offset=offset, length=3)
