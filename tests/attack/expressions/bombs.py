"""Expressions that ask for much time or memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.attack.commands import run, waiting
from tests.attack.payload import Payload

_SINGLE = (
    "'a' * 10**9",
    "'a' * 99999999",
    "[0] * 10**9",
    "[[0] * 9999] * 9999",
    "[[[0] * 999] * 999] * 999",
    "range(10**9)",
    "range(0, 10**18, 1)",
    "range(10000)|map('string')|join('x' * 9999)",
    "10 ** 10 ** 10",
    "9 ** 9 ** 9 ** 9",
    "2 ** 100000000",
    "(10 ** 2000) ** 2000",
    "1.1 ** 9999999",
    "1e999999999",
    "1e999999999 * 1e999999999",
    "1e999999999|int",
    "'1e999999999'|int",
    "'1e999999999'|decimal",
    "1e999999999|round(5)",
    "1|round(999999999)",
    "1e-999999999 + 1",
    "7 // 1e-99999",
    "1e99999 % 7",
    "('9' * 200000)|int",
    "('9' * 200000)|decimal * 2",
    "('[' * 200000)|fromjson",
    "('[' * 100 ~ ']' * 100)|fromjson",
    "('{\"a\":' * 100000)|fromjson",
    "('[1' ~ ',1' * 120000 ~ ']')|fromjson|sort",
    "('a' * 200000)|replace('a', 'b' * 99999)",
    "('a' * 200000)|replace('', 'b')",
    "('a' * 200000)|b64encode|b64encode|b64encode|b64encode",
    "('\\x00' * 200000)|urlencode|urlencode|urlencode",
    "('\\x00' * 200000)|tojson|tojson|tojson|tojson|tojson",
    "([[1] * 9999] * 9999)|tojson(indent=8)",
    "'x'|center(10**9)",
    "'x'.ljust(10**9)",
    "'x'.rjust(10**9)",
    "'x'.zfill(10**9)",
    "'x'.center(10**9)",
    "'\\t'.expandtabs(10**9)",
    "'%999999999d' % 1",
    "'{:999999999}'.format(1)",
    "('a,' * 100000).split(',')",
    "('a ' * 100000).split()",
    "random_string(10**9)",
    "now()|plus(10**30)",
    "(range(10000)|list + range(10000)|list)|unique|list",
    "range(10000)|batch(1)|list",
    "range(10000)|slice(10**9)|list",
    "range(10000)|sum ** 9999",
    "range(10000)|map('pow', 9999)|list",
    "[range(10000)]|map('join')|map('replace', '1', '1' * 9999)|list",
    "('a' * 200000) in ('a' * 199999 ~ 'b')",
    "('ab' * 100000) == ('ab' * 100000)",
    "('a' * 200000)|sha256|upper * 9999",
    "('a' * 250000)|upper|lower|title|capitalize|reverse|trim",
    "[[[[[[[[[[1]*9]*9]*9]*9]*9]*9]*9]*9]*9]*9",
    "(" * 400 + "1" + ")" * 400,
    "not " * 3000 + "1",
    "-" * 9000 + "1",
    "1" + " + 1" * 5000,
    "[" * 300 + "]" * 300,
    "a" + ".a" * 5000,
    "a" + "[0]" * 3000,
    "1" + "|int" * 3000,
    "1" + " if 1 else 2" * 2000,
    "1" * 16000,
    "'" + "a" * 20000 + "'",
)


def payloads() -> Iterator[Payload]:
    for expression in _SINGLE:
        yield Payload(expression[:80], partial(_evaluate, {"x": f"{{{{ {expression} }}}}"}))
    for name, one in (
        ("texts", "{{ ['abcd' * 60000] * 250 }}"),
        ("lists", "{{ range(10000) }}"),
        ("joined", "{{ range(9999)|join('aaaaaaaa') }}"),
        ("sorted", "{{ range(9999)|sort(reverse=true)|unique|list }}"),
        ("tojson", "{{ ([[1]*99]*99)|tojson }}"),
    ):
        yield Payload(f"150 {name} in one document", partial(_evaluate, {"x": [one] * 150}))
        yield Payload(f"150 {name}, each a value", partial(_evaluate, {f"x{number}": one for number in range(150)}))
        yield Payload(f"150 {name} in a text", partial(_evaluate, {"x": one * 150}))
    grown = {"x0": "{{ 'abcdefgh' * 1000 }}", **{f"x{n}": f"{{{{ [x{n - 1}] * 200 }}}}" for n in range(1, 12)}}
    yield Payload("each value two hundred times the one before", partial(_evaluate, grown))


def _evaluate(let: dict[str, object]) -> str:
    run(waiting(let=let, timeout_seconds=3))
    return ""
