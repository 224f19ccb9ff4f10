"""Scenario files that are small and ask for much: aliases, depth, newlines, thousands of problems and expressions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from tests.attack.commands import awsit, write
from tests.attack.payload import Payload

_HEAD = "name: s\nactions: [{name: A, type: wait, params: {seconds: 0}}]\n"
_ACTION = {"name": "A", "type": "wait", "params": {"seconds": 0}}
_BYTES = 1000 * 1000


def _aliases(levels: int, width: int, kind: str = "[]") -> str:
    first = f"a0: &a0 {kind[0]}{'x: 1' if kind == '{}' else 'x'}{kind[1]}\n"
    names = (
        f"a{level}: &a{level} " + (f"[{', '.join([f'*a{level - 1}'] * width)}]\n") for level in range(1, levels + 1)
    )
    return f"{_HEAD}variables:\n  " + "  ".join([first, *names])


def _merges(levels: int, width: int) -> str:
    first = "variables:\n  a0: &a0 {x0: 1, y0: 2}\n"
    lines = (
        f"  a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * width)}], x{level}: 1}}\n"
        for level in range(1, levels + 1)
    )
    return _HEAD + first + "".join(lines)


def _scenario(**more: object) -> str:
    return json.dumps({"name": "s", "actions": [_ACTION], **more})


def _actions(count: int, **action: object) -> str:
    return json.dumps({"name": "s", "actions": [{**_ACTION, "name": f"A{n}", **action} for n in range(count)]})


_TEXTS: tuple[tuple[str, str | bytes], ...] = (
    *(
        (f"aliases {levels}x{width}", _aliases(levels, width))
        for levels, width in ((8, 10), (20, 10), (30, 2), (4, 60))
    ),
    ("aliases of mappings", _aliases(25, 5, "{}")),
    *(
        (f"merge keys {levels}x{width}", _merges(levels, width))
        for levels, width in ((12, 9), (50, 9), (400, 1), (3, 90))
    ),
    ("an alias of itself", _HEAD + "variables: &a {b: *a}\n"),
    ("an alias in its own list", _HEAD + "variables: {a: &a [1, *a]}\n"),
    ("a merge of itself", _HEAD + "variables: &a {<<: *a, b: 1}\n"),
    *(
        (f"{opening} {depth} deep", opening * depth)
        for opening in ("[", "{", "{a: ", "- ", "? ", "[[")
        for depth in (99, 9999, 90000)
    ),
    ("brackets, closed", _HEAD + f"variables: {{a: {'[' * 20000}{']' * 20000}}}\n"),
    ("JSON brackets", "[" * 500000 + "]" * 500000),
    ("JSON objects", '{"a":' * 150000 + "1" + "}" * 150000),
    ("mappings by indentation", "".join(f"{' ' * depth}a:\n" for depth in range(1300))),
    ("newlines", "\n" * 900 * 1000),
    ("newlines in a scenario", _HEAD + "\n" * 900 * 1000),
    ("newlines in a text", _HEAD + 'variables: {a: "' + "\n" * 900 * 1000 + '"}\n'),
    ("newlines in a block", _HEAD + "variables:\n  a: |\n" + "   b\n" * 150000),
    ("carriage returns", _HEAD + "\r" * 900 * 1000),
    ("separators of lines", _HEAD + "\u2028" * 300 * 1000),
    ("comments", _HEAD + "# a\n" * 200000),
    ("documents", _HEAD + "---\n" * 200000),
    ("blanks", _HEAD + " " * 900 * 1000),
    ("tabs", _HEAD + "\t" * 900 * 1000),
    ("anchors", _HEAD + "variables:\n" + "".join(f"  a{n}: &a{n} 1\n" for n in range(40000))),
    ("tags", _HEAD + "variables:\n" + "".join(f"  a{n}: !!python/object/apply:os.system [id]\n" for n in range(9000))),
    ("one tag", _HEAD + "variables: !!python/object/apply:os.system ['touch owned']\n"),
    ("a tag of its own", _HEAD + "variables: !<tag:yaml.org,2002:python/name:os.system> a\n"),
    ("ten thousand problems", _scenario(variables={}, **{f"nosuchkey{n}": 1 for n in range(10000)})),
    ("problems in actions", _actions(1000, nosuchkey=1, another=2, third={"a": 1})),
    ("problems in types", _actions(1000, type="nosuchtype", params={"a": "{{ b"})),
    ("problems of names", json.dumps({"name": "s", "actions": [_ACTION] * 1000})),
    ("problems of templates", _actions(900, let={f"x{n}": "{{ nosuch }}" for n in range(5)})),
    ("problems of syntax in templates", _actions(900, let={f"x{n}": "{{ 1 + }}" for n in range(5)})),
    ("problems of paths", _actions(900, **{"assert": [{"path": "$[", "equals": 1}] * 5})),
    ("problems of operators", _actions(900, **{"assert": [{"path": "$", "equalz": 1}] * 5})),
    ("keys twice", "name: s\n" + "".join(f"a{n % 10}: 1\n" for n in range(50000))),
    ("twenty thousand expressions", _scenario(variables={f"a{n}": f"{{{{ {n} + 1 }}}}" for n in range(12000)})),
    ("twenty thousand in one text", _scenario(variables={"a": "".join(f"{{{{{n}}}}}" for n in range(20000))})),
    ("the same expression", _scenario(variables={"a": "{{ 1 }}" * 30000})),
    ("open braces", _scenario(variables={"a": "{{" * 120000})),
    ("open braces in many texts", _scenario(variables={f"a{n}": "{{ a" for n in range(15000)})),
    ("braces in braces", _scenario(variables={"a": "{{ {{ " * 40000 + "}} }}" * 40000})),
    ("comments of templates", _scenario(variables={"a": "{# a #}" * 30000})),
    ("a long expression", _scenario(variables={"a": "{{ 1" + " + 1" * 50000 + " }}"})),
    ("nested expressions", _scenario(variables={"a": "{{ " + "(" * 7000 + "1" + ")" * 7000 + " }}"})),
    (
        "many long expressions",
        _scenario(variables={f"a{n}": "{{ " + f"{n}" + " + 1" * 2000 + " }}" for n in range(25)}),
    ),
    ("ten thousand actions", _actions(8000)),
    ("branches in branches", _scenario(actions=[{"name": "P", "type": "parallel", "branches": [[_ACTION] * 90] * 90}])),
    ("variables of variables", _scenario(variables={f"a{n}": f"{{{{ vars.a{n + 1} }}}}" for n in range(3000)})),
    (
        "variables twice of variables",
        _scenario(
            variables={f"a{n}": f"{{{{ vars.a{n + 1} }}}}{{{{ vars.a{n + 1} }}}}" for n in range(60)} | {"a60": "x"}
        ),
    ),
    ("a variable of itself", _scenario(variables={"a": "{{ vars.a }}"})),
    ("a large number", _scenario(variables={"a": 0}).replace(" 0}}", f" {'9' * 900000}}}}}")),
    ("an exponent", _scenario(variables={"a": 0}).replace('"a": 0', '"a": 1e999999999999')),
    ("a sexagesimal number", _HEAD + "variables: {a: " + "9:" * 90000 + "9}\n"),
    ("an octal number", _HEAD + "variables: {a: 0" + "7" * 300000 + "}\n"),
    ("a binary number", _HEAD + "variables: {a: 0b" + "1" * 900000 + "}\n"),
    ("a hexadecimal number", _HEAD + "variables: {a: 0x" + "f" * 900000 + "}\n"),
    ("a date", _HEAD + "variables: {a: 2030-01-01 00:00:00." + "0" * 900000 + "}\n"),
    ("binary YAML", _HEAD + "variables: {a: !!binary " + "QUJD" * 99999 + "}\n"),
    ("sets", _HEAD + "variables: {a: !!set {" + ", ".join(map(str, range(50000))) + "}}\n"),
    ("zero bytes", b"\0" * _BYTES),
    ("UTF-16", _HEAD.encode("utf-16") + ("#" * 400000).encode("utf-16-le")),
    ("UTF-16 cut off", b"\xff\xfe" + b"\xd8" * 99999),
    ("UTF-8 that is none", b"name: \xff\xfe\xc0\x80\n" * 9000),
    ("surrogates", json.dumps({"name": "\ud800" * 9000, "actions": [_ACTION]})),
    ("escapes", '{"name": "' + "\\u0041" * 99999 + '"}'),
    ("quotes", _HEAD + "variables: {a: '" + "''" * 400000 + "'}\n"),
    ("a file above the limit", _HEAD + "#" * 3 * _BYTES),
    ("a long key", _HEAD + "variables: {" + "k" * 900000 + ": 1}\n"),
    ("a long line of keys", _HEAD + "variables: {" + ", ".join(f"k{n}: 1" for n in range(60000)) + "}\n"),
    ("a complex key", _HEAD + "? " + "[a, " * 3000 + "a" + "]" * 3000 + "\n: 1\n"),
    ("a directive", "%YAML 9.9\n" * 50000 + "---\n" + _HEAD),
    ("a long tag", "%TAG ! tag:" + "a" * 900000 + "\n---\n" + _HEAD),
)


def payloads() -> Iterator[Payload]:
    for name, text in _TEXTS:
        yield Payload(f"{name}, YAML", partial(_validate, "s.yaml", text))
        if not isinstance(text, str) or text[:1] in {"{", "["}:
            yield Payload(f"{name}, JSON", partial(_validate, "s.json", text))


def _validate(file: str, text: str | bytes) -> str:
    from pathlib import Path

    awsit("validate", write(file, text))
    return "a tag was obeyed" if Path("owned").exists() else ""
