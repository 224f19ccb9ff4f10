"""One expression, compiled once and evaluated in a scope."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from jinja2 import nodes
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError

from awsit.errors import ExpressionError
from awsit.expressions.templates.environment import MissingNameError, environment
from awsit.expressions.templates.names import SECRET_LOOKUPS
from awsit.expressions.templates.segments import MAX_SOURCE, too_long
from awsit.expressions.values import plain
from awsit.expressions.wrong_calls import in_words
from awsit.model.json import Json
from awsit.patterns import lazy_pattern

_READS_A_SECRET = lazy_pattern(rf"\b({'|'.join(sorted(SECRET_LOOKUPS))})\b")
_QUOTED = lazy_pattern(r"`([^`]+)`")
_EXPECTED = (ArithmeticError, TypeError, ValueError, LookupError, AttributeError, RecursionError, TemplateError)


@lru_cache(maxsize=4096)
def parse(source: str) -> nodes.Template:
    """The syntax tree of a template that puts out one expression.

    Raises ExpressionError, code `syntax`.
    """
    if len(source) > MAX_SOURCE:
        raise too_long(len(source))
    if not source.strip():
        raise ExpressionError("`{{ }}` holds no expression", code="syntax", length=max(1, len(source)))
    try:
        # the spaces keep `-` and `+` away from the braces, where they would mean white space control
        return environment().parse("{{ " + source + " }}")
    except TemplateSyntaxError as error:
        raise ExpressionError(_syntax(error), code="syntax", length=len(source)) from error
    except (ValueError, RecursionError) as error:
        raise too_complex(source) from error


@lru_cache(maxsize=4096)
def compiled(source: str) -> Callable[[Mapping[str, object]], object]:
    """The expression as a function of the scope. Raises ExpressionError, code `syntax` or `too_large`."""
    parse(source)
    try:
        return environment().compile_expression(source, undefined_to_none=False)
    except TemplateSyntaxError as error:
        raise ExpressionError(_syntax(error), code="syntax", length=len(source)) from error
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise too_complex(source) from error


def too_complex(source: str) -> ExpressionError:
    """The error for an expression that is nested beyond what Python can compile."""
    return ExpressionError("the expression is too complex", code="too_large", length=len(source))


def evaluate(source: str, scope: Mapping[str, object]) -> Json:
    """The value of the expression as a JSON document.

    Raises ExpressionError: `unknown_name`, `forbidden`, `syntax`, `too_large`, `evaluation`; and whatever error of
    awsit a function of the scope raises. `offset` counts from the start of `source`.
    """
    try:
        return plain(compiled(source)(scope))
    except ExpressionError as error:
        raise _refined(error, source) from error.__cause__
    except _EXPECTED as error:
        raise _translated(error, source) from error


def _refined(error: ExpressionError, source: str) -> ExpressionError:
    """The error of a filter or operator, placed at the expression, and without what may hold a secret."""
    if error.code == ExpressionError.code:
        message = _discreet(error.message, error, source)
        return ExpressionError(message, code="evaluation", hint=error.hint, offset=0, length=len(source))
    if error.offset is None:
        error.offset, error.length = 0, len(source)
    return error


def _translated(error: Exception, source: str) -> ExpressionError:
    if isinstance(error, MissingNameError):
        offset, length = place(source, str(error))
        return ExpressionError(f"{error}", code="unknown_name", offset=offset, length=length)
    if isinstance(error, SecurityError):
        offset, length = place(source, str(error))
        return ExpressionError(str(error), code="forbidden", offset=offset, length=length)
    reason = _discreet(_reason(error), error, source)
    return ExpressionError(reason, code="evaluation", offset=0, length=len(source))


def _reason(error: Exception) -> str:
    if isinstance(error, ZeroDivisionError):
        return "division by zero"
    if isinstance(error, ArithmeticError):
        return "the arithmetic has no result"
    if isinstance(error, RecursionError):
        return "the value is nested too deeply"
    return in_words(str(error))


def _discreet(reason: str, error: Exception, source: str) -> str:
    if _READS_A_SECRET.search(source):
        return f"it failed ({type(error).__name__}); the details are hidden, for they may hold a secret"
    return reason


def place(source: str, message: str) -> tuple[int, int]:
    """Offset and length of the name that the message quotes; of the whole source when it quotes none."""
    quoted = _QUOTED.search(message)
    named = re.search(rf"(?<!\w){re.escape(quoted[1])}(?!\w)", source) if quoted else None
    return (named.start(), len(named[0])) if named else (0, len(source))


def _syntax(error: TemplateSyntaxError) -> str:
    message = error.message or "syntax error"
    if message.startswith(("chunk after", "expected token 'end of print statement'")):
        return "there is more after the end of the expression"
    ends = "the expression ends too early"
    message = message.replace("unexpected 'end of print statement'", ends)
    return message.replace("got 'end of print statement'", ends).rstrip(".")
