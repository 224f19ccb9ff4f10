"""The names that a template may use."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from awsit.patterns import lazy_pattern

NAMESPACES: Final = frozenset({"vars", "context", "actions", "run", "env", "suite"})
"""The roots of names such as `vars.quantity`."""

SECRET_LOOKUPS: Final = frozenset({"secret", "parameter"})
"""Functions that read a value which no message may show."""

LOOKUPS: Final = SECRET_LOOKUPS | {"stack"}
"""Functions of one ID."""

GENERATORS: Final = frozenset({"now", "uuid", "random_string"})
"""Functions that give another value at each call."""

FUNCTIONS: Final = LOOKUPS | GENERATORS | {"range"}

FAKE: Final = "fake"
"""The root of functions such as `fake.name()`, which give another value at each call, and the same in each attempt."""

ROOTS: Final = NAMESPACES | FUNCTIONS | {FAKE, "null"}

RUN: Final = frozenset({"id", "scenario", "started_at"})
"""The keys of `run`."""

ACTION: Final = frozenset({"attempts", "result", "status"})
"""The keys of `actions.NAME`."""

_TEXT_METHODS = (
    "startswith endswith split rsplit splitlines partition rpartition strip lstrip rstrip removeprefix removesuffix "
    "upper lower title capitalize find rfind index count isdigit isalpha isalnum"
)
_MOMENT_METHODS = "year month day hour minute second microsecond weekday isoweekday date strftime isoformat"

METHODS: Final = {"string": frozenset(_TEXT_METHODS.split()), "moment": frozenset(_MOMENT_METHODS.split())}
"""Methods and attributes of texts and moments; none gives much more than it takes, so that memory is bounded."""


_KEY = r"\.(?!__)[A-Za-z_][A-Za-z0-9_]{0,79}"
DOTTED: Final = rf" *(?:{'|'.join(sorted(NAMESPACES))})(?:{_KEY}){{1,8}} *"
"""The source of a dotted name such as `context.order.id`; what else is one to Jinja2 is left to Jinja2."""
_DOTTED = lazy_pattern(DOTTED)


@lru_cache(maxsize=4096)
def dotted_name(source: str) -> tuple[str, ...]:
    """The parts of an expression that is a dotted name and nothing else; empty for any other.

    Most expressions are, and these need no Jinja2, which is slow to import.
    """
    return tuple(source.strip(" ").split(".")) if _DOTTED.fullmatch(source) else ()


class NoSuite(dict[str, object]):
    """The value of `suite` in a run that no setup is around: messages say so."""


class EnvironmentVariables(dict[str, str]):
    """The value of `env`: of a name that is not in it, messages say that the variable is not set."""
