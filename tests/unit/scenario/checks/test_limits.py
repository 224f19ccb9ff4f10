"""Files that hold more than a scenario may, or more mistakes than a person reads."""

from __future__ import annotations

import time

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.errors import InvalidInputError, Problem
from awsit.model.json import Json
from awsit.scenario.checks.validate import validate
from awsit.scenario.limits import MAX_ACTIONS, MAX_EXPRESSIONS, MAX_TOKENS
from awsit.scenario.reading.load import load_text
from awsit.scenario.schema.walk import walk

HEAD = "name: s\nactions:\n"
CALL = "  - name: a\n    type: http_call\n    params:\n      url: x\n"


def problems(text: str) -> list[Problem]:
    return validate(load_text(text, "s.yaml"), BY_TYPE)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (HEAD + CALL + "".join(f"k{i}: 1\n" for i in range(2000)), 1900),
        (HEAD + "".join(f"  - {i}\n" for i in range(2000)), 1900),
        (HEAD + CALL + "".join(f"      k{i}: 1\n" for i in range(2000)), 1900),
    ],
)
def test_of_many_problems_the_first_hundred_are_told_and_the_rest_counted(text: str, rest: int) -> None:
    told = problems(text)

    assert len(told) == 101
    assert told[-1].code == "more_problems"
    assert told[-1].message.startswith(tuple(f"{rest + i} more problems from here on" for i in range(3)))
    assert told[-1].position
    assert told[99].position
    assert told[-1].position.line > told[99].position.line


def test_of_a_text_that_cannot_be_read_likewise() -> None:
    with pytest.raises(InvalidInputError) as error:
        load_text("name: s\n" * 2000, "s.yaml")

    assert len(error.value.problems) == 101


def test_a_hundred_problems_are_all_told() -> None:
    assert len(problems(HEAD + CALL + "".join(f"k{i}: 1\n" for i in range(99)))) == 100  # the URL is one


def test_too_many_actions_cost_neither_time_nor_memory() -> None:
    text = HEAD + "".join(f"  - {{name: a{i}, type: nothing}}\n" for i in range(2000))
    source = load_text(text, "s.yaml")
    begin = time.process_time()
    told = validate(source, BY_TYPE)
    seconds = time.process_time() - begin

    assert [problem.message for problem in told] == [
        "the scenario has 2000 actions, clean-up included; the limit is 1000"
    ]
    assert seconds < 2
    assert len(walk(source.document).known.actions) == MAX_ACTIONS  # a set for each of 10,000 would take a gigabyte


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([f"{{{{ {i} }}}}" for i in range(MAX_EXPRESSIONS + 1)], f"{MAX_EXPRESSIONS + 1} different expressions"),
        ([f"{{{{ 1{' + 1' * 1000} + {i} }}}}" for i in range(MAX_TOKENS // 2000)], "words and signs"),
    ],
)
def test_expressions_are_counted_before_they_are_compiled(body: Json, message: str) -> None:
    action = {"name": "A", "type": "http_call", "params": {"url": "http://a/", "method": "POST", "body": body}}
    [problem] = validate({"name": "s", "actions": [action]}, BY_TYPE)

    assert problem.code == "limit"
    assert message in problem.message


def test_the_same_expression_counts_once() -> None:
    body = ["{{ 1 }}"] * (MAX_EXPRESSIONS + 1)
    action = {"name": "A", "type": "http_call", "params": {"url": "http://a/", "method": "POST", "body": body}}
    assert validate({"name": "s", "actions": [action]}, BY_TYPE) == []
