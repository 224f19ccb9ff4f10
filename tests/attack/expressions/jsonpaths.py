"""JSONPath queries that multiply what they visit; patterns and texts that come from the response."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.attack.commands import call, json_answer
from tests.attack.payload import Payload


def _nested(value: object, depth: int, width: int) -> object:
    for _ in range(depth):
        value = [value] * width
    return value


_DEEP, _WIDE = _nested(1, 7, 1), [{"z": index, "n": {"m": index}} for index in range(2000)]
_LARGE = (_nested(1, 17, 2), [1] * 2**17, {f"k{index}": index for index in range(2**17)})
_TEXTS = [{"text": "a" * 5000 + "b", "pattern": "(a|aa)+$"}] * 50
_QUERIES: tuple[tuple[str, object], ...] = (
    *(("$" + f"[{','.join('*' * width)}]" * depth, _DEEP) for width in (2, 8, 30) for depth in (3, 7)),
    *(("$" + "..*" * depth, _nested(1, 5, 4)) for depth in range(1, 9)),
    *(("$" + f"[{','.join(['0'] * 60)}]" * depth, _DEEP) for depth in (2, 4, 7)),
    *(("$" + "[0:9999:1,0:9999:1,0:9999:1]" * depth, _nested(1, 6, 3)) for depth in (2, 4, 6)),
    ("$[?$..x]", _WIDE),
    ("$[?@..z == 1]", _WIDE),
    ("$..[?$..x]", _WIDE),
    ("$..[?count($..*) == 1]", _WIDE),
    ("$..[?count(@..*) == 1]", _nested(1, 12, 2)),
    ("$[?$ == $]", _WIDE),
    ("$[?$[*] == $[*]]", _WIDE),
    ("$[?length($) == 1]", _WIDE),
    ("$[?@.n == $[0].n]", _WIDE),
    ("$[?value($..z) == 1]", _WIDE),
    ("$[?" + " && ".join(["@.z >= 0"] * 500) + "]", _WIDE),
    ("$[?" + " || ".join(["$..q"] * 100) + "]", _WIDE),
    ("$[?" + "!" * 500 + "@.z]", _WIDE),
    ("$[?" + "(" * 400 + "@.z" + ")" * 400 + "]", _WIDE),
    ("$" + "[?@" * 60 + "]" * 60, _WIDE),
    ("$" + "[?@[?@[?@..*]]]" * 3, _nested(1, 8, 2)),
    ("$[?search(@.text, @.pattern)]", _TEXTS),
    ("$[?match(@.text, @.pattern)]", _TEXTS),
    ("$[?search(@.text, '(a*)*$')]", _TEXTS),
    ("$[?match(@.text, '(a|a?)+')]", _TEXTS),
    ("$[?search(@.text, '(.*)*(.*)*(.*)*c')]", _TEXTS),
    ("$[?search(@.pattern, @.text)]", [{"text": "((a{1000}){1000}){1000}", "pattern": "a"}] * 99),
    ("$[?search(@.a, @.p)]", [{"a": "a", "p": f"(a{{{index}}}){{1000}}"} for index in range(900)]),
    ("$[?search(@.a, @.p)]", [{"a": "a" * 30, "p": f"({'a|' * index}b)*c"} for index in range(400)]),
    ("$" + ".a" * 5000, {"a": 1}),
    ("$" + "['a']" * 5000, {"a": 1}),
    ("$[" + ",".join(map(str, range(20000))) + "]", _WIDE),
    ("$['" + "a" * 900000 + "']", {"a": 1}),
    ("$[99999999999999999999999]", _DEEP),
    ("$[::-99999999999999999999]", _DEEP),
    ("$[0:99999999999999999999:0]", _DEEP),
    ("$[?@.z == 1e99999]", _WIDE),
    ("$[?@.z < " + "9" * 5000 + "]", _WIDE),
    ("$..*", _nested(1, 90, 1)),
    ("$..*", _nested(1, 14, 2)),
    ("$..z", _nested({"z": 1}, 13, 2)),
    *((query, document) for query in ("$[*]", "$..*", "$[0]") for document in _LARGE),
)


def payloads() -> Iterator[Payload]:
    for query, document in _QUERIES:
        yield Payload(f"assert {query[:70]}", partial(_assert, query, document))
    for query, document in _QUERIES[::4]:
        yield Payload(f"capture {query[:70]}", partial(_capture, query, document))
        yield Payload(f"until {query[:70]}", partial(_poll, query, document))


def _assert(query: str, document: object) -> str:
    check = {"path": query.replace("$", "$.body", 1), "exists": True}
    call(json_answer(document), timeout_seconds=3, **{"assert": [check] * 5})
    return ""


def _capture(query: str, document: object) -> str:
    call(json_answer(document), timeout_seconds=3, pass_to_context={f"x{n}": query for n in range(5)})
    return ""


def _poll(query: str, document: object) -> str:
    until = {"path": query.replace("$", "$.body", 1), "equals": 1}
    call(json_answer(document), timeout_seconds=3, until={**until, "interval_seconds": 1, "max_attempts": 1})
    return ""
