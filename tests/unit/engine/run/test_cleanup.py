"""What a clean-up step does not find."""

import pytest
from botocore.exceptions import ClientError
from tests.unit.engine.table import TableAws
from tests.unit.engine.world import World, answer

from awsit.errors import ActionError, ErrorKind
from awsit.model.result import CleanupVerdict, Status

SCENARIO = """
name: gone
actions:
  - name: Make
    type: http_call
    params: {url: "http://api.test/things", method: PUT}
    cleanup:
      - {name: Remove, type: http_call, params: {url: "http://api.test/things", method: DELETE}}
"""
GONE = ActionError("there is no such thing", kind=ErrorKind.NOT_FOUND)


def test_what_a_service_says_is_gone_is_clean_and_not_tried_again() -> None:
    world = World(answer(200, {}), GONE)

    result = world.run(SCENARIO)

    assert result.cleanup.verdict is CleanupVerdict.CLEAN
    assert [step.status for step in result.cleanup.steps] == [Status.SKIPPED]
    assert result.cleanup.steps[0].error is not None
    assert result.cleanup.steps[0].error.code == "already_gone"
    assert len(world.http.requests) == 2


@pytest.mark.parametrize("status", [404, 410])
def test_a_404_is_believed_when_the_action_may_have_made_nothing(status: int) -> None:
    world = World(answer(500, {}), answer(status, {}))

    assert world.run(SCENARIO).cleanup.verdict is CleanupVerdict.CLEAN


def test_a_404_after_an_action_that_passed_may_be_a_wrong_url() -> None:
    world = World(answer(200, {}), answer(404, {}))

    result = world.run(SCENARIO)

    assert result.cleanup.verdict is CleanupVerdict.LEFT_BEHIND
    assert "404" in result.cleanup.left_behind[0].reason


TABLE = """
name: table
actions:
  - name: Put
    type: dynamodb
    params: {operation: put_item, table: orders, item: {id: "1"}}
    cleanup:
      - {name: Delete, type: dynamodb, params: {operation: delete_item, table: order, key: {id: "1"}}}
"""


def test_a_table_that_is_not_there_after_an_action_that_passed_may_be_a_wrong_name() -> None:
    aws = TableAws()

    def before(operation: str) -> None:
        if operation == "delete_item":
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "no table"}}, "DeleteItem")

    aws.before = before

    result = World(aws=aws).run(TABLE)

    assert [left.name for left in result.cleanup.left_behind] == ["Delete"]


CONDITIONAL = """
name: conditional
actions:
  - name: Make
    type: http_call
    params: {url: "http://api.test/things", method: PUT}
    on_failure:
      - {name: Look, type: http_call, when: false, params: {url: "http://api.test/never"}}
    cleanup:
      - {name: Bad, type: http_call, when: "{{ 1 }}", params: {url: "http://api.test/never", method: DELETE}}
      - {name: Never, type: http_call, when: "{{ actions.Make.status == 'passed' }}", params: {url: "http://api.test/never"}}
      - {name: Undo, type: http_call, when: "{{ actions.Make.status == 'failed' }}", params: {url: "http://api.test/undo"}}
"""


def test_clean_up_and_diagnostics_have_conditions_too() -> None:
    world = World(answer(500, {}), answer(200, {}))

    result = world.run(CONDITIONAL)

    told = [(step.name, step.status) for step in (*result.steps, *result.cleanup.steps)]
    assert told == [
        ("Make", Status.FAILED),
        ("Make.Look", Status.SKIPPED),
        ("Undo", Status.PASSED),
        ("Never", Status.SKIPPED),
        ("Bad", Status.ERROR),
    ]
    assert world.urls == ["PUT http://api.test/things", "GET http://api.test/undo"]
    assert [left.name for left in result.cleanup.left_behind] == ["Bad"]
