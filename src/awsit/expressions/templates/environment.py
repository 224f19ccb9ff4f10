"""The Jinja2 environment of templates: expressions only, exact numbers, and no access to Python (Jinja2, "Sandbox").

Jinja2 is slow to import, so this module is imported where the first `{{` is met.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.lexer import TOKEN_FLOAT, Lexer, Token
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from awsit.expressions.templates import arithmetic
from awsit.expressions.templates.filters import FILTERS
from awsit.expressions.templates.names import METHODS, EnvironmentVariables, NoSuite
from awsit.expressions.values import as_text, kind
from awsit.expressions.wrong_calls import named
from awsit.model.json import exact
from awsit.suggestions import suggestion


class MissingNameError(UndefinedError):
    """An expression used a name that does not exist."""


class Missing(StrictUndefined):
    """The value of a name that does not exist.

    Any use of it, or of a key of it, raises; `default(...)` and `is defined` work.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        """Itself, so that the first name that is missing is the one in the message."""
        if name[:2] == "__":
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> Any:
        return self

    def complain(self) -> None:
        """Raise MissingNameError or SecurityError."""
        self._fail_with_undefined_error()


class ExactLexer(Lexer):
    """Reads `0.1` as the Decimal that it says, to the last digit."""

    def wrap(
        self, stream: Iterable[tuple[int, str, str]], name: str | None = None, filename: str | None = None
    ) -> Iterator[Token]:
        """Tokens of the stream, with exact numbers."""
        for line, token, text in stream:
            if token == TOKEN_FLOAT:
                yield Token(line, token, Decimal(text.replace("_", "")))  # type: ignore[arg-type] # Any in fact
            else:
                yield from super().wrap([(line, token, text)], name, filename)


class ExactCode(CodeGenerator):
    """Generates code for Decimal constants, and for `~`, which joins values as templates write them into texts."""

    def visit_Const(self, node: nodes.Const, frame: Frame) -> None:  # noqa: N802 - Jinja2's name
        """A constant; a Decimal through its text."""
        if isinstance(node.value, Decimal):
            self.write(f"environment.decimal({str(node.value)!r})")
        else:
            super().visit_Const(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja2's name
        """`a ~ b`."""
        self.write("environment.join((")
        for item in node.nodes:
            self.visit(item, frame)
            self.write(", ")
        self.write("))")


class NamedContext(Context):
    """The names of the scope; an unknown one gets a message with those that are spelt like it."""

    def resolve_or_missing(self, key: str) -> Any:
        """The value, or a `Missing` with the message."""
        value = super().resolve_or_missing(key)
        if value is not missing:
            return value
        return Missing(f"unknown name `{key}`{suggestion(key, map(str, self.parent))}", name=key, exc=MissingNameError)


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Objects have their keys and nothing else, texts and moments a few methods; whatever can grow has a limit."""

    code_generator_class = ExactCode
    context_class = NamedContext
    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])
    intercepted_unops = frozenset(["+", "-"])
    decimal = Decimal

    def __init__(self) -> None:
        super().__init__(undefined=Missing, autoescape=False, optimized=False, keep_trailing_newline=True)
        self.filters = dict(FILTERS)
        self.globals = {"range": limited_range, "null": None}
        self.tests["float"] = _is_fraction
        self.tests["divisibleby"] = _is_divisible
        self.tests["even"] = lambda value: _is_divisible(value, 2)
        self.tests["odd"] = lambda value: not _is_divisible(value, 2)
        for name in ("filter", "test", "callable", "sameas", "escaped"):
            del self.tests[name]
        tests: dict[str, Any] = dict(self.tests)
        self.tests = {name: named(name, test) for name, test in tests.items()}
        self._exact_lexer = ExactLexer(self)

    @property
    def lexer(self) -> Lexer:
        """The lexer with exact numbers."""
        return self._exact_lexer

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 - Jinja2's signature
        """`left operator right`, exact and bounded."""
        require(left, right)
        return arithmetic.binary(operator, left, right)

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:  # noqa: ARG002 - Jinja2's signature
        """`operator arg`, exact."""
        require(arg)
        return arithmetic.unary(operator, arg)

    def join(self, values: Iterable[Any]) -> str:
        """`a ~ b`: texts, and other values as a text shows them."""
        items = list(values)
        require(*items)
        return arithmetic.joined(map(as_text, items))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute`: a key of data first, else a permitted method."""
        if isinstance(obj, Undefined):
            return obj
        if isinstance(obj, Mapping):
            return self.getitem(obj, attribute)
        if attribute in _methods(obj):
            return getattr(obj, attribute)
        return _absent(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`obj[argument]`: a key of an object, or an index of an array or text."""
        require(argument)
        if isinstance(obj, Undefined):
            return obj
        try:
            value = obj[argument]
        except (TypeError, LookupError):
            return _absent(obj, argument)
        return exact(value) if isinstance(value, float) else value

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """`obj(...)`: functions of the scope and permitted methods are all that an expression can hold."""
        require(obj, *args, *kwargs.values())
        if not callable(obj):
            raise TypeError(f"a value of type {kind(obj)} is not a function")
        return arithmetic.limited(super().call(context, obj, *args, **kwargs))


def require(*values: object) -> None:
    """Raise for the first value that is missing."""
    for value in values:
        if isinstance(value, Missing):
            value.complain()


def limited_range(*bounds: int) -> list[int]:
    """`range(stop)` or `range(start, stop, step)` as a list of at most 10 000 numbers."""
    numbers = range(*bounds)
    size = max(0, -(-(numbers.stop - numbers.start) // numbers.step))  # len() fails on a very long range
    arithmetic.refuse_size([], size)
    return list(numbers)


@cache
def environment() -> TemplateEnvironment:
    """The only environment; it keeps nothing of an evaluation."""
    return TemplateEnvironment()


def _methods(obj: object) -> frozenset[str]:
    if isinstance(obj, str):
        return METHODS["string"]
    return METHODS["moment"] if isinstance(obj, datetime) else frozenset()


def _absent(obj: object, key: object) -> Undefined:
    if isinstance(key, str) and key.startswith("_"):
        return Missing(f"`{key}` is not data; attributes of Python are out of reach", name=key, exc=SecurityError)
    return Missing(_absence(obj, key), name=str(key), exc=MissingNameError)


def _absence(obj: object, key: object) -> str:
    if isinstance(obj, EnvironmentVariables):
        return f"the environment variable `{key}` is not set; before the run: export {key}=..."
    if isinstance(obj, NoSuite):
        return f"`suite.{key}` has no value: `awsit run` makes the setup of a suite.yaml, and this run is in none"
    if isinstance(obj, Mapping):
        return f"unknown name `{key}`{suggestion(str(key), map(str, obj))}"
    if isinstance(key, int) and isinstance(obj, list | tuple | str):
        return f"there is no item {key}; the {kind(obj)} has {len(obj)}"
    return f"unknown name `{key}`: a value of type {kind(obj)} has no names{_offer(obj, str(key))}"


def _offer(obj: object, key: str) -> str:
    methods = _methods(obj)
    return f" but methods{suggestion(key, methods)}" if methods else ""


def _is_divisible(value: Any, factor: Any) -> bool:
    return arithmetic.binary("%", value, factor) == 0


def _is_fraction(value: object) -> bool:
    return isinstance(value, Decimal)
