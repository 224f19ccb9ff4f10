"""What did not hold is found again in the scenario's file."""

from awsit.model.result import AssertionResult, CleanupResult, RunResult, RunStatus, Status, StepResult
from awsit.pytest_plugin.places import places
from awsit.scenario.load import load_text

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
SHIPPED = AssertionResult(False, "equals", "$.body.status", "is shipped")


def found(
    *steps: StepResult, cleanup: tuple[StepResult, ...] = (), assertions: tuple[AssertionResult, ...] = ()
) -> list:
    result = RunResult(
        "run-1", "orders", RunStatus.FAILED, "local", "", "", 0.0,
        steps=steps, assertions=assertions, cleanup=CleanupResult(steps=cleanup),
    )  # fmt: skip
    problems = places(result, load_text(SCENARIO, "orders.yaml"))
    return [(each.position.line, each.position.column, each.message) for each in problems if each.position]


def step(source: str, status: Status, *assertions: AssertionResult, phase: str = "actions") -> StepResult:
    return StepResult(0, phase, "Read", "http_call", status, assertions=assertions, source=source)


def test_an_assertion_is_pointed_at_where_its_expected_value_stands() -> None:
    assert found(step("actions[0]", Status.FAILED, HELD, SHIPPED)) == [(8, 57, "Read: is shipped does not hold")]


def test_the_assertion_of_a_poll_is_found_too() -> None:
    never = AssertionResult(False, "equals", "$.status")
    assert found(step("actions[1]", Status.FAILED, never)) == [(15, 41, "Read: `equals` at $.status does not hold")]


def test_an_action_without_a_result_is_pointed_at_by_its_name() -> None:
    assert found(step("actions[0]", Status.ERROR)) == [(3, 11, "Read could not be carried out")]


def test_assertions_that_were_not_all_checked_are_not_guessed_at() -> None:
    assert found(step("actions[0]", Status.FAILED, SHIPPED)) == [(3, 11, "Read failed")]


def test_a_clean_up_that_has_no_name_is_pointed_at_where_it_begins() -> None:
    undo = step("actions[0].cleanup[0]", Status.ERROR, phase="cleanup")
    assert found(cleanup=(undo,)) == [(10, 9, "Read could not be carried out")]


def test_a_final_assertion_is_the_scenarios_own() -> None:
    missing = AssertionResult(False, "exists", "$.context.a")
    assert found(assertions=(missing,)) == [(17, 33, "the scenario: `exists` at $.context.a does not hold")]


def test_steps_that_passed_and_steps_of_an_unknown_place_are_left_out() -> None:
    assert found(step("actions[0]", Status.PASSED, HELD), step("", Status.FAILED)) == []
