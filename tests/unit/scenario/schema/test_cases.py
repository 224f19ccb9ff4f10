from __future__ import annotations

import pytest
from tests.unit.scenario.marking import Find, findings

from awsit.model.json import Json
from awsit.scenario.schema.cases import cases_of, patterns_of
from awsit.scenario.schema.matrix import expand_matrix, has_named_row, matrix_rows, matrix_variables

CASES = {"pen": {"x": 1, "y": 2}, "a book": {"x": 2}}


def test_each_case_is_a_run_named_after_it() -> None:
    document = {"name": "s", "cases": CASES, "variables": {"y": 0}}
    assert expand_matrix(document) == [("s[pen]", {"x": 1, "y": 2}), ("s[a book]", {"x": 2})]
    assert matrix_rows(document) == [{"x": 1, "y": 2}, {"x": 2}]
    assert matrix_variables(document) == {"x"}
    assert has_named_row(document, "s[a book]")
    assert not has_named_row(document, "s[book]")


@pytest.mark.parametrize(
    ("cases", "patterns"),
    [
        ("a/*", {"cases": "a/*"}),
        (["a", 3, "b"], {"cases[0]": "a", "cases[2]": "b"}),
        (CASES, {}),
        (None, {}),
    ],
)
def test_patterns_stay_until_their_files_are_read(cases: Json, patterns: dict[str, str]) -> None:
    assert patterns_of({"cases": cases}) == patterns


@pytest.mark.parametrize("cases", ["a/*", {"a": 1}, None])
def test_without_readable_cases_there_is_one_run(cases: Json) -> None:
    assert cases_of({"cases": cases}) == {}
    assert expand_matrix({"name": "s", "cases": cases}) == [("s", {})]


@pytest.mark.parametrize(
    ("cases", "mark", "message"),
    [
        ("3", "3", "`cases` must be a pattern of files such as `cases/*.json`, or a list of them"),
        ("[]", "cases", "`cases` must be a pattern of files such as `cases/*.json`, or a list of them"),
        ("['']", "cases", "`cases` must be a pattern of files such as `cases/*.json`, or a list of them"),
        ("{}", "cases", "`cases` must have at least one case"),
        ("{a: {}, b: 3}", "3", "the case `b` must be a mapping of variables"),
        ("{'*': {}}", "'*'", "the name of a case must be text of at most 80 characters, without `[`, `]`, `*` and `?`"),
        (f"[{', '.join(['a'] * 201)}]", "cases", "`cases` has 201 patterns; the limit is 200"),
        (f"{{{', '.join(f'c{n}: {{}}' for n in range(201))}}}", "cases", "`cases` has 201 cases; the limit is 200"),
    ],
)
def test_what_cases_may_be(find: Find, cases: str, mark: str, message: str) -> None:
    text = f"name: s\ncases: {cases}\nactions: [{{name: A, type: http_call, params: {{url: 'http://x'}}}}]\n"
    assert (mark, message) in findings(text, find(text))
