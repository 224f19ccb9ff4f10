"""Runs whose actions were refused, had no answer, or passed, with each way in which their clean-up may end."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from tests.unit.engine.table import TableAws
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.run.cleanup import call_follow_up
from awsit.engine.run.prepare import prepare
from awsit.engine.run.recover import Recovery, open_items
from awsit.engine.run.report import what_is_left
from awsit.engine.run.verify import FollowUp
from awsit.engine.step.call import call_step
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.http.fake import Answer
from awsit.model.codec import decode, encode
from awsit.model.plan import Phase
from awsit.model.result import CleanupOutcome, CleanupVerdict, RunResult, Status
from awsit.model.run import RunRequest
from awsit.scenario.reading.load import load_text

DONE, NOTHING = CleanupOutcome.DONE, CleanupOutcome.NOTHING_TO_UNDO
FAILED, MAYBE = CleanupOutcome.FAILED, CleanupOutcome.MAY_BE_THERE

LOST = ActionError("the connection failed", kind=ErrorKind.CONNECTION)
SLOW = ActionError("no complete answer within 30 s", kind=ErrorKind.TIMEOUT)
REFUSED_CONNECTION = ActionError("refused the connection", kind=ErrorKind.CONNECTION).with_effect(Effect.NONE)
MADE = answer(201, {"id": "o-1"})

BY_NAME = """
name: by_name
actions:
  - name: Make
    type: http_call
    params:
      url: "http://api.test/things"
      method: POST
      body: {name: "{{ run.id }}", password: hush-hush}
      expected_status: 201
    retry: {max_attempts: 2, retry_on: ["*"]}
    cleanup: [{name: Remove, type: http_call, params: {url: "http://api.test/things/{{ run.id }}", method: DELETE}}]
"""
BY_ID = BY_NAME.replace("    retry:", "    pass_to_context: {id: $.body.id}\n    retry:").replace(
    '{{ run.id }}", method', '{{ context.id }}", method'
)
ONCE_BY_NAME, ONCE_BY_ID = (each.replace("max_attempts: 2", "max_attempts: 1") for each in (BY_NAME, BY_ID))
GLOBAL_BY_ID = BY_ID.replace("    cleanup:", "cleanup:")
COMPUTED_BY_ID = BY_ID.replace("things/{{ context.id }}", "things/{{ context.key }}").replace(
    "{name: Remove,", '{name: Remove, let: {key: "{{ context.id }}"},'
)
GLOBAL_BY_NAME = BY_NAME.replace("    cleanup:", "cleanup:")


def outcomes(result: RunResult) -> list[CleanupOutcome | None]:
    return [step.outcome for step in result.cleanup.steps]


@pytest.mark.parametrize("scenario", [BY_NAME, BY_ID, GLOBAL_BY_ID, GLOBAL_BY_NAME])
@pytest.mark.parametrize(
    "refusal", [answer(400), answer(401), answer(404), answer(409), answer(422), REFUSED_CONNECTION]
)
@pytest.mark.parametrize("then", [answer(400), answer(404), answer(500), LOST])
def test_after_a_definite_refusal_nothing_is_left_however_the_clean_up_ends(
    scenario: str, refusal: Answer, then: Answer
) -> None:
    once = scenario.replace("max_attempts: 2", "max_attempts: 1")

    result = World(refusal, then).run(once)

    assert outcomes(result) == [NOTHING]
    assert result.cleanup.verdict is CleanupVerdict.CLEAN
    assert [step.status for step in result.cleanup.steps] == [Status.SKIPPED]


@pytest.mark.parametrize("unknown", [SLOW, LOST, *map(answer, (408, 425, 429, 500, 502, 503, 504))])
@pytest.mark.parametrize("then", [SLOW, answer(409), answer(400)])
def test_without_a_name_for_it_what_may_have_been_made_may_be_there(unknown: Answer, then: Answer) -> None:
    result = World(unknown, then).run(BY_ID)

    (left,) = result.cleanup.left_behind
    assert (left.name, left.outcome) == ("Remove", MAYBE)
    assert "not known" in left.reason
    looked_for = left.look_for[0]
    assert (looked_for.action, looked_for.type) == ("Make", "http_call")
    assert looked_for.request["url"] == "http://api.test/things"
    assert "hush-hush" not in str(encode(result))


def test_a_clean_up_that_can_be_rendered_runs_after_a_refusal_too() -> None:
    world = World(answer(422), answer(204))

    result = world.run(ONCE_BY_NAME)

    assert world.urls[-1] == f"DELETE http://api.test/things/{RUN_ID}"
    assert outcomes(result) == [DONE]


@pytest.mark.parametrize(
    ("action", "undoing", "wanted"),
    [
        (MADE, answer(204), DONE),
        (MADE, answer(403), FAILED),
        (MADE, answer(404), FAILED),
        (SLOW, answer(204), DONE),
        (SLOW, answer(404), NOTHING),
        (SLOW, answer(403), FAILED),
        (answer(504), answer(404), NOTHING),
        (answer(500), answer(404), NOTHING),
        (answer(500), answer(403), FAILED),
    ],
)
def test_what_an_action_did_decides_what_the_end_of_its_clean_up_means(
    action: Answer, undoing: Answer, wanted: CleanupOutcome
) -> None:
    result = World(action, undoing).run(ONCE_BY_NAME)

    assert outcomes(result) == [wanted]
    assert bool(result.cleanup.left_behind) is wanted.is_left


def test_what_was_made_and_not_captured_is_left() -> None:
    assert outcomes(World(answer(201, {})).run(BY_ID)) == [FAILED]


def test_an_expected_refusal_made_nothing() -> None:
    expected = BY_NAME.replace("expected_status: 201", "expected_status: 409")

    result = World(answer(409), answer(404)).run(expected)

    assert result.status == "passed"
    assert outcomes(result) == [NOTHING]


@pytest.mark.parametrize("limits", ["", "limits: {http: {api.test: 6/min}}"])
@pytest.mark.parametrize("lost", [LOST, answer(503)])
def test_an_attempt_without_an_answer_may_have_made_another_one_than_the_last(lost: Answer, limits: str) -> None:
    result = World(lost, MADE, answer(204)).run(f"{BY_ID}{limits}")

    assert [step.status for step in (*result.steps, *result.cleanup.steps)] == [Status.PASSED, Status.PASSED]
    (left,) = result.cleanup.left_behind
    assert (left.outcome, left.look_for[0].attempt) == (MAYBE, 1)


@pytest.mark.parametrize("first", [LOST, MADE])
@pytest.mark.parametrize("scenario", [BY_ID, GLOBAL_BY_ID, COMPUTED_BY_ID])
def test_another_thing_of_an_attempt_before_the_last_is_told_whoever_cleans_up(scenario: str, first: Answer) -> None:
    ready = "    assert: [{path: $.body.ready, equals: true}]\n    retry:"
    world = World(first, answer(201, {"id": "o-2", "ready": True}), answer(204))

    result = world.run(scenario.replace("    retry:", ready))

    assert result.status == "passed"
    assert world.urls[-1] == "DELETE http://api.test/things/o-2"
    (left,) = result.cleanup.left_behind
    assert (left.outcome, left.look_for[0].action, left.look_for[0].attempt) == (MAYBE, "Make", 1)


def test_a_token_of_a_repeated_sign_in_names_nothing_that_a_clean_up_takes_back() -> None:
    scenario = GLOBAL_BY_NAME.replace("    retry:", "    pass_to_context: {token: $.body.id}\n    retry:").replace(
        "method: DELETE", 'method: DELETE, headers: {Authorization: "{{ context.token }}"}'
    )

    assert outcomes(World(LOST, MADE, answer(204)).run(scenario)) == [DONE]


def test_what_is_polled_for_is_one_thing_however_often_it_was_looked_at() -> None:
    until = "    until: {timeout_seconds: 9, assert: [{path: $.body.ready, equals: true}]}\n    pass_to_context:"
    polled = BY_ID.replace("    pass_to_context:", until).replace('    retry: {max_attempts: 2, retry_on: ["*"]}\n', "")

    assert outcomes(World(MADE, answer(201, {"id": "o-1", "ready": True}), answer(204)).run(polled)) == [DONE]


@pytest.mark.parametrize("scenario", [BY_NAME, BY_ID.replace("method: POST", "method: PUT")])
def test_attempts_that_make_the_same_thing_are_undone_together(scenario: str) -> None:
    assert outcomes(World(LOST, MADE, answer(204)).run(scenario)) == [DONE]


def test_a_404_after_an_attempt_to_undo_that_had_no_answer_is_a_success() -> None:
    for lost in (LOST, answer(503)):
        assert outcomes(World(MADE, lost, answer(404)).run(BY_NAME)) == [NOTHING]


def test_an_attempt_to_undo_is_remembered_by_the_next_clean_up() -> None:
    world = World(MADE, LOST, LOST, LOST, answer(404))
    assert outcomes(world.run(BY_NAME)) == [FAILED]

    result = again(world)

    assert result is not None
    assert result.cleanup.verdict is CleanupVerdict.CLEAN


def test_what_had_no_answer_is_settled_when_its_time_is_over() -> None:
    world = World(SLOW, SLOW, answer(404))

    assert outcomes(world.run(BY_NAME)) == [NOTHING]
    assert world.clock.monotonic() >= 40


def again(world: World) -> RunResult | None:
    """What `awsit cleanup` does."""
    return Recovery(world.services, RUN_ID, "", 0, world.clock.monotonic() + 1000).finish()


def test_what_is_forgotten_is_neither_undone_nor_told_any_more() -> None:
    world = World(MADE, answer(403))
    world.run(BY_NAME)
    asked = len(world.http.requests)

    world.store.forget(RUN_ID)
    result = again(world)

    assert result is not None
    assert result.cleanup.verdict is CleanupVerdict.CLEAN
    assert [item.name for item in result.cleanup.forgotten] == ["Remove"]
    assert open_items(world.services, RUN_ID) == ()
    assert what_is_left(world.store, RUN_ID) == ()
    assert len(world.http.requests) == asked


def test_a_call_that_never_came_back_may_have_made_something() -> None:
    world = World(answer(204))
    prepared = begun(world, BY_ID)

    result = Recovery(world.services, prepared, "later", 100, world.clock.monotonic() + 1000).finish()

    assert result is not None
    (left,) = result.cleanup.left_behind
    assert left.outcome is MAYBE
    assert "not known" in left.look_for[0].message


def begun(world: World, scenario: str) -> str:
    """A run that was prepared, and whose first action was begun by a process that was killed."""
    request = RunRequest(RUN_ID, "it", load_text(scenario, "it.yaml").document)
    plan = prepare(world.services, request).plan
    world.store.begin(RUN_ID, 0, 1, world.clock.now().timestamp(), plan.steps[0].cleanup)
    return RUN_ID


@pytest.mark.parametrize(("action", "wanted"), [(MADE, [CleanupOutcome.NOT_TRIED]), (SLOW, [MAYBE]), (answer(422), [])])
def test_what_was_kept_is_left_unless_it_was_never_made(action: Answer, wanted: list[CleanupOutcome]) -> None:
    world = World(action)
    request = RunRequest(RUN_ID, "it", load_text(ONCE_BY_NAME, "it.yaml").document, keep=True)
    prepare(world.services, request)

    call_step(world.services, RUN_ID, 0, 1)

    assert [item.outcome for item in what_is_left(world.store, RUN_ID)] == wanted


IF_PASSED = """, when: "{{ actions.Make.status == 'passed' }}"}"""
IF_NOT = """, when: "{{ actions.Make.status != 'passed' }}"}"""


@pytest.mark.parametrize(
    ("action", "beside", "wanted"),
    [
        (SLOW, "", [MAYBE]),
        (answer(422), "", [NOTHING]),
        (MADE, IF_NOT, [NOTHING, DONE]),
        (SLOW, IF_NOT, [DONE, NOTHING]),
    ],
)
def test_what_was_not_needed_because_an_answer_was_lost_may_be_there(
    action: Answer, beside: str, wanted: list[CleanupOutcome]
) -> None:
    step = "{name: Remove, type: http_call, params: {url: 'http://api.test/things', method: DELETE}"
    steps = f"{step}{IF_PASSED}" + (f", {step}{beside}" if beside else "")
    scenario = f"{ONCE_BY_NAME.partition('    cleanup:')[0]}    cleanup: [{steps}]"

    assert outcomes(World(action, answer(204)).run(scenario)) == wanted


PUT = """
name: put
actions:
  - name: Put
    type: dynamodb
    params: {operation: put_item, table: t, item: {id: "1"}, condition_expression: attribute_not_exists(id)EXPECTED}
    cleanup: [{name: Delete, type: dynamodb, params: {operation: delete_item, table: t, key: {id: "1"}}}]
"""


def refused(code: str, status: int, retries: int = 0) -> ClientError:
    metadata = {"HTTPStatusCode": status, "RetryAttempts": retries}
    return ClientError({"Error": {"Code": code, "Message": code}, "ResponseMetadata": metadata}, "PutItem")


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (refused("ConditionalCheckFailedException", 400), NOTHING),
        (refused("AccessDeniedException", 400), NOTHING),
        (refused("ThrottlingException", 400), FAILED),
        (refused("InternalServerError", 500), FAILED),
        (refused("ConditionalCheckFailedException", 400, retries=1), FAILED),
    ],
)
@pytest.mark.parametrize("expected", ["", ', expect_error: "*"'])
def test_a_refusal_by_aws_is_definite_unless_it_is_throttling_or_not_the_first(
    error: ClientError, wanted: CleanupOutcome, expected: str
) -> None:
    aws = TableAws()

    def before(operation: str) -> None:
        raise error if operation == "put_item" else refused("AccessDeniedException", 400)

    aws.before = before

    assert outcomes(World(aws=aws).run(PUT.replace("EXPECTED", expected))) == [wanted]


def test_records_of_the_version_before_are_judged_by_their_status_and_error() -> None:
    for action, wanted in ((answer(422), NOTHING), (answer(500), MAYBE), (LOST, MAYBE)):
        world = World(action)
        world.run(ONCE_BY_ID)
        before = world.store.record(RUN_ID, Phase.ACTIONS, 0)
        assert before is not None
        document = encode(before)
        for name in ("uncertain", "rendered"):
            del document[name]
        for attempt in document["result"]["attempts"]:
            del attempt["effect"]
        old = World(action, store=type(world.store)())
        old.store.create(world.store.run(RUN_ID), world.store.plan(RUN_ID))
        old.store.finish(RUN_ID, decode(type(before), document), {}, None)

        call_follow_up(old.services, RUN_ID, FollowUp(Phase.CLEANUP, 0), 1)

        record = old.store.record(RUN_ID, Phase.CLEANUP, 0)
        assert record is not None
        assert record.result.outcome is wanted
