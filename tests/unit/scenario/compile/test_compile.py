from __future__ import annotations

import pytest
from tests.unit.scenario.conftest import Compile, FakeStacks

from awsit.errors import InvalidInputError, MissingStackError
from awsit.model.codec import decode, encode
from awsit.model.plan import Branch, Phase, Plan, Retry, Segment, Until
from awsit.scenario.compile.compile import needed_env, required_env
from awsit.scenario.reading.load import load_text

PLAIN = """\
name: order
description: text
metadata: {version: "1.0", tags: [a, b], ticket: 12}
timeout_seconds: 60
variables: {quantity: 2}
setup: [{name: Prepare, type: wait, params: {seconds: 1}}]
actions:
  - name: Create
    type: http_call
    params: {url: "{{ stack('orders').ApiUrl }}/{{ vars.quantity }}"}
    pass_to_context: {order_id: $.body.id}
    assert: [{path: $.status, equals: 201}]
    when: "{{ vars.quantity > 1 }}"
    retry: {retry_on: [503, timeout]}
    timeout_seconds: 5
    continue_on_failure: true
    redact: [order_id]
    cleanup:
      - {type: wait, params: {seconds: "{{ context.order_id }}"}}
      - {name: Delete, type: wait, params: {seconds: 2}}
    on_failure:
      - {type: wait, params: {seconds: 3}}
      - {name: Dump, type: wait, params: {seconds: 4}}
  - name: Poll
    type: wait
    params: {seconds: 1}
    until: {assert: [{path: $.a, exists: true}], timeout_seconds: 9, interval_seconds: 0.5}
assertions: [{path: $.context.order_id, exists: true}]
cleanup: [{type: wait, params: {seconds: 5}}]
"""


def test_a_plain_scenario(compiled: Compile) -> None:
    plan = compiled(PLAIN)
    assert (plan.run_id, plan.scenario, plan.description, plan.tags) == ("run-1", "order", "text", ("a", "b"))
    assert (plan.timeout_seconds, plan.metadata["ticket"]) == (60.0, 12)
    assert [(step.index, step.name, step.phase) for step in plan.steps] == [
        (0, "Prepare", Phase.SETUP),
        (1, "Create", Phase.ACTIONS),
        (2, "Poll", Phase.ACTIONS),
        (3, "Create.on_failure[0]", Phase.ON_FAILURE),
        (4, "Create.Dump", Phase.ON_FAILURE),
    ]
    assert plan.segments == (Segment((Branch((0,)),)), Segment((Branch((1, 2)),)))
    assert [(step.index, step.name, step.source) for step in plan.cleanup] == [
        (0, "Create.cleanup[0]", "actions[0].cleanup[0]"),
        (1, "Delete", "actions[0].cleanup[1]"),
        (2, "cleanup[0]", "cleanup[0]"),
    ]
    assert plan.global_cleanup == (2,)
    assert plan.assertions == ({"path": "$.context.order_id", "exists": True},)


def test_a_step_holds_what_its_action_says_and_its_templates_as_they_are(compiled: Compile) -> None:
    _, create, poll, first, second = compiled(PLAIN).steps
    assert create.params == {"url": "{{ stack('orders').ApiUrl }}/{{ vars.quantity }}"}
    assert create.captures == {"order_id": "$.body.id"}
    assert create.assertions == ({"path": "$.status", "equals": 201},)
    assert create.when == "{{ vars.quantity > 1 }}"
    assert create.retry == Retry(max_attempts=3, retry_on=("503", "timeout"), is_own=True)
    assert (create.timeout_seconds, create.continue_on_failure, create.redact) == (5.0, True, ("order_id",))
    assert (create.cleanup, create.on_failure, create.source) == ((0, 1), (3, 4), "actions[0]")
    assert poll.until == Until(({"path": "$.a", "exists": True},), timeout_seconds=9.0, interval_seconds=0.5)
    assert poll.retry == Retry()
    assert (first.source, second.source) == ("actions[0].on_failure[0]", "actions[0].on_failure[1]")


def test_a_plan_survives_being_stored(compiled: Compile) -> None:
    plan = compiled(PLAIN)
    assert decode(Plan, encode(plan)) == plan


NESTED = """\
name: nested
actions:
  - {name: A, type: wait, params: {seconds: 1}}
  - name: Both
    type: parallel
    params:
      max_concurrency: 1
      branches:
        - - {name: L1, type: wait, params: {seconds: 1}, cleanup: [{type: wait, params: {seconds: 1}}]}
          - name: Pick
            type: choice
            params:
              when: "{{ run.id == 'x' }}"
              then: [{name: L2, type: wait, params: {seconds: 1}}]
              else:
                - name: Again
                  type: choice
                  params: {when: true, then: [{name: L3, type: wait, params: {seconds: 1}}]}
        - {name: right, actions: [{name: R, type: wait, params: {seconds: 1}}]}
  - name: Late
    type: choice
    params:
      when: "{{ run.id == 'x' }}"
      then:
        - name: Inner
          type: parallel
          params:
            branches:
              - [{name: I1, type: wait, params: {seconds: 1}}]
              - [{name: I2, type: wait, params: {seconds: 1}}]
        - {name: Z, type: wait, params: {seconds: 1}}
"""


def test_branches_become_segments_and_choices_conditions(compiled: Compile) -> None:
    plan = compiled(NESTED)
    names = [step.name for step in plan.steps]
    assert names == ["A", "L1", "Pick", "L2", "Again", "L3", "R", "Late", "I1", "I2", "Z"]
    assert plan.segments == (
        Segment((Branch((0,)),)),
        Segment((Branch((1, 2, 3, 4, 5)), Branch((6,))), max_concurrency=1),
        Segment((Branch((7,)),)),
        Segment((Branch((8,)), Branch((9,))), max_concurrency=2),
        Segment((Branch((10,)),)),
    )
    conditions = {step.name: dict(step.only_if) for step in plan.steps if step.only_if}
    assert conditions == {
        "L2": {"Pick": "then"},
        "Again": {"Pick": "else"},
        "L3": {"Pick": "else", "Again": "then"},
        "I1": {"Late": "then"},
        "I2": {"Late": "then"},
        "Z": {"Late": "then"},
    }
    assert plan.steps[2].params == {"when": "{{ run.id == 'x' }}"}
    sources = {step.name: step.source for step in plan.steps}
    assert sources["L3"] == "actions[1].params.branches[0][1].params.else[0].params.then[0]"
    assert sources["R"] == "actions[1].params.branches[1].actions[0]"
    assert [step.name for step in plan.steps if step.keep_result] == ["Pick", "Again", "Late"]


@pytest.mark.parametrize(
    ("assertion", "kept"),
    [
        ("{path: $.run.id, exists: true}", []),
        ("{path: $.context, exists: true}", []),
        ("{path: $.actions.B.result.x, exists: true}", ["B"]),
        ("{path: \"$['actions']['B'].result\", exists: true}", ["B"]),
        ('{path: $.run.id, equals: "{{ actions.C.result }}"}', ["C"]),
        ("{not: {path: $.actions.C.result, exists: true}}", ["C"]),
        ("{path: $.actions.*.result, exists: true}", ["A", "B", "C"]),
        ("{path: $..result, exists: true}", ["A", "B", "C"]),
        ("{path: $, exists: true}", ["A", "B", "C"]),
        ('{path: "$.actions.{{ run.id }}.result", exists: true}', ["A", "B", "C"]),
    ],
)
def test_results_are_kept_for_those_who_read_them(compiled: Compile, assertion: str, kept: list[str]) -> None:
    waits = "".join(f"  - {{name: {name}, type: wait, params: {{seconds: 1}}}}\n" for name in "ABC")
    plan = compiled(f"name: s\nactions:\n{waits}assertions:\n  - {assertion}\n")
    assert [step.name for step in plan.steps if step.keep_result] == kept


def test_a_step_names_the_results_that_its_templates_read(compiled: Compile) -> None:
    plan = compiled("""\
name: s
actions:
  - {name: A, type: wait, params: {seconds: 1}}
  - {name: B, type: wait, params: {seconds: 1}}
  - name: C
    type: wait
    params: {seconds: "{{ actions.A.result.x }}"}
    when: "{{ actions['B'].status == 'passed' }}"
    on_failure: [{type: wait, params: {seconds: "{{ actions.A.attempts }}"}}]
    cleanup: [{type: wait, params: {seconds: "{{ actions.C.result }}"}}]
""")
    assert [step.uses_results for step in plan.steps] == [(), (), ("A", "B"), ("A",)]
    assert [step.keep_result for step in plan.steps] == [True, True, True, False]
    assert plan.cleanup[0].uses_results == ("C",)


def test_stacks_that_are_named_anywhere_are_read_once(compiled: Compile, stacks: FakeStacks) -> None:
    plan = compiled("""\
name: s
variables: {url: "{{ stack('orders').ApiUrl }}"}
actions:
  - {name: A, type: http_call, params: {url: "{{ stack('orders').ApiUrl }}", body: "{{ stack('stock').Table }}"}}
cleanup: [{type: http_call, params: {url: "{{ stack('users').ApiUrl }}"}}]
""")
    assert stacks.read == ["orders", "stock", "users"]
    assert plan.stacks["stock"]["Table"] == "stock-table"
    assert plan.variables == {"url": "https://orders.example.com"}


def test_a_stack_that_is_not_there(compiled: Compile) -> None:
    with pytest.raises(MissingStackError, match="there is no stack missing"):
        compiled("name: s\nactions: [{name: A, type: http_call, params: {url: \"{{ stack('missing').Url }}\"}}]")


def test_only_the_environment_that_is_named_enters_the_plan(compiled: Compile) -> None:
    text = 'name: s\nactions: [{name: A, type: http_call, params: {url: "{{ env.HOST }}/{{ env.P | default(1) }}"}}]'
    assert compiled(text, env={"HOST": "h", "HOME": "secret"}).env == {"HOST": "h"}
    assert compiled(text, env={"HOST": "h", "P": ""}).env == {"HOST": "h", "P": ""}
    document = load_text(text).document
    assert (needed_env(document), required_env(document)) == ({"HOST", "P"}, {"HOST"})
    assert needed_env([]) == set()


def test_a_missing_environment_variable_is_named(compiled: Compile) -> None:
    with pytest.raises(InvalidInputError) as caught:
        compiled('name: s\nactions: [{name: A, type: http_call, params: {url: "{{ env.HOST }}/{{ env.PATH }}"}}]')
    assert [problem.message for problem in caught.value.problems] == [
        "the environment variable `HOST` is not set",
        "the environment variable `PATH` is not set",
    ]
    assert caught.value.hint == "set it before the run: export HOST=..."


def test_a_scenario_that_is_not_valid_is_not_compiled(compiled: Compile, stacks: FakeStacks) -> None:
    with pytest.raises(InvalidInputError) as caught:
        compiled("name: s\nactions: [{name: A, type: wat, params: {x: \"{{ stack('orders').ApiUrl }}\"}}]")
    assert caught.value.problems[0].path == "actions[0].type"
    assert stacks.read == []


def with_missing_output(text: str) -> str:
    """A scenario with READS, which reads an output that is not there, and PAUSE, which does not."""
    output = "{{ stack('orders').ApiUrll }}"
    reads = f'type: http_call, params: {{url: "{output}"}}'
    text = text.replace("READS", reads).replace("PAUSE", "type: wait, params: {seconds: 0}")
    return f"name: s\n{text.replace('OUTPUT', output)}\n"


@pytest.mark.parametrize(
    "text",
    [
        "actions: [{name: A, READS}]",
        "actions: [{name: A, READS, when: true}]",
        "setup: [{name: A, READS}]\nactions: [{name: B, PAUSE}]",
        "actions: [{name: A, PAUSE, cleanup: [{READS}]}]",
        "actions: [{name: A, PAUSE}]\ncleanup: [{READS}]",
        "actions: [{name: P, type: parallel, params: {branches: [[{name: A, READS}], [{name: B, PAUSE}]]}}]",
        'actions: [{name: A, PAUSE}]\nvariables: {url: "OUTPUT"}',
        'actions: [{name: A, PAUSE}]\nassertions: [{path: $.run.id, equals: "OUTPUT"}]',
        'actions: [{name: A, PAUSE, assert: [{path: $.a, equals: "OUTPUT"}]}]',
    ],
)
def test_an_output_that_is_not_there_is_found_before_anything_runs(compiled: Compile, text: str) -> None:
    scenario = with_missing_output(text)
    with pytest.raises(MissingStackError, match=r"`ApiUrll` of the stack orders.*did you mean `ApiUrl`\?"):
        compiled(scenario)
    assert compiled(scenario.replace(".ApiUrll", ".Absent | default('http://x')"))


@pytest.mark.parametrize(
    "text",
    [
        "actions: [{name: A, READS, when: '{{ run.id == 1 }}'}]",
        "actions: [{name: C, type: choice, params: {when: '{{ run.id == 1 }}', then: [{name: A, READS}]}}]",
        (
            "actions:\n  - name: C\n    type: choice\n"
            "    params: {when: '{{ run.id != 1 }}', then: [{name: A, PAUSE}], else: [{name: B, READS}]}"
        ),
        "actions: [{name: A, PAUSE, on_failure: [{READS}]}]",
        "actions: [{name: A, PAUSE, when: '{{ run.id == 1 }}', cleanup: [{READS}]}]",
        "actions: [{name: A, PAUSE}]\ncleanup: [{READS, when: '{{ run.id == 1 }}'}]",
    ],
)
def test_an_output_that_may_never_be_read_may_be_absent(compiled: Compile, text: str) -> None:
    assert compiled(with_missing_output(text))
