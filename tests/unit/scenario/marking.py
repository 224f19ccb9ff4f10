"""Scenario texts with one mistake, and what the problems found in them mark and say."""

from __future__ import annotations

from collections.abc import Callable

from awsit.errors import Problem

Find = Callable[[str], list[Problem]]

HEAD = "name: s\n"
ACTION = """\
name: s
variables: {quantity: 2}
actions:
  - name: A
    type: http_call
    params: {url: "http://x"}
"""
"""Six lines; tests add more keys of the action at four spaces, and more of the scenario at none."""


def marked(text: str, problem: Problem) -> str:
    assert problem.position is not None
    at = problem.position
    return text.splitlines()[at.line - 1][at.column - 1 : at.column - 1 + at.length]


def findings(text: str, problems: list[Problem]) -> list[tuple[str, str]]:
    return [(marked(text, problem), problem.message) for problem in problems]
