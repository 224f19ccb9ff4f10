import pytest
from tests.unit.engine.world import World, answer

from awsit.model.result import CleanupVerdict, RunStatus

TEXT = """
name: bug
actions:
  - name: Create
    type: http_call
    params: {url: "http://api.test/a", method: POST}
    cleanup: [{name: Delete, type: http_call, params: {url: "http://api.test/a", method: DELETE}}]
assertions: [{path: $.run.id, exists: true}]
"""


def test_a_bug_in_the_final_assertions_ends_the_run_as_an_error_and_it_is_cleaned_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("awsit.engine.run.verify.evaluate", lambda *_: 1 / 0)
    result = World(answer(201, {}), answer(204)).run(TEXT)
    assert result.status is RunStatus.ERROR
    assert result.error is not None
    assert (result.error.code, result.error.message) == ("internal", "ZeroDivisionError: division by zero")
    assert result.cleanup.verdict is CleanupVerdict.CLEAN
    assert [step.name for step in result.cleanup.steps] == ["Delete"]
