"""Wrong keys, types and params: each row is one mistake, the mark that must be marked, and what a person reads."""

from __future__ import annotations

import pytest
from tests.unit.scenario.marking import ACTION, HEAD, Find, findings

from awsit.actions.registry import BY_TYPE
from awsit.scenario.checks.validate import validate
from awsit.scenario.reading.load import load_text


@pytest.mark.parametrize(
    ("text", "mark", "message"),
    [
        ("name: s", "n", "a scenario needs `actions`"),
        ("- a", "-", "a scenario must be a mapping"),
        ("text", "text", 'a scenario must be a mapping, not "text"'),
        (HEAD + "actions: []", "actions", "`actions` must not be empty"),
        (HEAD + "actions: {}", "actions", "`actions` must be a list"),
        (HEAD + "actions: [text]", "text", '`actions[0]` must be a mapping, not "text"'),
        (ACTION + "descripton: x", "descripton", "unknown key `descripton`; did you mean `description`?"),
        (ACTION.replace("name: s", "name: 1s"), "1s", "`name` must start with a letter and hold only letters"),
        (ACTION.replace("name: s", "name: 12"), "12", "`name` must be text"),
        (ACTION + "timeout_seconds: 0", "0", "`timeout_seconds` must be more than 0"),
        (ACTION + "timeout_seconds: 86401", "86401", "`timeout_seconds` must be at most 86400"),
        (ACTION + "timeout_seconds: '5'", "'5'", '`timeout_seconds` must be a number, not "5"'),
        (ACTION + "timeout_seconds: true", "true", "`timeout_seconds` must be a number, not true"),
        (
            ACTION + 'timeout_seconds: "{{ vars.quantity }}"',
            '"{{ vars.quantity }}"',
            "must be a number, not a template",
        ),
        (ACTION + "metadata: {version: 1.0}", "1.0", "`version` must be text, not 1.0"),
        (ACTION + "metadata: {tags: smoke}", "smoke", '`tags` must be a list, not "smoke"'),
        (ACTION.replace("{quantity", "{a-b"), "a-b", "`a-b` must start with a letter or `_`"),
        (ACTION + "matrix: [1]", "matrix", "`matrix` must be a list of rows"),
        (ACTION + "matrix: [{a: 1}, {b: 1}]", "{", "`matrix` has rows with different variables"),
        (ACTION + "matrix: {a: 1}", "matrix", "`matrix` must map each variable to a list"),
        (ACTION + 'matrix: [{a: "{{ uuid() }}"}]', '"{{ uuid() }}"', "`matrix` holds a template"),
        (ACTION + "assertions: {}", "assertions", "`assertions` must be a list"),
    ],
)
def test_the_scenario_itself(find: Find, text: str, mark: str, message: str) -> None:
    problem, *more = findings(text, find(text))
    assert problem[0] == mark
    assert message in problem[1]
    assert more == []


@pytest.mark.parametrize(
    ("line", "mark", "message"),
    [
        ("asert: []", "asert", "unknown key `asert`; did you mean `assert`?"),
        ("continue_on_failure: yes", "yes", '`continue_on_failure` must be true or false, not "yes"'),
        ("timeout_seconds: 841", "841", "`timeout_seconds` must be at most 840"),
        ("cache_seconds: 0", "0", "`cache_seconds` must be more than 0"),
        ("retry: {max_attempts: 21}", "21", "`max_attempts` must be at most 20"),
        ("retry: {max_attempts: 1.5}", "1.5", "`max_attempts` must be a whole number, not 1.5"),
        ("retry: {max_attempts: 1e4000}", "1e4000", "`max_attempts` must be a whole number"),
        ("timeout_seconds: 1e4000", "1e4000", "`timeout_seconds` must be at most 840"),
        ("retry: {backoff_rate: 0.5}", "0.5", "`backoff_rate` must be at least 1"),
        ("retry: {retry_on: timeout}", "timeout", "`retry_on` must be a list of error codes"),
        ("retry: {atempts: 1}", "atempts", "unknown key `atempts`; did you mean `max_attempts`?"),
        ("until: {timeout_seconds: 5}", "until", "`until` needs `assert`"),
        ("until: {assert: []}", "assert", "`assert` must not be empty"),
        ("when: maybe", "maybe", '`when` must be true, false or one `{{ expression }}`, not "maybe"'),
        (
            'when: "{{ vars.quantity }} and {{ vars.quantity }}"',
            '"{{ vars.quantity }} and {{ vars.quantity }}"',
            "`when` must be true, false or one",
        ),
        ("pass_to_context: {id: body.id}", "body.id", "`body.id` is not a JSONPath"),
        ("pass_to_context: {a-b: $.id}", "a-b", "`a-b` must start with a letter or `_`"),
        ("pass_to_context: {id: 1}", "1", "`id` must be text, not 1"),
        ("pass_to_context: {id: '$.{{ vars.quantity }}'}", "'$.{{ vars.quantity }}'", "a path takes no template here"),
        ("pass_to_context: {id: {path: $.a, json_path: b}}", "b", "`b` is not a JSONPath"),
        ("pass_to_context: {id: {path: a, json_path: [$.b]}}", "a", "`a` is not a JSONPath"),
        ("pass_to_context: {id: {json_pth: $.a}}", "json_pth", "unknown key `json_pth`; did you mean `json_path`?"),
        ("pass_to_context: {id: {json_path: []}}", "json_path", "`json_path` must not be empty"),
        ("retry: {retry_on: [timeouts]}", "timeouts", "no attempt ends by `timeouts`; did you mean `timeout`?"),
        ("retry: {retry_on: [ThrottlingException, 503, 5xx, throtled]}", "throtled", "did you mean `throttling`?"),
        ("retry: {retry_on: [50]}", "50", "`50` is no HTTP status"),
        ("retry: {retry_on: ['600']}", "'600'", "`600` is no HTTP status"),
        ("retry: {retry_on: [50x]}", "50x", "`50x` is no HTTP status"),
        ("pass_to_context: {id: {json_path: [1]}}", "1", "must be text, not 1"),
        ("pass_to_context: {id: {path: $.a, regex: 'a('}}", "'a('", "the regular expression is not valid"),
        ("pass_to_context: {id: {path: $.a, regex: '(a)(b)'}}", "'(a)(b)'", "one group says what is captured"),
        ("pass_to_context: {id: {path: $.a, regex: 'a{{ run.id }}'}}", "'a{{ run.id }}'", "takes no template here"),
        ("pass_to_context: {id: {path: $.a, regex: ''}}", "''", "`regex` must not be empty"),
        ("pass_to_context: {id: {path: $.a, pattern: b}}", "pattern", "unknown key `pattern`"),
        ("assert: [{path: $.a, json_path: b, equals: 1}]", "b", "`b` is not a JSONPath"),
        ("assert: [{path: $.a, any: {equls: 1}}]", "equls", "unknown key `equls`; did you mean `equals`?"),
        ("assert: [{path: '$.a[0]{{ run.id }}', exists: true}]", "{{ run.id }}", "never a part of its syntax"),
        ("redact: [tokn]", "tokn", "`tokn` is not captured by this action; it captures nothing"),
        ("redact: ['$.']", "'$.'", "`$.` is not a JSONPath"),
        ("assert: [{path: $.a, equls: 1}]", "equls", "unknown key `equls`; did you mean `equals`?"),
        ("assert: [{path: a, equals: 1}]", "a", "`a` is not a JSONPath"),
        ("until: {assert: [{path: $.a, matches_regex: '('}]}", "'('", "the regular expression is not valid"),
        ('assert: [{path: $.a, equals: "{{ foo }}"}]', "foo", "unknown name `foo`"),
        ("cleanup: [{type: wait}]", "{", "`wait` needs `seconds`"),
        ("cleanup: [{params: {seconds: 1}}]", "{", "`cleanup[0]` needs `type`"),
        ("cleanup: [{type: wait, params: {seconds: 1}, cleanup: []}]", "cleanup", "unknown key `cleanup`"),
        ("cleanup: [{type: choice, params: {}}]", "choice", "`choice` cannot be used in `cleanup`"),
        ("on_failure: [{type: parallel}]", "parallel", "`parallel` cannot be used in `on_failure`"),
        (
            "on_failure: [{type: wat, params: {seconds: 1}}]",
            "wat",
            "action type `wat` is not known; did you mean `wait`?",
        ),
    ],
)
def test_keys_of_an_action(find: Find, line: str, mark: str, message: str) -> None:
    text = f"{ACTION}    {line}\n"
    (problem,) = findings(text, find(text))
    assert problem[0] == mark
    assert message in problem[1]


def _wait(name: str) -> str:
    return f"{{name: {name}, type: wait, params: {{seconds: 1}}}}"


@pytest.mark.parametrize(
    ("action", "mark", "message"),
    [
        ("{name: A, type: http_cal}", "http_cal", "action type `http_cal` is not known; did you mean `http_call`?"),
        ("{name: A, type: http_call}", "{", "`http_call` needs `url`"),
        ("{type: wait, params: {seconds: 1}}", "{", "`actions[0]` needs `name`"),
        ("{name: A, type: wait, params: text}", "text", '`params` must be a mapping, not "text"'),
        ("{name: A, type: wait, params: {seconds: one}}", "one", '`seconds` must be a whole number, not "one"'),
        ("{name: A, type: http_call, params: {url: 3}}", "3", "`url` must be text, not 3"),
        ("{name: A, type: http_call, params: {uri: x, url: x}}", "uri", "unknown key `uri`; did you mean `url`?"),
        (
            "{name: A, type: http_call, params: {url: x, method: PSOT}}",
            "PSOT",
            '`method` must be `GET` or `POST`, not "PSOT"',
        ),
        (
            "{name: A, type: http_call, params: {url: x, expected_status: {a: 1}}}",
            "expected_status",
            "`expected_status` must be a whole number or a list or text",
        ),
        (
            "{name: A, type: http_call, params: {url: x, expected_status: [200, abc]}}",
            "abc",
            '`expected_status[1]` must be a whole number, not "abc"',
        ),
        (
            "{name: A, type: http_call, params: {url: x, auth: {basic: {username: a}}}}",
            "basic",
            "`basic` needs `password`",
        ),
        (
            '{name: A, type: http_call, params: {url: x, auth: {bearer: "{{1}}", basic: {username: a, password: b}}}}',
            "auth",
            "`auth` must hold exactly one of `basic` and `bearer`",
        ),
        (
            "{name: A, type: http_call, params: {url: x, auth: {bearr: x, bearer: y}}}",
            "bearr",
            "unknown key `bearr`; did you mean `bearer`?",
        ),
        (
            '{name: A, type: dynamodb, params: {operation: put_item, table: "{{ run.id }}"}}',
            "params",
            "`dynamodb`: put_item needs `item`",
        ),
        (
            "{name: A, type: dynamodb, params: {operation: get_item, table: t, limit: 0}}",
            "0",
            "`limit` must be at least 1",
        ),
        ("{name: A, type: parallel}", "{", "`parallel` needs `branches`"),
        ("{name: A, type: parallel, params: {branches: []}}", "branches", "`branches` must not be empty"),
        ("{name: A, type: parallel, params: {branches: [[]]}}", "[", "`branches[0]` must not be empty"),
        ("{name: A, type: parallel, params: {branches: [{actons: []}, [*w]]}}", None, None),
        (
            "{name: A, type: parallel, params: {max_concurrency: 41, branches: [[*w]]}}",
            "41",
            "`max_concurrency` must be at most 40",
        ),
        (
            "{name: A, type: parallel, when: true, params: {branches: [[*w]]}}",
            "when",
            "`parallel` takes no `when`",
        ),
        (
            "{name: A, type: parallel, params: {branches: [[{name: C, type: parallel, params: {branches: [[*w]]}}]]}}",
            "parallel",
            "a `parallel` cannot stand inside another",
        ),
        (
            "{name: A, type: parallel, params: {branches: [[{nam: x, name: B, type: wait, params: {seconds: 1}}]]}}",
            "nam",
            "unknown key `nam`; did you mean `name`?",
        ),
        (
            "{name: A, type: choice, params: {when: false, then: [*w]}}",
            "then",
            "`then` can never run: `when` is always false",
        ),
        (
            "{name: A, type: choice, params: {when: true, then: [*w], else: [*v]}}",
            "else",
            "`else` can never run: `when` is always true",
        ),
        ('{name: A, type: choice, params: {when: "{{ 1 }}"}}', "params", "`choice` needs `then`"),
    ],
)
def test_types_and_params(find: Find, action: str, mark: str | None, message: str | None) -> None:
    text = f"name: s\nactions:\n  - {action}\n".replace("*w", _wait("B")).replace("*v", _wait("C"))
    if mark is None:
        messages = [message for _, message in findings(text, find(text))]
        assert messages == ["`branches[0]` needs `actions`", "unknown key `actons`; did you mean `actions`?"]
        return
    (problem,) = findings(text, find(text))
    assert problem[0] == mark
    assert message is not None
    assert message in problem[1]


@pytest.mark.parametrize(
    ("action", "messages"),
    [
        ("{name: A, type: parallel, branches: [[*w]]}", {"branches": "unknown key `branches`"}),
        (
            '{name: A, type: choice, when: "{{ 1 == 1 }}", then: [*w], else: [*w]}',
            {"when": "`choice` takes no `when`", "then": "unknown key `then`", "else": "unknown key `else`"},
        ),
    ],
)
def test_what_stands_beside_params_instead_of_in_them_has_one_problem(
    find: Find, action: str, messages: dict[str, str]
) -> None:
    problems = find(f"name: s\nactions:\n  - {action}\n".replace("*w", _wait("B")))
    found = {problem.path.rpartition(".")[2]: problem for problem in problems}
    assert {key: problem.message for key, problem in found.items()} == messages
    assert len(found) == len(problems)
    assert {problem.hint for problem in problems} == {
        f"it stands under `params`: `params: {{{key}: ...}}`" for key in found
    }


def test_the_near_choice_is_a_hint(find: Find) -> None:
    (problem,) = find("name: s\nactions: [{name: A, type: http_call, params: {url: x, method: PSOT}}]")
    assert problem.hint == "did you mean `POST`?"


@pytest.mark.parametrize(
    "params",
    [
        '{url: "{{ vars.quantity }}", method: "{{ vars.quantity }}", verify: "{{ true }}"}',
        '{url: x, expected_status: ["{{ vars.quantity }}", 201]}',
        '{url: x, headers: "{{ vars.quantity }}", auth: "{{ vars.quantity }}"}',
    ],
)
def test_values_of_templates_are_left_to_the_run(find: Find, params: str) -> None:
    assert find(ACTION.replace('{url: "http://x"}', params)) == []


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ("body: {a: 1}, form: {b: 2}", "only one of `body`, `form`, `body_base64` and `multipart` can be given"),
        ("cookies: keep, headers: {Cookie: a}", "both `cookies` and a Cookie header are given"),
    ],
)
def test_params_that_do_not_go_together_are_told_beside_a_url_with_a_template(params: str, message: str) -> None:
    call = f'{{name: A, type: http_call, params: {{url: "{{{{ env.API }}}}/orders", {params}}}}}'
    (problem,) = validate(load_text(f"name: s\nactions:\n  - {call}\n", "s.yaml"), BY_TYPE)
    assert message in problem.message
