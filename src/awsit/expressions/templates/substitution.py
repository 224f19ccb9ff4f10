"""Expressions put in the place of names inside expressions, and values written as the source of expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from awsit.errors import ExpressionError
from awsit.expressions.templates.names import dotted_name
from awsit.expressions.templates.segments import Part, has_names_only, is_template, sole_expression, split, tokens
from awsit.model.json import Json, dumps
from awsit.patterns import lazy_pattern

_PLAIN_STRING = lazy_pattern(r"""(?P<quote>['"])(?P<text>[^'"\\]*)(?P=quote)\Z""")


class Use(Struct, frozen=True):
    """`root.key` or `root['key']` in a text; `key` is None for anything else. `begin`, `end`: characters."""

    root: str
    key: str | None
    begin: int
    end: int


class _Token(Struct, frozen=True):
    offset: int
    kind: str
    text: str

    @property
    def end(self) -> int:
        return self.offset + len(self.text)


def uses(text: str, roots: frozenset[str]) -> list[Use]:
    """Where the expressions of a text use one of the root names; nothing for a text that cannot be read."""
    if not is_template(text):
        return []
    if has_names_only(text):
        return [use for part in split(text) if part.expression and (use := _named(part)).root in roots]
    try:
        return list(_uses([_Token(*each) for each in tokens(text)], roots))
    except ExpressionError:
        return []


def rewrite(text: str, roots: frozenset[str], replace: Callable[[Use], str | None]) -> str:
    """The text with each use replaced by the source that `replace` gives for it, or left when that is None."""
    copied, parts = 0, []
    for use in uses(text, roots):
        source = replace(use)
        if source is not None:
            parts += [text[copied : use.begin], source]
            copied = use.end
    return "".join([*parts, text[copied:]])


def sole_use(part: Part, root: str) -> str | None:
    """The key, when the expression is nothing but `root.key`, else None."""
    if not part.expression:
        return None
    match uses("{{" + part.text + "}}", frozenset({root})):
        case [use] if part.text.strip() == part.text[use.begin - 2 : use.end - 2]:
            return use.key
    return None


def as_source(value: Json) -> str:
    """A value as the source of an expression that gives it; templates inside it become expressions."""
    if isinstance(value, str):
        return _text_source(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{as_source(key)}: {as_source(item)}" for key, item in value.items())
        return f"{{{inner}}}"
    if isinstance(value, Sequence):
        return f"[{', '.join(as_source(item) for item in value)}]"
    return f"({dumps(value)})"


def _text_source(text: str) -> str:
    try:
        parts = split(text)
    except ExpressionError:
        return _literal(text)  # the checks of templates report it where it is written
    if sole_expression(parts):
        return f"({parts[0].text.strip()})"
    if not any(part.expression for part in parts):
        return _literal(text)
    return f"({' ~ '.join(f'({part.text.strip()})' if part.expression else _literal(part.text) for part in parts)})"


def _literal(text: str) -> str:
    """A text in double quotes with the escapes that JSON and Jinja2 share."""
    return dumps(text)


def _named(part: Part) -> Use:
    """The use that an expression is which is a dotted name."""
    root, key, *_ = dotted_name(part.text)
    begin = part.offset + part.text.index(root)
    return Use(root, key, begin, begin + len(root) + 1 + len(key))


def _uses(all_tokens: list[_Token], roots: frozenset[str]) -> Iterator[Use]:
    solid = [token for token in all_tokens if token.kind != "whitespace"]
    for index, token in enumerate(solid):
        if token.kind != "name" or token.text not in roots or (index and solid[index - 1].text == "."):
            continue
        after = solid[index + 1 : index + 4]
        if after and after[0].text == "=":
            continue  # the name of an argument
        key, last = _key(after)
        yield Use(token.text, key, token.offset, (last or token).end)


def _key(after: list[_Token]) -> tuple[str | None, _Token | None]:
    """The key behind a root name, and the token that it ends with."""
    match [(token.kind, token.text) for token in after]:
        case [("operator", "."), ("name", key), *_]:
            return key, after[1]
        case [("operator", "["), ("string", quoted), ("operator", "]")] if plain := _PLAIN_STRING.match(quoted):
            return plain["text"], after[2]
    return None, None
