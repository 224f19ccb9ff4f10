"""Regular expressions that take exponential time, or a size of which the compiler makes much."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.attack.commands import call, json_answer
from tests.attack.payload import Payload

_SLOW = (
    "(a+)+$",
    "(a|aa)+$",
    "(a|a?)+$",
    "(a*)*$",
    "(.*a){25}$",
    "^(a+a+)+$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(.*)*(.*)*(.*)*c",
    "(x+x+)+y|(a+a+)+b$",
    r"(\w+\s?)+$",
    "(?:a?){30}a{30}$",
    r"(a)(?:\1?)*c",
    "(?=(a+))(a|aa)+$",
    "(?<=a*)(a|aa)+$",
    "(?(1)a|b|aa)+$",
    "(?:(?R)|a)*c",
    "(?i:(a|A)+)+$",
    "(?r)^(a+)+b",
    "(?e)(aaaaaaaaaa){e<=9}$",
    "(?b)(?:aaabbbaaa){e}c$",
    r"(?:a|\p{L})+$",
    r"(?V1)[[a-z]--[b]]+(a|aa)+$",
)
_LARGE = (
    "((x{1000}){1000}){1000}",
    "a{999999999999}",
    "(?:(?:[ab]{500}){500})",
    "(" * 5000,
    "(" * 400 + ")" * 400,
    "(a{1000}(?#[)){20000}(?#])",
    "(?x)(a{1000}#[\n){20000}#]",
    "(?V1)(a{1000}[[(]]){20000}",
    "(?x) ( a { 1000 } ) { 1000 }",
    "(?:a{1,1000}){1,1000}",
    "a{0,99999}" * 9,
    "(?:" + "a|" * 60000 + "b)",
    "[" + "".join(map(chr, range(0x4E00, 0x9000))) + "]",
    "\\L<names>" * 99,
    "(?P<n>a)" + "(?&n)" * 3000,
    "(?:a" + "(?:b" * 150 + ")*" * 150 + ")*",
    "(?<=" * 200 + "a" + ")" * 200,
    "|".join(f"(?P<n{number}>a)" for number in range(3000)),
    r"\X" * 9000,
    r"[\p{L}--\p{Lu}]" * 5000,
    "(?i)" + "ß" * 20000,
    "(?if)" + "ﬃ" * 9000,
    "(?:a{e<=99})" * 99,
    "a" * 900000,
)


def payloads() -> Iterator[Payload]:
    text = "a" * 4000 + "!"
    for pattern in (*_SLOW, *_LARGE):
        for operator in ("matches_regex", "matches"):
            yield Payload(f"{operator} {pattern[:60]}", partial(_assert, operator, pattern, text))
    for pattern in (*_SLOW[:6], *_LARGE[:6]):
        yield Payload(f"schema {pattern[:60]}", partial(_schema, {"pattern": pattern}, text))
        schema = {"patternProperties": {pattern: {"type": "string"}}, "additionalProperties": False}
        yield Payload(f"keys {pattern[:60]}", partial(_schema, schema, {f"{text}{n}": n for n in range(200)}))


def _assert(operator: str, pattern: str, text: str) -> str:
    expected = f"#regex {pattern}" if operator == "matches" else pattern
    checks = [{"path": f"$.body[{index}]", operator: expected} for index in range(10)]
    call(json_answer([text] * 10), timeout_seconds=3, **{"assert": checks})
    return ""


def _schema(schema: object, document: object) -> str:
    call(json_answer(document), timeout_seconds=3, **{"assert": [{"path": "$.body", "json_schema": schema}] * 5})
    return ""
