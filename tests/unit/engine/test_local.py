"""What a scenario means, told by running it."""

import threading

import pytest
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.errors import ActionError, ErrorKind
from awsit.model.events import (
    CleanupFinished,
    CleanupStarted,
    RunFinished,
    RunStarted,
    StepAttempted,
    StepFinished,
    StepStarted,
)
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.result import CleanupVerdict, RunStatus, Status

PASSING = """
name: order_is_stored
variables: {product: book}
actions:
  - name: Create
    type: http_call
    params: {url: "http://api.test/orders", method: POST, body: {product: "{{ vars.product }}", run: "{{ run.id }}"}}
    pass_to_context: {order_id: $.body.id}
    assert: [{path: $.status, equals: 201}]
    cleanup:
      - {name: Delete, type: http_call, params: {url: "http://api.test/orders/{{ context.order_id }}", method: DELETE}}
  - name: Read
    type: http_call
    params: {url: "http://api.test/orders/{{ context.order_id }}"}
    assert: [{path: $.body, matches: {id: "#number", product: book}}]
assertions:
  - {name: created once, path: $.actions.Create.attempts, equals: 1}
  - {path: $.context.order_id, equals: 7}
cleanup:
  - {name: Reset, type: http_call, params: {url: "http://api.test/reset", method: POST}}
"""


def test_a_run_passes_its_context_on_checks_and_undoes_newest_first() -> None:
    world = World(answer(201, {"id": 7}), answer(200, {"id": 7, "product": "book"}), answer(204), answer(204))

    result = world.run(PASSING)

    assert result.status is RunStatus.PASSED, result
    assert world.urls == [
        "POST http://api.test/orders",
        "GET http://api.test/orders/7",
        "DELETE http://api.test/orders/7",
        "POST http://api.test/reset",
    ]
    assert [step.status for step in result.steps] == [Status.PASSED, Status.PASSED]
    assert result.steps[0].captured == {"order_id": 7}
    assert result.context == {"order_id": 7}
    assert [check.passed for check in result.assertions] == [True, True]
    assert result.cleanup.verdict is CleanupVerdict.CLEAN
    assert [step.name for step in result.cleanup.steps] == ["Delete", "Reset"]


def test_events_tell_of_every_step_in_order() -> None:
    world = World(answer(201, {"id": 7}), answer(200, {"id": 7, "product": "book"}), answer(204))

    events = world.events(PASSING)

    told = [(type(event), getattr(event, "name", "")) for event in events]
    assert [kind for kind, _ in told] == [
        RunStarted, StepStarted, StepFinished, StepStarted, StepFinished,
        CleanupStarted, StepStarted, StepFinished, StepStarted, StepFinished, CleanupFinished, RunFinished,
    ]  # fmt: skip
    assert isinstance(events[0], RunStarted)
    assert events[0].total_steps == 2


def test_a_failed_assertion_stops_the_actions_and_still_cleans_up() -> None:
    world = World(answer(200, {"id": 7}), answer(204))

    result = world.run(PASSING)

    assert result.status is RunStatus.FAILED
    assert [step.status for step in result.steps] == [Status.FAILED, Status.SKIPPED]
    failed = next(check for check in result.steps[0].assertions if not check.passed)
    assert (failed.path, failed.expected, failed.actual) == ("$.status", 201, 200)
    assert result.assertions == ()
    assert world.urls[1:] == ["DELETE http://api.test/orders/7", "POST http://api.test/reset"]


def test_an_action_that_was_never_tried_is_not_undone() -> None:
    world = World(answer(500, {"message": "no"}), answer(204))

    result = world.run(
        PASSING.replace(
            "  - name: Create",
            "  - {name: First, type: http_call, params: {url: 'http://api.test/'}}\n  - name: Create",
        )
    )

    assert result.status is RunStatus.FAILED
    assert world.urls == ["GET http://api.test/", "POST http://api.test/reset"]
    assert "500" in (result.error.message if result.error else "")


def test_a_final_assertion_that_fails_fails_the_run() -> None:
    world = World(answer(201, {"id": 8}), answer(200, {"id": 8, "product": "book"}), answer(204))

    result = world.run(PASSING)

    assert result.status is RunStatus.FAILED
    assert [check.passed for check in result.assertions] == [True, False]


def test_clean_up_that_fails_is_retried_recorded_and_stops_nothing() -> None:
    refused = ActionError("refused", kind=ErrorKind.CONNECTION)
    world = World(
        answer(201, {"id": 7}), answer(200, {"id": 7, "product": "book"}), refused, refused, refused, answer(204)
    )

    result = world.run(PASSING)

    assert result.status is RunStatus.PASSED
    assert result.cleanup.verdict is CleanupVerdict.LEFT_BEHIND
    assert [(left.name, left.reason) for left in result.cleanup.left_behind] == [("Delete", "refused")]
    assert result.cleanup.left_behind[0].params["url"] == "http://api.test/orders/7"
    assert world.urls[-1] == "POST http://api.test/reset"
    assert len(result.cleanup.steps[0].attempts) == 3


def test_what_a_clean_up_cannot_know_is_left_behind() -> None:
    world = World(answer(201, {"no": "id"}), answer(204))

    result = world.run(PASSING)

    assert result.status is RunStatus.FAILED
    assert result.cleanup.verdict is CleanupVerdict.LEFT_BEHIND
    assert "order_id" in result.cleanup.left_behind[0].reason


RETRYING = """
name: retrying
actions:
  - name: Read
    type: http_call
    params: {url: "http://api.test/"}
    retry: {max_attempts: 3, interval_seconds: 2, jitter: false}
"""


def test_a_transient_error_is_retried_with_backoff() -> None:
    slow = ActionError("too slow", kind=ErrorKind.TIMEOUT)
    world = World(slow, answer(503, {}), answer(200, {}))

    result = world.run(RETRYING)

    assert result.status is RunStatus.PASSED
    assert [attempt.status for attempt in result.steps[0].attempts] == [Status.ERROR, Status.FAILED, Status.PASSED]
    assert [attempt.delay_seconds for attempt in result.steps[0].attempts] == [2, 4, None]
    assert world.clock.slept == [2, 4]


def test_a_retry_gives_up_after_its_last_attempt() -> None:
    world = World(ActionError("nobody there", kind=ErrorKind.CONNECTION))

    result = world.run(RETRYING)

    assert result.status is RunStatus.ERROR
    assert len(world.http.requests) == 3
    assert result.steps[0].error is not None
    assert result.steps[0].error.code == "connection"


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_terminal_answer_is_not_retried(status: int) -> None:
    world = World(answer(status, {}))

    assert world.run(RETRYING).status is RunStatus.FAILED
    assert len(world.http.requests) == 1


def test_retry_after_is_honoured_within_the_cap() -> None:
    world = World(answer(503, {}, retry_after="20"), answer(200, {}))

    world.run(RETRYING)

    assert world.clock.slept == [20]


POLLING = """
name: polling
actions:
  - name: Wait
    type: http_call
    params: {url: "http://api.test/"}
    until:
      assert: [{path: $.body.status, equals: done}]
      fail_when: [{path: $.body.status, equals: rejected}]
      timeout_seconds: 5
      interval_seconds: 2
    pass_to_context: {at: $.body.at}
"""


def test_until_polls_and_does_not_wait_after_success() -> None:
    world = World(answer(404, {}), answer(200, {"status": "busy"}), answer(200, {"status": "done", "at": 3}))

    events = world.events(POLLING)

    result = events[-1].result  # type: ignore[union-attr]
    assert result.status is RunStatus.PASSED
    assert result.context == {"at": 3}
    assert world.clock.slept == [2, 2]
    assert sum(isinstance(event, StepAttempted) for event in events) == 2


def test_until_ends_with_what_it_saw_last() -> None:
    world = World(answer(200, {"status": "busy"}))

    result = world.run(POLLING)

    assert result.status is RunStatus.FAILED
    error = result.steps[0].error
    assert error is not None
    assert error.code == "until_timeout"
    assert "3 attempts" in error.message
    assert result.steps[0].assertions[0].actual == "busy"


def test_fail_when_ends_a_poll_at_once() -> None:
    world = World(answer(200, {"status": "rejected"}))

    result = world.run(POLLING)

    assert result.status is RunStatus.FAILED
    assert world.clock.slept == []
    assert result.steps[0].error is not None
    assert "fail_when" in result.steps[0].error.code


def test_a_wait_is_one_attempt_and_waits_once() -> None:
    world = World()

    result = world.run("name: waiting\nactions: [{name: Pause, type: wait, params: {seconds: 30}}]")

    assert result.status is RunStatus.PASSED
    assert world.clock.slept == [30]
    assert len(result.steps[0].attempts) == 1
    assert result.steps[0].duration_seconds == 30


def test_when_and_choice_decide_what_is_tried() -> None:
    world = World(answer(200, {"kind": "gift"}))

    result = world.run("""
name: choosing
actions:
  - {name: Read, type: http_call, params: {url: "http://api.test/"}, pass_to_context: {kind: $.body.kind}}
  - {name: Never, type: http_call, params: {url: "http://api.test/never"}, when: "{{ context.kind == 'sale' }}"}
  - name: Which
    type: choice
    params:
      when: "{{ context.kind == 'gift' }}"
      then: [{name: Wrap, type: http_call, params: {url: "http://api.test/wrap"}}]
      else: [{name: Send, type: http_call, params: {url: "http://api.test/send"}}]
""")

    assert result.status is RunStatus.PASSED, result
    assert world.urls == ["GET http://api.test/", "GET http://api.test/wrap"]
    told = {step.name: step.status for step in result.steps}
    assert told == {
        "Read": Status.PASSED, "Never": Status.SKIPPED, "Which": Status.PASSED,
        "Wrap": Status.PASSED, "Send": Status.SKIPPED,
    }  # fmt: skip


def test_soft_failures_let_the_run_go_on_and_fail_it() -> None:
    world = World(answer(200, {"a": 1}))

    result = world.run("""
name: soft
actions:
  - name: A
    type: http_call
    params: {url: "http://api.test/a"}
    assert: [{path: $.body.a, equals: 2}]
    continue_on_failure: true
  - {name: B, type: http_call, params: {url: "http://api.test/b"}}
""")

    assert result.status is RunStatus.FAILED
    assert [step.status for step in result.steps] == [Status.FAILED, Status.PASSED]


def test_branches_run_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=30)

    def meet(_: object) -> object:
        meeting.wait()
        return answer(200, {})

    world = World(meet)  # type: ignore[arg-type]

    result = world.run("""
name: side_by_side
actions:
  - name: Both
    type: parallel
    params:
      branches:
        - [{name: A, type: http_call, params: {url: "http://api.test/a"}}]
        - [{name: B, type: http_call, params: {url: "http://api.test/b"}}]
""")

    assert result.status is RunStatus.PASSED, result


def test_a_scenario_that_is_wrong_gives_a_run_that_says_so() -> None:
    result = World().run("name: wrong\nactions: [{name: A, type: http_cal, params: {}}]")

    assert result.status is RunStatus.ERROR
    assert result.error is not None
    assert "http_cal" in result.error.message
    assert result.steps == ()


def test_a_run_that_lasts_too_long_times_out_and_cleans_up() -> None:
    world = World(answer(200, {}))

    result = world.run("""
name: long
timeout_seconds: 10
actions:
  - {name: Pause, type: wait, params: {seconds: 11}}
  - {name: Never, type: http_call, params: {url: "http://api.test/"}}
cleanup: [{name: Reset, type: http_call, params: {url: "http://api.test/reset"}}]
""")

    assert result.status is RunStatus.TIMED_OUT
    assert world.urls == ["GET http://api.test/reset"]


def test_an_action_that_the_end_of_the_run_cuts_short_has_timed_out_with_it() -> None:
    def slow(request: HttpRequest) -> HttpResponse:
        world.clock.sleep(request.timeout_seconds)
        raise ActionError("no answer", kind=ErrorKind.TIMEOUT)

    world = World(slow)

    result = world.run("""
name: long
timeout_seconds: 10
actions:
  - name: Slow
    type: http_call
    params: {url: "http://api.test/"}
    retry: {max_attempts: 3, retry_on: [timeout]}
""")

    assert result.status is RunStatus.TIMED_OUT
    assert result.error is not None
    assert "the run's time was over" in result.error.message.lower()
    assert len(world.http.requests) == 1


def test_secrets_and_redacted_values_are_shown_nowhere() -> None:
    world = World(
        answer(200, {"token": "t0p-s3cret-token", "echo": "basic c4nary"}),
        answer(200, {"seen": "t0p-s3cret-token"}),
        secrets={"login": {"password": "c4nary"}},
    )

    events = world.events("""
name: secretive
actions:
  - name: Login
    type: http_call
    params:
      url: "http://api.test/login?p={{ secret('login').password }}"
      method: POST
      body: {anything: "{{ secret('login').password }}"}
    pass_to_context: {token: $.body.token}
    redact: [token]
  - name: Use
    type: http_call
    params: {url: "http://api.test/use", headers: {X-Session: "{{ context.token }}"}}
    assert: [{path: $.body.seen, equals: "{{ context.token }} "}]
""")

    assert world.http.requests[1].headers["X-Session"] == "t0p-s3cret-token"
    told = repr(events)
    assert "t0p-s3cret-token" not in told
    assert "c4nary" not in told


def test_a_token_that_was_fetched_is_shown_nowhere_not_even_by_a_later_step() -> None:
    world = World(
        answer(200, {"access_token": "0paque-t0ken"}),
        answer(200, {"mirror": ["0paque-t0ken"]}),
        answer(500, {"seen": "0paque-t0ken"}),
    )

    events = world.events("""
name: tokens
actions:
  - name: Read
    type: http_call
    params:
      url: http://api.test
      auth: {oauth2: {token_url: "http://auth.test/token", client_id: me, client_secret: hush-hush}}
    pass_to_context: {mirror: "$.body.mirror[0]"}
  - name: Use
    type: http_call
    params: {url: "http://api.test/{{ actions.Read.result.body.mirror[0] }}", headers: {X-S: "{{ context.mirror }}"}}
assertions: [{path: "$.actions.Read.result.body.mirror[0]", equals: another}]
""")

    assert world.http.requests[1].headers["Authorization"] == "Bearer 0paque-t0ken"
    assert world.urls[2] == "GET http://api.test/0paque-t0ken"
    assert "0paque-t0ken" not in repr(events)
    assert "0paque-t0ken" not in repr(world.logged)


def test_diagnostics_of_a_failed_action_run_before_clean_up() -> None:
    world = World(answer(500, {}), answer(200, {}))

    world.run("""
name: diagnosed
actions:
  - name: A
    type: http_call
    params: {url: "http://api.test/a"}
    on_failure: [{name: Look, type: http_call, params: {url: "http://api.test/look"}}]
    cleanup: [{name: Undo, type: http_call, params: {url: "http://api.test/undo"}}]
""")

    assert world.urls == ["GET http://api.test/a", "GET http://api.test/look", "GET http://api.test/undo"]


def test_a_response_is_data_and_is_never_rendered() -> None:
    world = World(answer(200, {"text": "{{ 6 * 7 }}"}), answer(200, {}))

    world.run("""
name: data
actions:
  - {name: A, type: http_call, params: {url: "http://api.test/a"}, pass_to_context: {text: $.body.text}}
  - {name: B, type: http_call, params: {url: "http://api.test/b", method: POST, body: {told: "{{ context.text }}"}}}
""")

    assert world.http.requests[1].body == b'{"told":"{{ 6 * 7 }}"}'


def test_the_run_id_is_the_one_that_was_asked_for() -> None:
    assert World(answer(200, {})).run(RETRYING).run_id == RUN_ID
