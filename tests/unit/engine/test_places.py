"""Where in the scenario a result comes from."""

from tests.unit.engine.world import World, answer

from awsit.model import json
from awsit.model.events import RunFinished
from awsit.scenario.compile.fingerprint import fingerprint
from awsit.scenario.reading.load import load_text

SCENARIO = """
name: placed
actions:
  - {name: First, type: http_call, params: {url: "http://api.test/"}}
  - name: Second
    type: http_call
    params: {url: "http://api.test/"}
    pass_to_context: {id: $.body.id}
    until: {assert: [{path: $.status, equals: 200}]}
    assert:
      - {path: $.status, equals: 200}
      - {path: $.body.total, equals: 25}
      - {path: $.body.total, equals: "{{ context.id }}"}
    continue_on_failure: true
"""
FINAL = """
name: placed_at_the_end
actions: [{name: First, type: http_call, params: {url: "http://api.test/"}}]
assertions: [{path: $.actions.First.status, equals: passed}, {path: $.run.id, equals: another}]
"""


def result(text: str):
    (*_, last) = World(*[answer(200, {"total": 26})] * 2).events(text)
    assert isinstance(last, RunFinished)
    return last.result


def test_every_assertion_knows_its_place_in_the_document() -> None:
    checks = result(SCENARIO).steps[1].assertions
    assert [(check.source, check.passed) for check in checks] == [
        ("actions[1].until.assert[0]", True),
        ("actions[1].assert[0]", True),
        ("actions[1].assert[1]", False),
        ("actions[1].assert[2]", False),
        ("actions[1].pass_to_context.id", False),
    ]


def test_final_assertions_too() -> None:
    assert [check.source for check in result(FINAL).assertions] == ["assertions[0]", "assertions[1]"]


def test_a_report_names_the_document_that_ran() -> None:
    document = load_text(FINAL).document
    assert result(FINAL).fingerprint == fingerprint(document) == fingerprint(json.loads(json.dumps(document)))
    assert fingerprint({**document, "timeout_seconds": 1}) != fingerprint(document)
