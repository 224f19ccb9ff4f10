"""python-jsonpath set up to follow RFC 9535 to the letter, with exact numbers and bounded regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from jsonpath import JSONPathEnvironment
from jsonpath.exceptions import JSONPathSyntaxError
from jsonpath.filter import UNDEFINED, BaseExpression, FilterExpressionLiteral, FilterQuery
from jsonpath.function_extensions import Match, Search
from jsonpath.lex import Lexer
from jsonpath.match import NodeList
from jsonpath.parse import Parser
from jsonpath.stream import TokenStream
from jsonpath.token import TOKEN_LG, Token

from awsit.expressions import budget, regex
from awsit.expressions.jsonpath.counted import CountedPath
from awsit.expressions.values import kind, same
from awsit.model.json import MAX_DEPTH

_CONTROL_ESCAPE = re.compile(r"\\u00[01][0-9A-Fa-f]")
_STRING_PARTS = re.compile(rf"{_CONTROL_ESCAPE.pattern}|\\.|[^\\]+|\\", re.DOTALL)


def _value(operand: object) -> object:
    """The value of an operand; a singular query that selects nothing is UNDEFINED."""
    if isinstance(operand, NodeList):
        return operand[0].obj if operand else UNDEFINED
    return operand


def _equal(left: object, right: object) -> bool:
    if left is UNDEFINED or right is UNDEFINED:
        return left is right
    return same(left, right)


def _less(left: Any, right: Any) -> bool:
    return kind(left) == kind(right) and kind(left) in {"number", "string"} and bool(left < right)


_COMPARISONS: dict[str, Callable[[object, object], bool]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _less,
    ">": lambda left, right: _less(right, left),
    "<=": lambda left, right: _less(left, right) or _equal(left, right),
    ">=": lambda left, right: _less(right, left) or _equal(left, right),
}
"""RFC 9535, section 2.3.5.2.2."""


class NumberLiteral(FilterExpressionLiteral[int | Decimal]):
    """A number of a filter, digit for digit."""

    __slots__ = ()


def _counted(expression: BaseExpression) -> BaseExpression:
    if isinstance(expression, FilterQuery):
        expression.path = CountedPath.of(expression.path)
    return expression


class ExactParser(Parser):
    """Reads `1.1` as the Decimal, and `12345678901234567890` as the integer, that it says (not as a float)."""

    def parse_integer_literal(self, stream: TokenStream) -> BaseExpression:
        """An integer; also `1e2`."""
        token = stream.current()
        if token.value.isdigit() or token.value[1:].isdigit():
            super().parse_integer_literal(stream)  # refuses leading zeros
            return NumberLiteral(value=int(token.value))
        return self._decimal(stream, token.value.lstrip("-").split("e")[0].split("E")[0])

    def parse_float_literal(self, stream: TokenStream) -> BaseExpression:
        """A number with a fraction."""
        return self._decimal(stream, stream.current().value.lstrip("-").split(".")[0])

    def _decimal(self, stream: TokenStream, whole: str) -> BaseExpression:
        token = stream.next()
        if whole.startswith("0") and len(whole) > 1:
            raise JSONPathSyntaxError("a number has no leading zeros", token=token)
        return NumberLiteral(value=Decimal(token.value))

    def parse_absolute_query(self, stream: TokenStream) -> BaseExpression:
        """A query from the root inside a filter."""
        return _counted(super().parse_absolute_query(stream))

    def parse_relative_query(self, stream: TokenStream) -> BaseExpression:
        """A query from the current node inside a filter."""
        return _counted(super().parse_relative_query(stream))

    def _decode_string_literal(self, token: Token) -> str:
        """A text; also with escapes of control characters, which python-jsonpath 2.2 refuses (section 2.3.1.1)."""
        text, pieces = "", list[str]()
        for part in _STRING_PARTS.findall(token.value):
            if _CONTROL_ESCAPE.fullmatch(part):
                pieces += [self._decoded(text, token), chr(int(part[-4:], 16))]
                text = ""
            else:
                text += part
        return "".join([*pieces, self._decoded(text, token)])

    def _decoded(self, text: str, token: Token) -> str:
        return super()._decode_string_literal(Token(token.kind, text, token.index, token.path))


class TimedMatch(Match):
    """`match()` with limits of time and size."""

    def __call__(self, value: object, pattern: object) -> bool:
        """Whether the whole value matches."""
        if not isinstance(value, str) or not isinstance(pattern, str):
            return False
        regex.hold_new(pattern, self.cache)
        compiled = self.check_cache(pattern)
        try:
            return compiled is not None and bool(compiled.fullmatch(value, timeout=regex.seconds()))
        except TimeoutError as error:
            raise regex.too_slow(pattern) from error


class TimedSearch(Search):
    """`search()` with limits of time and size."""

    def __call__(self, value: object, pattern: object) -> bool:
        """Whether some part of the value matches."""
        if not isinstance(value, str) or not isinstance(pattern, str):
            return False
        regex.hold_new(pattern, self.cache)
        compiled = self.check_cache(pattern)
        try:
            return compiled is not None and bool(compiled.search(value, timeout=regex.seconds()))
        except TimeoutError as error:
            raise regex.too_slow(pattern) from error


class StrictLexer(Lexer):
    """Names without `-`, with characters of every plane (section 2.5.1.1); comparisons by the six operators alone."""

    key_pattern = r"[\u0080-\uD7FF\uE000-\U0010FFFFa-zA-Z_][\u0080-\uD7FF\uE000-\U0010FFFFa-zA-Z0-9_]*"

    def tokenize(self, path: str) -> Iterator[Token]:
        """The tokens; raises JSONPathSyntaxError for `<>`, which strict mode lets pass."""
        for token in super().tokenize(path):
            if token.kind == TOKEN_LG:
                raise JSONPathSyntaxError("unexpected token '<>'; write `!=`", token=token)
            yield token


class StrictEnvironment(JSONPathEnvironment):
    """RFC 9535 without the extensions of python-jsonpath."""

    lexer_class = StrictLexer
    parser_class = ExactParser
    max_recursion_depth = 2 * MAX_DEPTH
    """Levels that `..` looks at: what a service sent may lie some levels deep in the context."""

    def compare(self, left: object, operator: str, right: object) -> bool:
        """Comparisons by type and value at every depth: `[1]` is not `[true]`, `false < 1` is not ordered."""
        budget.spend()
        if operator not in _COMPARISONS:
            return super().compare(left, operator, right)
        return _COMPARISONS[operator](_value(left), _value(right))

    def setup_function_extensions(self) -> None:
        """The five standard functions."""
        super().setup_function_extensions()
        self.function_extensions["match"] = TimedMatch(thread_safe=True)
        self.function_extensions["search"] = TimedSearch(thread_safe=True)


@cache
def environment() -> StrictEnvironment:
    """The only environment. Threads may share it: it keeps nothing of a document."""
    return StrictEnvironment(strict=True, filter_caching=False)
