"""Texts from elsewhere, masked as the reports of a run are."""

from collections.abc import Callable

import pytest
from tests.unit.engine.world import RUN_ID, FakeSecrets, World, answer

from awsit.engine.step.masker import masker
from awsit.errors import ActionError
from awsit.model.run import RunRequest
from awsit.model.sources import StoredParameter
from awsit.scenario.reading.load import load_text

TEXT = """
name: login
variables: {password: hush-hush}
actions:
  - name: Login
    type: http_call
    params:
      url: "http://api.test"
      headers: {key: "{{ secret('key') }}", level: "{{ parameter('level') }}", pin: "{{ parameter('pin') }}"}
    pass_to_context: {ticket: $.body.ticket}
    redact: [ticket]
"""


def test_variables_captures_and_secrets_are_masked() -> None:
    parameters = {"level": StoredParameter("high-level", False), "pin": StoredParameter("encrypted-pin", True)}
    secrets = FakeSecrets({"key": "open-sesame"}, parameters)
    world = World(answer(200, {"ticket": "t-12345"}), secrets=secrets.secrets, parameters=parameters)
    world.run(TEXT)
    request = RunRequest(RUN_ID, "login", load_text(TEXT, "login.yaml").document)

    masked = masker(world.store, secrets, request)

    assert masked("hush-hush t-12345 open-sesame encrypted-pin high-level") == "*** *** *** *** high-level"


def test_a_token_is_masked() -> None:
    request = RunRequest(RUN_ID, "pay", load_text(REPORTED, "pay.yaml").document)
    world = World(answer(200, {"card": "4111-1111"}))
    world.run(REPORTED)

    assert masker(world.store, FakeSecrets(), request, frozenset({"a-t0ken"}))("got a-t0ken") == "got ***"


def test_a_secret_that_cannot_be_read_is_an_error() -> None:
    request = RunRequest(RUN_ID, "login", load_text(TEXT, "login.yaml").document)
    world = World()
    world.run(TEXT)

    with pytest.raises(ActionError, match="there is no secret key"):
        masker(world.store, FakeSecrets(), request)


REPORTED = """
name: pay
actions:
  - name: Pay
    type: http_call
    params: {url: "http://api.test", method: POST, headers: {X-Password: in-the-header}, body: {api_key: in-the-body}}
    redact: [$.body.card]
assertions: [{path: $.actions.Pay.result.body.token, equals: in-the-answer}]
"""


def masker_after(text: str) -> Callable[[str], str]:
    world = World(answer(200, {"card": "4111-1111", "token": "in-the-answer"}))
    world.run(text)
    return masker(world.store, FakeSecrets(), RunRequest(RUN_ID, "pay", load_text(text, "pay.yaml").document))


def test_what_the_report_masks_by_its_name_or_by_redact_is_masked() -> None:
    masked = masker_after(REPORTED)

    assert masked("in-the-header in-the-body in-the-answer 4111-1111 else") == "*** *** *** *** else"


def test_what_a_template_puts_where_the_name_is_that_of_a_secret_is_masked() -> None:
    text = REPORTED.replace("in-the-header", "'{{ context.ref }}', authorization: 'Bearer {{ vars.grant }}'")
    text = (
        text.replace("in-the-body", "'{{ uuid() }}'")
        + """
variables: {grant: given-by-hand}
setup:
  - {name: Ask, type: http_call, params: {url: "http://api.test"}, pass_to_context: {ref: $.body.ref}}
"""
    )
    world = World(answer(200, {"ref": "of-the-answer"}), answer(200, {"card": "4111-1111"}))
    world.run(text)

    masked = masker(world.store, FakeSecrets(), RunRequest(RUN_ID, "pay", load_text(text, "pay.yaml").document))

    assert masked("of-the-answer given-by-hand") == "*** ***"


def test_what_redact_selects_in_a_result_that_is_not_kept_cannot_be_masked() -> None:
    not_kept = REPORTED.partition("assertions:")[0]
    captured = not_kept.replace("[$.body.card]", "[card]\n    pass_to_context: {card: $.body.card}")

    with pytest.raises(ActionError, match="`redact` of Pay selects is not kept"):
        masker_after(not_kept)
    assert masker_after(captured)("4111-1111") == "***"
