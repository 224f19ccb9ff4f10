"""The reference page of operators. The example of each is run when the page is written."""

from typing import Any, NamedTuple

from awsit.expressions.assertions.assertion import check
from awsit.expressions.assertions.elements import QUANTIFIERS
from awsit.expressions.assertions.operators import OPERATORS
from awsit.model.json import Json, dumps, exact


class Example(NamedTuple):
    """The expected value of an operator, a value that passes and one that fails.

    `...` stands for nothing at the path. `beside` are further keys of the assertion.
    """

    expected: Json
    passes: Json
    fails: Json
    beside: dict[str, Any] = {}  # noqa: RUF012 - never changed


EXAMPLES = {
    "equals": Example({"a": 1}, {"a": 1.0}, {"a": "1"}),
    "not_equals": Example("rejected", "created", "rejected"),
    "contains": Example("pen", ["book", "pen"], ["book"]),
    "not_contains": Example("error", "all is well", "an error"),
    "exists": Example(expected=True, passes=None, fails=...),
    "matches": Example({"id": "#uuid"}, {"id": "7f3c1e6a-58c2-4d0e-9b1a-2f6d4c8e7a90", "more": 1}, {"id": 17}),
    "matches_regex": Example("^A-[0-9]+$", "A-17", "B-17"),
    "greater_than": Example(0, 0.5, 0),
    "greater_or_equal": Example(1, 1, 0),
    "less_than": Example("2030-01-01T00:00:00Z", "2029-12-31T23:00:00Z", "2030-01-01T00:00:00Z"),
    "less_or_equal": Example(10, 10, 11),
    "length": Example({"greater_than": 1}, ["book", "pen"], ["book"]),
    "one_of": Example(["created", "processed"], "created", "rejected"),
    "type": Example("number", 2, "2"),
    "json_schema": Example({"required": ["id"]}, {"id": 1}, {}),
}
ELEMENT_EXAMPLES = {
    "any": Example({"matches": {"sku": "pen"}}, [{"sku": "book"}, {"sku": "pen"}], [{"sku": "book"}, {"sku": "ink"}]),
    "all": Example({"path": "$.price", "greater_than": 0}, [{"price": 1}, {"price": 2}], [{"price": 1}, {"price": -2}]),
    "none": Example({"path": "$.state", "equals": "failed"}, [], [{"state": "done"}, {"state": "failed"}]),
}
OPTION_EXAMPLES = {
    "strict": ("matches", Example({"a": 1}, {"a": 1}, {"a": 1, "b": 2}, {"strict": True})),
    "any_order": ("equals", Example([1, 2], [2, 1], [2, 2], {"any_order": True})),
    "tolerance_seconds": (
        "equals",
        Example("2030-01-01T00:00:00Z", "2030-01-01T00:00:04Z", "2030-01-01T00:01:00Z", {"tolerance_seconds": 5}),
    ),
}
JSON_PATH = (
    "json_path",
    "equals",
    Example("done", '{"status": "done"}', "status: done", {"json_path": "$.status"}),
)
MARKERS = {
    "#string": ("text", 1),
    "#number": (1.5, "1.5"),
    "#integer": (2, 2.5),
    "#boolean": (False, "false"),
    "#array": ([], {}),
    "#object": ({}, []),
    "#null": (None, 0),
    "#uuid": ("7f3c1e6a-58c2-4d0e-9b1a-2f6d4c8e7a90", "7f3c"),
    "#present": (None, ...),
    "#notpresent": (..., None),
    "##string": (None, 1),
    "#regex A-[0-9]+": ("A-17", "A-17b"),
    "#[]": ([1, "a"], "a"),
    "#[2]": ([1, 2], [1]),
    "#[] #number": ([1, 2], [1, "2"]),
}
HEAD = ("| | example | holds for | and not for |", "|---|---|---|---|")
INTRODUCTION = """
# Operators

An assertion is `{path, name, OPERATOR: VALUE}`. `path` is JSONPath, and `$` when it is left out; `name` is shown in
reports, and may be left out too. All operators of one assertion must hold. Comparisons have types: `"2"` is not `2`,
and `1.0` is `1`. `and` and `or` take a list of assertions, `not` takes one.

The examples below, with `$.value` as their path, are run when this page is written; what follows the colon is the
message that a report shows.
"""
ELEMENTS_TITLE = """
## Elements of an array

`any`, `all` and `none` take an assertion for the elements of the array at `path`, with all that an assertion may have:
several operators, `and`, `or`, `not`, and further arrays. Its own `path` begins at the element, and is `$`, all of
it, when it is left out. A `path` that selects several values gives an array of them. As in logic, `all` and `none`
hold for an empty array, and `any` does not. What is no array fails, also inside `not`.

When `any` fails, the closest element is shown: the one with the fewest things that do not fit. When `all` or `none`
fails, the first offending elements are shown, and their number.
"""
TEXT_TITLE = """
## JSON inside text

Beside a `path`, `json_path` goes on inside the JSON that the text there holds, such as a queue's message, and a list of
paths leads through texts inside texts: `json_path: [$.Message, $.detail.id]`. When `path` selects several texts, each
is read, and what is found in them is gathered in a list. A text may also hold an object or array in base64. A text that
is no JSON fails the assertion, also inside `not`; a value that is no text does, too.
"""
OPTIONS_TITLE = """
## Beside an operator

With `tolerance_seconds` moments may be written in ISO 8601 or as in HTTP's headers, and as seconds since 1970.
`json_schema` checks the formats date-time, date, time, duration, email, hostname, ipv4, ipv6, uri, uuid and regex; a
`$ref` must lead into the schema itself, for nothing is fetched.
"""
MARKERS_TITLE = """
## Markers of `matches`

`matches` compares only what is named. A text that is a marker stands for any value of its kind, at any depth; with `##`
before any of them, null or nothing at all will do too. `#ignore` holds for everything.
"""


def operators_page() -> str:
    """The whole page: tables of operators, of the keys beside them, and of the markers of `matches`."""
    options_of_all = {option for operator in OPERATORS.values() for option in operator.options}
    known = set(OPERATORS) | set(QUANTIFIERS) | options_of_all
    stray = known ^ (set(EXAMPLES) | set(ELEMENT_EXAMPLES) | set(OPTION_EXAMPLES))
    if stray:
        raise SystemExit(f"scripts/operator_examples.py: these have no example, or do not exist any more: {stray}")
    operators = [row(name, name, example) for name, example in EXAMPLES.items()]
    elements = [row(name, name, example) for name, example in ELEMENT_EXAMPLES.items()]
    options = [row(name, operator, example) for name, (operator, example) in OPTION_EXAMPLES.items()]
    markers = [row(name, "matches", Example(name, *shown)) for name, shown in MARKERS.items()]
    tables = {
        INTRODUCTION: operators,
        ELEMENTS_TITLE: elements,
        TEXT_TITLE: [row(*JSON_PATH)],
        OPTIONS_TITLE: options,
        MARKERS_TITLE: markers,
    }
    return "\n".join([*(line for title, rows in tables.items() for line in (title, *HEAD, *rows)), ""])


def row(name: str, operator: str, example: Example) -> str:
    """The row of an example. Fails when the value that should pass does not, or the other does."""
    spec = {"path": "$.value", operator: exact(example.expected), **example.beside}
    passed, failed = (
        check(spec, {} if value is ... else {"value": exact(value)}) for value in (example.passes, example.fails)
    )
    if not passed.passed or failed.passed:
        raise SystemExit(f"scripts/operator_examples.py: the example of {name} is not true")
    shown = dumps({key: value for key, value in spec.items() if key != "path"})
    cells = (
        f"`{name}`",
        f"`{cell(shown)}`",
        shown_value(example.passes),
        f"{shown_value(example.fails)}: {cell(failed.message)}",
    )
    return f"| {' | '.join(cells)} |"


def shown_value(value: Json) -> str:
    """A value as a cell of a table."""
    return "nothing at the path" if value is ... else f"`{cell(dumps(exact(value)))}`"


def cell(text: str) -> str:
    """Text as the cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")
