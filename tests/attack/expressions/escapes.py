"""Expressions that would reach Python, files, processes or what is not theirs, at each place that takes templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tests.attack.commands import run, scenario, waiting
from tests.attack.payload import Payload

from awsit.errors import AwsitError
from awsit.expressions.templates import template
from awsit.expressions.templates.names import EnvironmentVariables

_PYTHON = re.compile(
    r"<(class|function|module|built-in|bound|generator|frame|code|property|slot|method|coroutine)\b|object at 0x"
    r"|jinja2\.|uid=\d|root:x:"
)
"""What shows that an expression has reached Python or a file."""


def _let(text: str) -> Mapping[str, Any]:
    return waiting(let={"x": text})


def _inside_a_text(text: str) -> Mapping[str, Any]:
    return waiting(let={"x": f"a {text} b"})


def _key(text: str) -> Mapping[str, Any]:
    return waiting(let={"x": {text: 1}})


def _params(text: str) -> Mapping[str, Any]:
    return scenario({"name": "A", "type": "wait", "params": {"seconds": text}})


def _variable(text: str) -> Mapping[str, Any]:
    return {**waiting(let={"x": "{{ vars.v }}"}), "variables": {"v": text}}


def _expected(text: str) -> Mapping[str, Any]:
    return waiting(**{"assert": [{"path": "$.waited_seconds", "equals": text}]})


def _path(text: str) -> Mapping[str, Any]:
    return waiting(**{"assert": [{"path": f"$[?@.a == '{text}']", "exists": False}]})


def _condition(text: str) -> Mapping[str, Any]:
    return waiting(when=text)


PLACES: tuple[Callable[[str], Mapping[str, Any]], ...] = (
    _let,
    _inside_a_text,
    _key,
    _params,
    _variable,
    _expected,
    _path,
    _condition,
)


def payloads() -> Iterator[Payload]:
    lines = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        for place in (PLACES[0], PLACES[1 + number % (len(PLACES) - 1)]):
            yield Payload(f"{line} ({place.__name__[1:]})", partial(_escape, place, line))
        yield Payload(f"{line} (evaluated, whatever validation says)", partial(_evaluated, line))


def _escape(place: Callable[[str], Mapping[str, Any]], expression: str) -> str:
    output = run(place(f"{{{{ {expression} }}}}"), "--json=report.json")
    report = Path("report.json").read_text(encoding="utf-8") if Path("report.json").exists() else ""
    return _reached(output + report, expression)


def _evaluated(expression: str) -> str:
    scope = {
        "vars": {"a": 1},
        "env": EnvironmentVariables({"A": "1"}),
        "now": lambda: datetime.now(UTC),
        "range": range,
    }
    try:
        value = template.render(f"{{{{ {expression} }}}}", scope)
    except AwsitError as error:
        value = str(error)
    return _reached(repr(value), expression)


def _reached(shown: str, expression: str) -> str:
    shown = shown.replace(expression, "")
    reached = _PYTHON.search(shown)
    if reached:
        return f"it reached {shown[max(0, reached.start() - 80) : reached.end() + 120]!r}"
    return "it wrote a file" if Path("owned").exists() else ""
