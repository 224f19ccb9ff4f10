"""python-jsonpath set up to follow RFC 9535 to the letter, with exact numbers and bounded regular expressions."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from jsonpath import JSONPath, JSONPathEnvironment
from jsonpath.exceptions import JSONPathRecursionError, JSONPathSyntaxError
from jsonpath.filter import UNDEFINED, BaseExpression, FilterExpressionLiteral, FilterQuery
from jsonpath.function_extensions import Match, Search
from jsonpath.lex import Lexer
from jsonpath.match import JSONPathMatch, NodeList
from jsonpath.parse import Parser
from jsonpath.segments import JSONPathRecursiveDescentSegment, JSONPathSegment
from jsonpath.serialize import canonical_string
from jsonpath.stream import TokenStream
from jsonpath.token import TOKEN_LG, Token

from awsit.expressions import budget, regex
from awsit.expressions.values import kind, same
from awsit.model.json import CONTAINERS, MAX_DEPTH, OBJECTS

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


class CountedMatch(JSONPathMatch):
    """A node of a document, which takes a step of the budget, does not know its children, and has its path when asked.

    They know their parents: with both, what a path walked over would stay in memory until the collector of cycles
    comes, and that counts objects, not megabytes.
    """

    __slots__ = ("key",)

    def __init__(self, obj: Any, root: Any, filter_context: Mapping[str, Any], parent: Any, key: Any) -> None:
        self.obj = obj
        self.root = root
        self._filter_context = filter_context
        self.parent = parent
        self.key = key

    def new_child(self, obj: object, key: int | str) -> JSONPathMatch:
        """The node below this one."""
        budget.spend()
        return CountedMatch(obj, self.root, self._filter_context, self, key)

    def add_child(self, *_: JSONPathMatch) -> None:
        """Nothing: nobody asks for the children."""

    @property
    def parts(self) -> tuple[int | str, ...]:  # type: ignore[override]  # the library keeps it in each node
        """The keys and indexes on the way here from the root."""
        keys: deque[int | str] = deque()
        node: Any = self
        while node.parent is not None:
            keys.appendleft(node.key)
            node = node.parent
        return tuple(keys)

    @property
    def path(self) -> str:  # type: ignore[override]  # as above
        """The normalized path (RFC 9535, section 2.7)."""
        keys = (canonical_string(key) if isinstance(key, str) else key for key in self.parts)
        return "$" + "".join(f"[{key}]" for key in keys)


class CountedDescent(JSONPathRecursiveDescentSegment):
    """A descendant segment that visits each node once, without a generator a level and without texts as arrays."""

    __slots__ = ()

    def _visit(self, node: JSONPathMatch, depth: int = 1) -> Iterator[JSONPathMatch]:
        """The node and all objects and arrays below it, each before those in it (RFC 9535, section 2.5.2.2)."""
        yield node
        waiting = [_containers(node)]
        while waiting:
            below = next(waiting[-1], None)
            if below is None:
                waiting.pop()
                continue
            if len(waiting) + depth > self.env.max_recursion_depth:
                raise JSONPathRecursionError("recursion limit exceeded", token=self.token)
            yield below
            waiting.append(_containers(below))


def _containers(node: JSONPathMatch) -> Iterator[JSONPathMatch]:
    """The objects and arrays right below a node."""
    value = node.obj
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, OBJECTS):
        items = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    return (node.new_child(item, key) for key, item in items if isinstance(item, CONTAINERS))


class CountedPath(JSONPath):
    """A path whose search is counted, at the root of a query or inside a filter."""

    @classmethod
    def of(cls, path: JSONPath) -> CountedPath:
        """The same path, counted."""
        return cls(env=path.env, segments=tuple(map(_counted_segment, path.segments)))

    def finditer(self, data: Any, *, filter_context: Mapping[str, Any] | None = None) -> Iterator[JSONPathMatch]:
        """The nodes that the path selects. Raises ExpressionError, code `too_large`."""
        budget.spend()
        root: Any = data
        nodes: Iterable[JSONPathMatch] = [CountedMatch(root, root, filter_context or {}, None, None)]
        for segment in self.segments:
            nodes = segment.resolve(nodes)
        return iter(nodes)


def _counted_segment(segment: JSONPathSegment) -> JSONPathSegment:
    if isinstance(segment, JSONPathRecursiveDescentSegment):
        return CountedDescent(env=segment.env, token=segment.token, selectors=segment.selectors)
    return segment


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
