"""What did not hold is found again in the scenario's file."""

from awsit.model.result import AssertionResult, CleanupResult, ErrorInfo, RunResult, RunStatus, Status, StepResult
from awsit.records import replace
from awsit.reporting.terminal.positions import failures, position_of_step
from awsit.scenario.reading.load import load_text

SCENARIO = """\
name: orders
actions:
  - name: Read
    type: http_call
    params: {url: "http://orders.test"}
    assert:
      - {path: $.status, equals: 200}
      - {name: is shipped, path: $.body.status, equals: shipped}
    cleanup:
      - {type: http_call, params: {url: "http://orders.test"}}
  - name: Poll
    type: http_call
    params: {url: "http://orders.test"}
    until:
      assert: [{path: $.status, equals: 200}]
assertions:
  - {path: $.context.a, exists: true}
"""
HELD = AssertionResult(True, "equals", "$.status")
SHIPPED = AssertionResult(False, "equals", "$.body.status", "is shipped", source="actions[0].assert[1]")


def found(
    *steps: StepResult, cleanup: tuple[StepResult, ...] = (), assertions: tuple[AssertionResult, ...] = ()
) -> list:
    result = RunResult(
        "run-1", "orders", RunStatus.FAILED, "local", "", "", 0.0,
        steps=steps, assertions=assertions, cleanup=CleanupResult(steps=cleanup),
    )  # fmt: skip
    problems = failures(result, load_text(SCENARIO, "orders.yaml"))
    return [(each.position.line, each.position.column, each.message) for each in problems if each.position]


def step(source: str, status: Status, *assertions: AssertionResult, phase: str = "actions") -> StepResult:
    return StepResult(0, phase, "Read", "http_call", status, assertions=assertions, source=source)


def test_an_assertion_is_pointed_at_where_its_expected_value_stands() -> None:
    assert found(step("actions[0]", Status.FAILED, HELD, SHIPPED)) == [(8, 57, "Read: is shipped does not hold")]


def test_the_assertion_of_a_poll_is_found_too() -> None:
    never = AssertionResult(False, "equals", "$.status", source="actions[1].until.assert[0]")
    assert found(step("actions[1]", Status.FAILED, never)) == [(15, 41, "Read: `equals` at $.status does not hold")]


def test_an_action_without_a_result_is_pointed_at_by_its_name() -> None:
    assert found(step("actions[0]", Status.ERROR)) == [(3, 11, "Read could not be carried out")]


def test_an_assertion_that_does_not_know_its_place_is_not_guessed_at() -> None:
    unknown = AssertionResult(False, "equals", "$.body.status", "is shipped")
    assert found(step("actions[0]", Status.FAILED, unknown)) == [(3, 11, "Read failed")]


def test_an_unexpected_status_is_pointed_at_where_it_was_expected() -> None:
    text = SCENARIO.replace('{url: "http://orders.test"}', '{url: "http://orders.test", expected_status: 201}', 1)
    refused = replace(step("actions[0]", Status.FAILED), error=ErrorInfo("503", "answered 503"))
    position = position_of_step(refused, load_text(text, "orders.yaml"))
    assert position is not None
    assert (position.line, position.column, position.length) == (5, 58, 3)
    assert position_of_step(refused, load_text(SCENARIO, "orders.yaml")) == position_of_step(
        step("actions[0]", Status.ERROR), load_text(SCENARIO, "orders.yaml")
    )


def test_a_clean_up_that_has_no_name_is_pointed_at_where_it_begins() -> None:
    undo = step("actions[0].cleanup[0]", Status.ERROR, phase="cleanup")
    assert found(cleanup=(undo,)) == [(10, 9, "Read could not be carried out")]


def test_a_final_assertion_is_the_scenarios_own() -> None:
    missing = AssertionResult(False, "exists", "$.context.a", source="assertions[0]")
    assert found(assertions=(missing,)) == [(17, 33, "the scenario: `exists` at $.context.a does not hold")]


def test_steps_that_passed_and_steps_of_an_unknown_place_are_left_out() -> None:
    assert found(step("actions[0]", Status.PASSED, HELD), step("", Status.FAILED)) == []


def test_a_run_that_reads_what_its_stack_does_not_have_is_pointed_at_where_it_reads_it() -> None:
    source = load_text(SCENARIO.replace("http://orders.test", "{{ stack('orders').Url }}/orders", 1), "orders.yaml")
    message = (
        "the scenario reads `Url` of the stack orders, which has no such output or resource; did you mean `ApiUrl`?"
    )
    result = RunResult(
        "run-1", "orders", RunStatus.ERROR, "local", "", "", 0.0, error=ErrorInfo("missing_output", message)
    )
    (problem,) = failures(result, source)

    assert problem.position is not None
    assert (problem.position.line, problem.position.column) == (5, 19)
    for other in (ErrorInfo("other", message), ErrorInfo("missing_output", message.replace("orders,", "others,"))):
        assert failures(replace(result, error=other), source) == []
