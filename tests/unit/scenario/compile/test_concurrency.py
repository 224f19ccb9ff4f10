"""The key by which runs are kept apart."""

from __future__ import annotations

import pytest
from tests.unit.scenario.marking import Find, findings

from awsit.errors import InvalidInputError
from awsit.model.json import Json
from awsit.model.run import ConcurrencyLimit
from awsit.scenario.compile.compile import needed_env
from awsit.scenario.compile.concurrency import concurrency_limit, steps_at_once

VARIABLES = {"stage": "{{ env.STAGE }}", "queue": "orders_{{ vars.stage }}", "late": "{{ uuid() }}"}


@pytest.mark.parametrize(
    ("concurrency", "limit"),
    [
        (None, None),
        ({"key": "orders"}, ConcurrencyLimit("orders", 1)),
        ({"key": "orders", "limit": 3}, ConcurrencyLimit("orders", 3)),
        ({"key": "{{ vars.queue }}/{{ env.TEAM }}"}, ConcurrencyLimit("orders_dev/a", 1)),
        ({"key": "{{ vars.number }}"}, ConcurrencyLimit("7", 1)),
    ],
)
def test_the_key_is_known_before_the_run(concurrency: Json, limit: ConcurrencyLimit | None) -> None:
    document = {"variables": VARIABLES, "concurrency": concurrency}
    assert concurrency_limit(document, {"number": 7}, {"STAGE": "dev", "TEAM": "a"}) == limit


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("{{ vars.late }}", "late"),
        ("{{ run.id }}", "run"),
        ("{{ '' }}", "the key of `concurrency` is empty"),
        ("{{ 'x' * 201 }}", "the key of `concurrency` has 201 characters; the limit is 200"),
    ],
)
def test_a_key_that_is_not_known_or_no_name_refuses_the_run(key: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        concurrency_limit({"variables": VARIABLES, "concurrency": {"key": key}}, {}, {"STAGE": "dev"})
    (problem,) = raised.value.problems
    assert problem.path == "concurrency.key"
    assert message in problem.message


def test_the_environment_that_a_key_reads_is_sent() -> None:
    assert needed_env({"concurrency": {"key": "{{ env.TEAM }}"}}) == {"TEAM"}


@pytest.mark.parametrize(
    ("concurrency", "mark", "message"),
    [
        ("orders", "orders", "`concurrency` must be a mapping"),
        ("{}", "concurrency", "`concurrency` needs `key`"),
        ("{key: ''}", "''", "`key` must be text of at most 200 characters"),
        ("{key: 3}", "3", "`key` must be text of at most 200 characters"),
        ("{key: a, limit: 0}", "0", "`limit` must be"),
        ("{key: a, limit: 101}", "101", "`limit` must be"),
        ("{key: a, max: 1}", "max", "unknown key `max`"),
        ("{key: '{{ vars.quee }}'}", "vars.quee", "there is no variable `quee`; did you mean `queue`?"),
        ("{key: '{{ context.x }}'}", "context.x", "nothing captures `context.x`"),
        ("{key: '{{ vars.queue'}", "{{", "has no `}}`"),
        ("{key: '{{ run.id }}'}", "'{{ run.id }}'", "`run` is not known before the run"),
        ("{key: \"{{ stack('a').Q }}\"}", "\"{{ stack('a').Q }}\"", "`stack()` is not known before the run"),
        ("{key: \"{{ secret('a') }}\"}", "\"{{ secret('a') }}\"", "`secret()` is not known before the run"),
        ("{key: '{{ uuid() }}'}", "'{{ uuid() }}'", "`uuid()` is not known before the run"),
    ],
)
def test_what_concurrency_may_be(find: Find, concurrency: str, mark: str, message: str) -> None:
    text = (
        f"name: s\nvariables: {{queue: q}}\nconcurrency: {concurrency}\n"
        "actions: [{name: A, type: http_call, params: {url: 'http://x'}}]\n"
    )
    found = findings(text, find(text))
    assert [each for each in found if each[0] == mark and message in each[1]], found


@pytest.mark.parametrize(
    ("params", "most"),
    [(None, 1), ({"branches": [[], [], []]}, 3), ({"branches": [[], [], []], "max_concurrency": 2}, 2)],
)
def test_the_widest_parallel_says_how_many_steps_go_on_at_once(params: Json, most: int) -> None:
    pair = {"name": "Pair", "type": "parallel", "params": {"branches": [[]]}}
    actions = [pair, *([{"name": "Wide", "type": "parallel", "params": params}] if params else [])]
    inside = {"name": "C", "type": "choice", "params": {"when": "{{ vars.a }}", "then": actions}}
    assert steps_at_once({"name": "s", "actions": actions}) == most
    assert steps_at_once({"name": "s", "actions": [inside]}) == most
