"""The reference page of what templates can call. The example of each is run when the page is written."""

import inspect
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from awsit.errors import ExpressionError
from awsit.expressions.fake_data import PROVIDERS, FakeData
from awsit.expressions.templates.environment import environment
from awsit.expressions.templates.evaluate import evaluate
from awsit.expressions.templates.filters import FILTERS
from awsit.expressions.templates.names import FAKE, FUNCTIONS, METHODS
from awsit.expressions.templates.random_string import random_strings
from awsit.model.json import Json, dumps, exact, loads
from awsit.system.randomness import SeededRandomness


class Example(NamedTuple):
    """An expression and its value as JSON. `refused` says that it is an error, of which `value` is the message."""

    expression: str
    value: str
    refused: bool = False


class Described(NamedTuple):
    """What cannot be read from the code: how it is called, what it means, its example."""

    call: str
    meaning: str
    example: Example


ITEMS = '[{"name": "book", "price": 12.5}, {"name": "pen", "price": 1.2, "coupon": "TEN"}]'
_RANDOMNESS = SeededRandomness(1)
SCOPE: dict[str, object] = {
    "vars": {"items": loads(ITEMS), "prices": loads("[12.50, 1.20]"), "none": None},
    "stack": {"orders": {"ApiUrl": "https://api.example"}}.__getitem__,
    "secret": {"orders/key": {"user": "shop", "key": "..."}}.__getitem__,
    "parameter": {"/orders/limit": "12"}.__getitem__,
    "now": lambda: datetime.fromisoformat("2030-01-31T12:00:00+00:00"),
    "uuid": _RANDOMNESS.uuid,
    "random_string": random_strings(_RANDOMNESS),
    FAKE: FakeData("examples"),
}

FILTER_EXAMPLES = {
    "abs": Example("-1.50 | abs", "1.50"),
    "b64decode": Example("'b3JkZXI' | b64decode", '"order"'),
    "b64encode": Example("'order' | b64encode", '"b3JkZXI="'),
    "default": Example("vars.discount | default(0)", "0"),
    "first": Example("vars.prices | first", "12.50"),
    "float": Example("'1.50' | float", "1.50"),
    "fromjson": Example("""('{"total": 1.50}' | fromjson).total""", "1.50"),
    "int": Example("'12.9' | int", "12"),
    "iso": Example("now() | plus(60) | iso", '"2030-01-31T12:01:00.000Z"'),
    "items": Example("{'b': 1, 'a': 2} | items", '[["b",1],["a",2]]'),
    "join": Example("vars.items | join(', ', attribute='name')", '"book, pen"'),
    "last": Example("[] | last | default('none')", '"none"'),
    "length": Example("vars.items | length", "2"),
    "list": Example("'abc' | list", '["a","b","c"]'),
    "lower": Example("'Book' | lower", '"book"'),
    "map": Example("vars.items | map(attribute='price') | sum", "13.7"),
    "max": Example("(vars.items | max(attribute='price')).name", '"book"'),
    "min": Example("vars.prices | min", "1.20"),
    "plus": Example("'2030-01-31T23:00:00Z' | plus(3600)", '"2030-02-01T00:00:00.000Z"'),
    "reject": Example("[1, 2, 3] | reject('odd')", "[2]"),
    "rejectattr": Example("vars.items | rejectattr('coupon', 'defined') | map(attribute='name')", '["book"]'),
    "replace": Example("'a-b-c' | replace('-', '_', 1)", '"a_b-c"'),
    "reverse": Example("[1, 2, 3] | reverse", "[3,2,1]"),
    "round": Example("1.005 | round(2)", "1.01"),
    "select": Example("[1, 20, 3] | select('greaterthan', 2)", "[20,3]"),
    "selectattr": Example("vars.items | selectattr('price', 'lt', 10) | map(attribute='name')", '["pen"]'),
    "sha256": Example("'order' | sha256", '"3eeb7e96e59ce40f9cb1a089daba079fd699f6867a30f6634af8570967b2375a"'),
    "sort": Example("[3, 1.5, 2] | sort(reverse=true)", "[3,2,1.5]"),
    "string": Example("1.50 | string", '"1.50"'),
    "sum": Example("[0.1, 0.2] | sum", "0.3"),
    "timestamp": Example("'2030-01-31T12:00:00Z' | timestamp", "1896091200"),
    "tojson": Example("""{'total': 1.50} | tojson""", '"{\\"total\\":1.50}"'),
    "trim": Example("'  book ' | trim", '"book"'),
    "unique": Example("[1, 1.0, '1', true] | unique", '[1,"1",true]'),
    "upper": Example("['book', 'pen'] | map('upper')", '["BOOK","PEN"]'),
    "urlencode": Example("{'q': 'a b', 'page': 2} | urlencode", '"q=a%20b&page=2"'),
}
CALLS = {
    "map": "map(filter, …), map(attribute, default)",
    "select": "select, select(test, …)",
    "reject": "reject, reject(test, …)",
    "selectattr": "selectattr(attribute), selectattr(attribute, test, …)",
    "rejectattr": "rejectattr(attribute), rejectattr(attribute, test, …)",
}
"""How the filters are called that take the name of another filter or of a test."""
FUNCTION_EXAMPLES = {
    "now": Described("now()", "The present moment.", Example("now()", '"2030-01-31T12:00:00.000Z"')),
    "parameter": Described(
        "parameter(name)",
        "The text of a parameter of Systems Manager, read when the step runs. A SecureString is shown nowhere, and "
        "neither is one whose last name is that of a secret.",
        Example("parameter('/orders/limit') | int", "12"),
    ),
    "random_string": Described(
        "random_string(length)",
        "Lower-case letters and digits, at most 4096.",
        Example("random_string(8) | length", "8"),
    ),
    "range": Described(
        "range(stop), range(start, stop, step)", "Whole numbers, without `stop`.", Example("range(1, 4)", "[1,2,3]")
    ),
    "secret": Described(
        "secret(id)",
        "A secret of Secrets Manager, read when the step runs, and shown nowhere; one that is JSON is a document.",
        Example("secret('orders/key').user", '"shop"'),
    ),
    "stack": Described(
        "stack(name)",
        "The outputs and resources of a CloudFormation stack, read when the run begins.",
        Example("stack('orders').ApiUrl", '"https://api.example"'),
    ),
    "uuid": Described("uuid()", "A random UUID, version 4.", Example("uuid() | length", "36")),
}
TEST_EXAMPLES = {
    "defined, undefined": Example("vars.discount is defined", "false"),
    "none": Example("vars.none is none", "true"),
    "eq, equalto, ==": Example("[1, 2] | select('eq', 2)", "[2]"),
    "ne, !=": Example("[1, 2] | select('ne', 2)", "[1]"),
    "lt, lessthan, <": Example("[1, 2] | select('lt', 2)", "[1]"),
    "le, <=": Example("[1, 2] | select('<=', 2)", "[1,2]"),
    "gt, greaterthan, >": Example("[1, 2] | select('gt', 1)", "[2]"),
    "ge, >=": Example("[1, 2] | select('ge', 2)", "[2]"),
    "in": Example("['book', 'pen'] | select('in', ['pen', 'ink'])", '["pen"]'),
    "even, odd, divisibleby": Example("[1, 2, 3, 6] | select('divisibleby', 3)", "[3,6]"),
    "number, integer, float": Example("[1, 1.5, '1'] | select('integer')", "[1]"),
    "string": Example("[1, '1'] | select('string')", '["1"]'),
    "boolean, true, false": Example("[true, 1] | select('boolean')", "[true]"),
    "mapping, sequence, iterable": Example("[{'a': 1}, [1]] | select('mapping')", '[{"a":1}]'),
    "lower, upper": Example("['PEN', 'pen'] | select('upper')", '["PEN"]'),
}
METHOD_EXAMPLES = {
    "string": [
        Example("'order-17'.startswith('order-')", "true"),
        Example("'a,b,c'.split(',')", '["a","b","c"]'),
        Example("'order-17'.removeprefix('order-')", '"17"'),
        Example("'key=value'.partition('=')", '["key","=","value"]'),
    ],
    "moment": [
        Example("now().strftime('%Y/%m')", '"2030/01"'),
        Example("now().isoweekday()", "4"),
        Example("now().year", "2030"),
    ],
}
REFUSALS = [
    Example("vars.prises", "unknown name `prises`; did you mean `prices`?", refused=True),
    Example("[] | first", "first: the array is empty; `| default(...)` gives another value", refused=True),
    Example("vars.items | map(attribute='coupon')", "unknown name `coupon`; known here: `name`, `price`", refused=True),
    Example("'a'.__class__", "`__class__` is not data; attributes of Python are out of reach", refused=True),
]
INTRODUCTION = f"""
# Templates

`{{{{ }}}}` holds one expression of [Jinja2](https://jinja.palletsprojects.com/en/stable/templates/#expressions), no
statement. Numbers are exact: a quotient has 38 digits, everything else all of them. `~` joins texts. What an expression
gives is at most 262,144 characters or a list of 10,000 items; what works on each item of a list (`map`, `select` and
their like) reads at most a million values and 67,108,864 characters, with what each item is compared with.

The examples below are run when this page is written, with this in `vars.items`, and `[12.50, 1.20]` in `vars.prices`:
```json
{ITEMS}
```
"""
FILTERS_TITLE = """
## Filters

`value | filter` gives the value to the filter. `attribute` is the key of an object, or a path such as `price.net` and
`lines.0`; it reaches data and nothing else. Filters that work on lists take the characters of a text and the keys of an
object too. Texts are compared with their case.
"""
FUNCTIONS_TITLE = """
## Functions

`now()`, `uuid()` and `random_string()` give another value at each use; keep one with `let` or in `variables`.
"""
FAKE_TITLE = """
## Fake data

Each function is called without values, as in `fake.name()`; [data](../write/data.md#fake-data) says when
two are the same.

| | for example |
|---|---|"""
TESTS_TITLE = """
## Tests

`value is test`, `value is not test`, and by name in `select`, `reject`, `selectattr` and `rejectattr`.
"""
METHODS_TITLE = """
## Methods
"""
REFUSALS_TITLE = """
## What is refused

What is missing is an error with the names that are there, unless `default` or `is defined` asks for it.
"""
HEAD = ("| | is | example | gives |", "|---|---|---|---|")
SHORT_HEAD = ("| | example | gives |", "|---|---|---|")


def templates_page() -> str:
    """The whole page. Fails when something has no example, or an example is not true."""
    tests = {name.strip() for names in TEST_EXAMPLES for name in names.split(",")}
    refuse_stray("filters", FILTERS, FILTER_EXAMPLES)
    refuse_stray("functions", FUNCTIONS, FUNCTION_EXAMPLES)
    refuse_stray("tests", environment().tests, tests)
    refuse_stray("methods", METHODS, METHOD_EXAMPLES)
    filters = [
        row(call_of(name, FILTERS[name]), meaning_of(name, FILTERS[name]), example)
        for name, example in FILTER_EXAMPLES.items()
    ]
    functions = [row(each.call, each.meaning, each.example) for each in FUNCTION_EXAMPLES.values()]
    return "\n".join(
        [
            *(INTRODUCTION, FILTERS_TITLE, *HEAD, *filters),
            *(FUNCTIONS_TITLE, *HEAD, *functions),
            *(FAKE_TITLE, *fake_rows()),
            *(TESTS_TITLE, *SHORT_HEAD, *(row(names, None, example) for names, example in TEST_EXAMPLES.items())),
            *(METHODS_TITLE, *methods()),
            *(REFUSALS_TITLE, "| example | |", "|---|---|"),
            *(f"| `{cell(each.expression)}` | {cell(shown(each))} |" for each in REFUSALS),
            "",
        ]
    )


def refuse_stray(what: str, known: Iterable[str], described: Iterable[str]) -> None:
    """Fail for names without an example, and for examples without a name."""
    if stray := set(known) ^ set(described):
        raise SystemExit(f"scripts/template_examples.py: these {what} have no example, or do not exist: {stray}")


def row(call: str, meaning: str | None, example: Example) -> str:
    """The row of an example."""
    names = ", ".join(f"`{cell(each)}`" for each in call.split(", ")) if meaning is None else f"`{cell(call)}`"
    cells = [names, *([] if meaning is None else [cell(meaning)]), f"`{cell(example.expression)}`"]
    return f"| {' | '.join([*cells, f'`{cell(shown(example))}`'])} |"


def fake_rows() -> list[str]:
    """A row for each function of `fake`."""
    values = {name: evaluate(f"{FAKE}.{name}()", SCOPE) for name in PROVIDERS}
    return [f"| `{FAKE}.{name}()` | `{cell(dumps(exact(value)))}` |" for name, value in values.items()]


def methods() -> list[str]:
    """The methods of texts and of moments, and a table of examples for each."""
    lines: list[str] = []
    for kind, examples in METHOD_EXAMPLES.items():
        names = ", ".join(f"`{name}`" for name in sorted(METHODS[kind]))
        of = "A text" if kind == "string" else "A moment"
        lines += [f"{of} has {names}.", "", "| example | gives |", "|---|---|"]
        lines += [f"| `{cell(each.expression)}` | `{cell(shown(each))}` |" for each in examples]
        lines.append("")
    return lines[:-1]


def shown(example: Example) -> str:
    """What an example gives, or the message of its error. Fails when that is not what it says."""
    try:
        value: Json = dumps(exact(evaluate(example.expression, SCOPE)))
        refused = False
    except ExpressionError as error:
        value, refused = error.message, True
    if (value, refused) != (example.value, example.refused):
        raise SystemExit(f"scripts/template_examples.py: `{example.expression}` gives {value}, not {example.value}")
    return example.value


def call_of(name: str, function: Callable[..., Any]) -> str:
    """How a filter is written, with the defaults of what may be left out."""
    if name in CALLS:
        return CALLS[name]
    parameters = [each for each in inspect.signature(function).parameters.values() if each.name != "environment"]
    arguments = ", ".join(map(argument, parameters[1:]))
    return f"{name}({arguments})" if arguments else name


def argument(parameter: inspect.Parameter) -> str:
    """A parameter as it is written in a call."""
    default = parameter.default
    if default is parameter.empty:
        return parameter.name
    return f"{parameter.name}={'…' if type(default) is object else dumps(default)}"


def meaning_of(name: str, function: Callable[..., Any]) -> str:
    """The first paragraph of a filter's docstring."""
    if not function.__doc__:
        raise SystemExit(f"the filter {name} has no docstring")
    return " ".join(function.__doc__.strip().split("\n\n")[0].split())


def cell(text: str) -> str:
    """Text as the cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")
