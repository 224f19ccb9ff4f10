"""Names that are not there, or not yet."""

from __future__ import annotations

import pytest
from tests.unit.scenario.marking import ACTION, Find, marked

from awsit.actions.registry import BY_TYPE
from awsit.scenario.checks.validate import validate
from awsit.scenario.reading.load import load_text


@pytest.mark.parametrize(
    ("line", "mark", "message"),
    [
        (
            "{{ context.order_id }}",
            "context.order_id",
            "`context.order_id` is not captured by then: `Later` captures it",
        ),
        ("{{ context.own }}", "context.own", "`context.own` is not captured by then: `Now` captures it"),
        ("{{ context.tokn }}", "context.tokn", "nothing captures `context.tokn`; did you mean `token`?"),
        (
            "{{ context['tokn'] | default(1) }}",
            "context['tokn']",
            "nothing captures `context.tokn`; did you mean `token`?",
        ),
        (
            "{{ actions.Later.result }}",
            "actions.Later",
            "`actions.Later` has no result by then: it runs later, or beside this action",
        ),
        ("{{ actions.Frist.result }}", "actions.Frist", "there is no action `Frist`; did you mean `First`?"),
        ("{{ actions.Both.result }}", "actions.Both", "`Both` is a `parallel` and has no result of its own"),
        ("{{ vars.quantiti }}", "vars.quantiti", "there is no variable `quantiti`; did you mean `quantity`?"),
        ("{{ stack(vars.quantity) }}", "stack(vars.quantity)", "`stack()` needs the stack's name as a literal text"),
        ("{{ vars.quantity }", "}", "unexpected '}'"),
        ("{% if true %}", "{%", "`{% %}`"),
    ],
)
def test_names_in_templates(find: Find, line: str, mark: str, message: str) -> None:
    text = f"""\
name: s
variables: {{quantity: 2}}
actions:
  - {{name: First, type: wait, params: {{seconds: 1}}, pass_to_context: {{token: $}}}}
  - name: Both
    type: parallel
    params: {{branches: [[{{name: Left, type: wait, params: {{seconds: 1}}}}]]}}
  - name: Now
    type: http_call
    params: {{url: x, body: {{deep: ["{line}"]}}}}
    pass_to_context: {{own: $}}
  - {{name: Later, type: wait, params: {{seconds: 1}}, pass_to_context: {{order_id: $}}}}
"""
    (problem,) = find(text)
    assert message in problem.message
    assert problem.path == "actions[2].params.body.deep[0]"
    assert marked(text, problem) == mark


@pytest.mark.parametrize(
    ("tap", "message"),
    [
        ("Orders", None),
        ("'{{ vars.tap }}'", None),
        ("Order", "no `listen` is called `Order`; did you mean `Orders`?"),
        ("Pause", "no `listen` is called `Pause`; known here: `Each[0]`, `Each[1]`, `Orders`"),
        ("Later", "`Later` has not run by then: it runs later, or beside this action"),
        ("'Later[0]'", "no `listen` is called `Later[0]`; known here: `Each[0]`, `Each[1]`, `Orders`"),
        ("'Each[1]'", None),
        ("Each", "`Each` has a step for each item: write `Each[0]`"),
        ("Shop", "no `listen` is called `Shop`; known here: `Each[0]`, `Each[1]`, `Orders`"),
    ],
)
def test_the_tap_that_receive_names(tap: str, message: str | None) -> None:
    text = f"""\
name: s
variables: {{tap: Orders}}
actions:
  - {{name: Orders, type: listen, params: {{topic: t}}}}
  - {{name: Pause, type: wait, params: {{seconds: 1}}}}
  - {{name: Each, type: listen, for_each: {{item: [1, 2]}}, params: {{topic: t}}}}
  - {{name: Shop, type: mock, params: {{routes: []}}}}
  - {{name: Heard, type: receive, params: {{from: {tap}}}}}
  - {{name: Later, type: listen, params: {{topic: t}}}}
"""
    problems = validate(load_text(text, "s.yaml"), BY_TYPE)
    assert [each.message for each in problems] == ([] if message is None else [message])
    assert all(marked(text, each) == tap for each in problems)
    assert [each.hint for each in problems if each.hint] == ["it is a `mock`: name it in `mock`"] * (tap == "Shop")


@pytest.mark.parametrize(
    ("line", "mark", "message"),
    [
        ("{a: 1, b: '{{ context.a }}'}", None, None),
        ("{a: '{{ context.b }}', b: 1}", "context.b", "`context.b` has no value by then: `Now` computes it"),
        ("{a: '{{ context.a }}'}", "context.a", "`context.a` has no value by then: `Now` computes it"),
        ("{a: '{{ context.own }}'}", "context.own", "`context.own` is not captured by then: `Now` captures it"),
        ("{token: 1}", "1", "`context.token` gets a value from `First` too"),
        ("{own: 1}", "1", "`context.own` gets a value from `Now` too"),
        ("{later: 1}", "1", "`context.later` gets a value from `Later` too"),
        ("{a-b: 1}", "a-b", "must start with a letter or `_`"),
        ("{a: '{{ vars.quantiti }}'}", "vars.quantiti", "there is no variable `quantiti`; did you mean `quantity`?"),
        ("{a: '{{ 1 | intt }}'}", "intt", "unknown filter `intt`; did you mean `int`?"),
    ],
)
def test_names_in_let(find: Find, line: str, mark: str | None, message: str | None) -> None:
    text = f"""\
name: s
variables: {{quantity: 2}}
actions:
  - {{name: First, type: wait, params: {{seconds: 1}}, pass_to_context: {{token: $}}}}
  - name: Now
    type: http_call
    let: {line}
    params: {{url: x}}
    pass_to_context: {{own: $}}
  - {{name: Later, type: wait, params: {{seconds: 1}}, pass_to_context: {{later: $}}}}
"""
    problems = find(text)
    assert [marked(text, each) for each in problems] == ([] if mark is None else [mark])
    assert all(message in each.message for each in problems if message)


def test_the_condition_comes_before_let_and_everything_else_after_it(find: Find) -> None:
    own = "'{{ context.total > 1 }}'"
    text = f"""\
name: s
actions:
  - name: Now
    type: http_call
    when: {own}
    let: {{total: 1}}
    params: {{url: '{{{{ context.total }}}}'}}
    until: {{assert: [{{path: $, equals: {own}}}]}}
    assert: [{{path: $, equals: {own}}}]
    redact: [total]
    cleanup:
      - {{type: wait, let: {{seconds: '{{{{ context.total }}}}'}}, params: {{seconds: '{{{{ context.seconds }}}}'}}}}
    on_failure: [{{type: wait, params: {{seconds: '{{{{ context.total }}}}'}}}}]
assertions: [{{path: $.context.total, equals: 1}}]
"""
    (problem,) = find(text)
    assert (problem.path, problem.message) == (
        "actions[0].when",
        "`context.total` has no value by then: `Now` computes it",
    )


def test_branches_of_a_choice_may_compute_the_same_name_and_branches_side_by_side_may_not(find: Find) -> None:
    one, two = (f"{{name: {name}, type: wait, let: {{x: 1}}, params: {{seconds: 1}}}}" for name in "AB")
    choice = f"name: s\nactions: [{{name: C, type: choice, params: {{when: true, then: [{one}], else: [{two}]}}}}]\n"
    parallel = f"name: s\nactions: [{{name: P, type: parallel, params: {{branches: [[{one}], [{two}]]}}}}]\n"
    assert not [each for each in find(choice) if each.code == "duplicate_name"]
    assert [each.path for each in find(parallel) if each.code == "duplicate_name"] == [
        "actions[0].params.branches[0][0].let.x",
        "actions[0].params.branches[1][0].let.x",
    ]


def test_an_optional_name_may_come_later(find: Find) -> None:
    text = ACTION.replace("http://x", "{{ context.id | default('x') }}") + "    pass_to_context: {id: $}\n"
    assert find(text) == []


def test_a_branch_does_not_see_what_its_sibling_captures(find: Find) -> None:
    text = """\
name: s
actions:
  - name: Both
    type: parallel
    params:
      branches:
        - [{name: L, type: wait, params: {seconds: 1}, pass_to_context: {left: $}}]
        - [{name: R, type: wait, params: {seconds: "{{ context.left }} {{ actions.L.result }}"}}]
  - {name: After, type: wait, params: {seconds: "{{ context.left + actions.L.result }}"}}
"""
    assert [problem.path for problem in find(text)] == ["actions[0].params.branches[1][0].params.seconds"] * 2


def test_clean_up_sees_what_its_own_action_captured_and_nothing_later(find: Find) -> None:
    text = """\
name: s
actions:
  - name: A
    type: wait
    params: {seconds: 1}
    pass_to_context: {a: $}
    cleanup: [{type: wait, params: {seconds: "{{ context.a }}"}}, {type: wait, params: {seconds: "{{ context.b }}"}}]
    on_failure: [{type: wait, params: {seconds: "{{ context.b }}"}}]
  - {name: B, type: wait, params: {seconds: 1}, pass_to_context: {b: $}}
cleanup: [{type: wait, params: {seconds: "{{ context.b }}"}}]
"""
    assert [problem.path for problem in find(text)] == [
        "actions[0].cleanup[1].params.seconds",
        "actions[0].on_failure[0].params.seconds",
    ]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ('{a: "{{ vars.b }}", b: 1}', "`vars.b` has no value by then: it is defined later"),
        ('{a: "{{ vars.a }}"}', "`vars.a` has no value by then: it is defined later"),
        ('{a: "{{ context.x }}"}', "`context` is not known when variables get their values"),
        ("{a: \"{{ secret(1) }}{{ secret('x') }}\"}", "`secret()` is not known when variables get their values"),
    ],
)
def test_variables(find: Find, variables: str, message: str) -> None:
    text = ACTION.replace("{quantity: 2}", variables)
    assert message in [problem.message for problem in find(text)]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("$.actions.Aa.attempts", "there is no action `Aa`; did you mean `A`?"),
        ("$['actions']['Aa']", "there is no action `Aa`; did you mean `A`?"),
        ("$.context.x", "nothing captures `x`; there are none"),
        ("$.contxt.x", "final assertions have no `contxt`; did you mean `context`?"),
        ("$.body", "final assertions have no `body`; known here: `actions`, `context`, `run`"),
    ],
)
def test_final_assertions(find: Find, path: str, message: str) -> None:
    text = f'{ACTION}assertions:\n  - not: {{path: "{path}", exists: true}}\n'
    (problem,) = find(text)
    assert problem.message == message
    assert marked(text, problem) == f'"{path}"'


def test_final_assertions_may_look_at_anything_that_a_run_has(find: Find) -> None:
    paths = ["$.actions.A.status", "$.actions.*.attempts", "$..result", "$.run.id", "$.context", "$", "$.actions['A']"]
    checks = "".join(f'  - {{path: "{path}", exists: true}}\n' for path in paths)
    assert find(f"{ACTION}assertions:\n{checks}") == []


def test_names_are_used_once(find: Find) -> None:
    text = """\
name: s
setup: [{name: A, type: wait, params: {seconds: 1}, cleanup: [{name: Undo, type: wait, params: {seconds: 1}}]}]
actions:
  - name: P
    type: parallel
    params: {branches: [[{name: A, type: wait, params: {seconds: 1}}]]}
cleanup: [{name: Undo, type: wait, params: {seconds: 1}}]
"""
    (problem,) = find(text)
    assert problem.message == "the name `A` is taken by `setup[0]`"
    assert problem.path == "actions[0].params.branches[0][0].name"


def test_a_variable_that_redact_names_is_there(find: Find) -> None:
    (problem,) = find(f"{ACTION}    redact: [vars.quantity, vars.quantiti, env.CODE]\n")
    assert problem.message == "the scenario has no variable `quantiti`; did you mean `quantity`?"
    assert problem.path == "actions[0].redact[1]"


BESIDE = """
name: beside
actions:
  - {name: Orders, type: listen, params: {queue: q}}
  - name: Beside
    type: parallel
    params:
      LIMIT
      branches:
        - [{name: One, type: receive, params: {from: Orders, match: {body: 1}}}]
        - [{name: Two, type: receive, params: {from: Orders, match: OTHER}}]
"""


@pytest.mark.parametrize(
    ("other", "limit", "is_refused"),
    [
        ("{body: 1}", "max_concurrency: 2", True),
        ("{body: 1}", "max_concurrency: 1", False),
        ("{body: 2}", "max_concurrency: 2", False),
        ("{body: 1}, count: 0", "max_concurrency: 2", False),
    ],
)
def test_two_that_take_the_same_message_are_not_beside_each_other(other: str, limit: str, is_refused: bool) -> None:
    source = load_text(BESIDE.replace("OTHER", other).replace("LIMIT", limit), "s.yaml")

    found = [(problem.message, problem.path) for problem in validate(source, BY_TYPE)]

    message = "`Two` may take the message that `One`, beside it, takes"
    assert found == ([(message, "actions[1].params.branches[1][0].params")] if is_refused else [])
