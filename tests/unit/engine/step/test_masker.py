"""Texts from elsewhere, masked as the reports of a run are."""

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


def test_a_secret_that_cannot_be_read_is_an_error() -> None:
    request = RunRequest(RUN_ID, "login", load_text(TEXT, "login.yaml").document)

    with pytest.raises(ActionError, match="there is no secret key"):
        masker(World().store, FakeSecrets(), request)
