from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest

from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.texts import texts
from awsit.engine.store.records import Directive, Next, StepRecord
from awsit.expressions.assertions import assertion
from awsit.expressions.jsonpath import query
from awsit.expressions.templates import template
from awsit.model import json
from awsit.model.codec import decode, encode
from awsit.model.plan import Phase
from awsit.model.result import Status, StepResult


@pytest.mark.parametrize(
    "text",
    [
        "1e400",
        "1e4299",
        "-" + "1" * 4300,
        "0." + "1" * 4299,
        "1e-4299",
        "[" * 100 + "]" * 100,
        '{"a":' * 100 + "1" + "}" * 100,
    ],
)
def test_what_is_within_the_limits_is_read_and_written_back(text: str) -> None:
    value = json.loads(text)
    assert json.loads(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1e4300", "holds a number of more than 4300 digits"),
        ("-1.5e9999", "holds a number of more than 4300 digits"),
        ("1e1000000000", "holds a number of more than 4300 digits"),
        ("1e-1000000000", "holds a number of more than 4300 digits"),
        ("1e99999999999999999999", "holds a number of more than 4300 digits"),
        ("7" * 1_000_000, "holds a number of more than 4300 digits"),
        ("[" * 101 + "]" * 101, "is nested more than 100 levels deep"),
        ("[" * 100_000 + "]" * 100_000, "is nested more than 100 levels deep"),
    ],
)
def test_what_is_beyond_the_limits_is_refused_with_the_limit(text: str, reason: str) -> None:
    with pytest.raises(json.TooLargeError, match=reason):
        json.loads(text)
    assert json.beyond_limits(text) == reason


def test_a_text_that_is_no_json_is_beyond_no_limit() -> None:
    assert json.beyond_limits("{no json") == ""


def test_floats_of_other_readers_are_finite() -> None:
    assert json.plain([Decimal("1e400"), Decimal("0.5")]) == ["1E+400", 0.5]


def test_a_document_that_python_cannot_walk_is_no_json() -> None:
    value: Any = 1
    for _ in range(sys.getrecursionlimit() + 10):
        value = [value]
    with pytest.raises(ValueError, match="nested too deeply"):
        json.dumps(value)


def deepest() -> Any:
    return {"body": json.loads('{"a":[' * 50 + "1e400" + "]}" * 50)}


def record(document: Any) -> StepRecord:
    result = StepResult(0, str(Phase.ACTIONS), "Read", "http_call", Status.PASSED)
    return StepRecord(Phase.ACTIONS, 0, 1, Directive(Next.SUCCEEDED), result, document)


WALKS: dict[str, Callable[[Any], object]] = {
    "equals": lambda document: assertion.check({"path": "$", "equals": document}, document).passed,
    "equals in any order": lambda document: assertion.check({"equals": document, "any_order": True}, document).passed,
    "matches": lambda document: assertion.check({"matches": document}, document).passed,
    "a difference": lambda document: not assertion.check({"equals": {**document, "x": 1}}, document).passed,
    "contains": lambda document: assertion.check({"contains": document}, document).passed,
    "a path": lambda document: query.find("$..a", document).values,
    "a template": lambda document: template.render("{{ vars.it }}", {"vars": {"it": document}}) == document,
    "a template in text": lambda document: template.render("= {{ vars.it }}", {"vars": {"it": document}}),
    "redaction": lambda document: Redactor(["secret"], documents=(document,)).shown(document),
    "places of secrets": lambda document: [*Redactor(["1E+400"]).hides(document)] or True,
    "texts": texts,
    "a record": lambda document: (
        decode(StepRecord, json.loads_record(json.dumps(encode(record(document))))).kept == document
    ),
}


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_the_deepest_document_is_walked_on_every_thread(walk: Callable[[Any], object]) -> None:
    results: list[object] = []
    thread = Thread(target=lambda: results.append(walk(deepest())))
    thread.start()
    thread.join()
    results.append(walk(deepest()))
    assert all(results)
    assert len(results) == 2
