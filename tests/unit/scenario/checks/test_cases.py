"""Cases give what the scenario reads."""

from __future__ import annotations

import pytest
from tests.unit.scenario.marking import Find, findings

SCENARIO = """\
name: s
variables: {quantity: 1}
cases:
  book: {product: b, total: 3}
  pen: {%s}
actions:
  - name: A
    type: http_call
    params: {url: "http://x/{{ vars.product }}/{{ vars.%s }}/{{ vars.quantity }}"}
    redact: [vars.total]
"""


@pytest.mark.parametrize(
    ("pen", "expected"),
    [
        ("product: p, total: 1", []),
        ("product: p, total: 1, quantity: 2", []),
        ("product: p", [("pen", "the case `pen` has no `total`, which the case `book` has")]),
        (
            "product: p, totl: 1",
            [
                ("pen", "the case `pen` has no `total`, which the case `book` has"),
                ("1", "the scenario reads no variable `totl`; did you mean `total`?"),
            ],
        ),
        (
            'product: "{{ run.id }}", total: 1',
            [('"{{ run.id }}"', "`product` holds a template; the values of a case are taken as they are")],
        ),
    ],
)
def test_a_case_has_what_the_others_have_and_the_scenario_reads(
    find: Find, pen: str, expected: list[tuple[str, str]]
) -> None:
    text = SCENARIO % (pen, "total")
    assert findings(text, find(text)) == expected


def test_variables_that_are_taken_by_unknown_names_are_all_read(find: Find) -> None:
    text = (SCENARIO % ("product: p, total: 1, more: 2", "total")).replace("vars.quantity", "vars[vars.product]")
    assert [message for _, message in findings(text, find(text))] == [
        "the case `book` has no `more`, which the case `pen` has"
    ]


def test_a_variable_that_nothing_has_is_told_where_it_is_read(find: Find) -> None:
    text = SCENARIO % ("product: p, total: 1", "prize")
    assert [mark for mark, _ in findings(text, find(text))] == ["vars.prize"]


def test_a_scenario_has_cases_or_a_matrix(find: Find) -> None:
    text = (SCENARIO % ("product: p, total: 1", "total")) + "matrix: [{a: 1}]\n"
    assert ("cases", "a scenario has a `matrix` or `cases`, not both") in findings(text, find(text))


def test_patterns_mean_nothing_where_there_are_no_files(find: Find) -> None:
    text = "name: s\ncases: [a/*]\nactions: [{name: A, type: http_call, params: {url: 'http://x/{{ vars.x }}'}}]\n"
    assert findings(text, find(text)) == [("a/*", "a pattern means nothing where there are no case files")]
