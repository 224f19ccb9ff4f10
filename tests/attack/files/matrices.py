"""Matrices and cases whose product is large, and steps that multiply otherwise: repeats, retries, uses of libraries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.attack.commands import awsit, waiting, write
from tests.attack.payload import Payload

_AXES = {f"a{axis}": list(range(100)) for axis in range(12)}
_MATRICES: tuple[tuple[str, object], ...] = (
    *((f"a hundred values, {axes} axes", dict([*_AXES.items()][:axes])) for axes in (2, 3, 4, 6, 12)),
    ("two values, sixty axes", {f"a{axis}": [0, 1] for axis in range(60)}),
    ("one value, thousands of axes", {f"a{axis}": [0] for axis in range(5000)}),
    ("no value in one of many axes", {**_AXES, "b": []}),
    ("fifty thousand values", {"a": list(range(50000))}),
    ("thousands of rows", [{"a": row} for row in range(20000)]),
    ("long values", {"a": ["x" * 900] * 200, "b": ["y" * 900] * 2}),
    ("values that are documents", {"a": [{"b": [[[1] * 9] * 9] * 9}] * 99, "b": [1, 2]}),
    ("values that are expressions", {"a": ["{{ range(10000) }}"] * 199}),
    ("names of rows that are equal", {"a": ["x"] * 150}),
    ("include", {"a": [1, 2], "include": [{"a": row} for row in range(9000)]}),
    ("exclude", {**_AXES, "exclude": [{"a0": row} for row in range(9000)]}),
    ("an expression", "{{ range(10000) }}"),
    ("an object of objects", {"a": {f"k{key}": 1 for key in range(9000)}}),
)


def payloads() -> Iterator[Payload]:
    for name, matrix in _MATRICES:
        for command in ("validate", "plan", "list-scenarios"):
            yield Payload(f"{name}, {command}", partial(_command, command, {**waiting(), "matrix": matrix}))
    yield Payload("a library that uses itself twice", partial(_library, {"x": _uses("x", "x")}))
    chain = {f"x{level}": _uses(f"x{level + 1}", f"x{level + 1}") for level in range(60)}
    yield Payload("uses that double, sixty deep", partial(_library, {"x": _uses("x0"), **chain, "x60": _last()}))
    short = {f"x{level}": _uses(*[f"x{level + 1}"] * 9) for level in range(8)}
    yield Payload("uses by nine, eight deep", partial(_library, {"x": _uses("x0"), **short, "x8": _last()}))


def _uses(*names: str) -> object:
    return {"actions": [{"name": f"U{number}", "use": name} for number, name in enumerate(names)]}


def _last() -> object:
    return {"actions": [{"name": "W", "type": "wait", "params": {"seconds": 0}}]}


def _command(command: str, document: object) -> str:
    awsit(command, *([write("scenarios/s.json", document)] if command != "list-scenarios" else []))
    return ""


def _library(definitions: dict[str, object]) -> str:
    write("lib.json", {"library": "lib", "actions": definitions})
    document = {"name": "s", "libraries": ["lib.json"], "actions": [{"name": "A", "use": "x"}]}
    awsit("validate", write("s.json", document))
    return ""
