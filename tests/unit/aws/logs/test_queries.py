"""The saved queries by name, and what is put into them."""

from __future__ import annotations

import pytest

from awsit.aws.logs.queries import QUERIES, RUN_ID, SCENARIO, query_named
from awsit.errors import UsageError


def test_what_a_query_is_about_is_put_in_as_a_quoted_text() -> None:
    assert 'scenario = "priced[\\"book\\"]"' in query_named("failures").of('priced["book"]')
    assert 'run_id = "run-1"' in query_named("run").of("run-1")
    assert query_named("flaky").of("") == query_named("flaky").text


def test_each_query_says_what_it_needs() -> None:
    assert {query.name: query.needs for query in QUERIES if query.needs} == {"failures": SCENARIO, "run": RUN_ID}


def test_an_unknown_name_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="there is no query 'slow'") as raised:
        query_named("slow")
    assert all(f"{query.name}: {query.purpose}" in raised.value.hint for query in QUERIES)
