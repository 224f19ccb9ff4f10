"""What a scenario's own diagnostics brought back."""

import pytest
from tests.unit.reporting.results import CREATED, FAILED

from awsit.model.result import Status
from awsit.records import replace

LOG = {"events": [{"message": "KeyError: 'id'\n", "timestamp": 1}, {"message": "END", "timestamp": 2}]}


def run(response, status=Status.PASSED):
    step = replace(CREATED, index=9, phase="on_failure", name="Look", type="aws_api", response=response, status=status)
    return replace(FAILED, steps=(*FAILED.steps, step))


@pytest.mark.parametrize("verbosity", [-1, 0])
def test_the_response_of_a_diagnostic_is_shown(report, verbosity):
    shown = report(run({"depth": 3}), verbosity=verbosity)

    assert "\nDiagnostics\n  Look  aws_api\n    depth  3\n" in shown


def test_of_log_events_the_messages_are_shown(report):
    assert "  Look  aws_api\n    KeyError: 'id'\n    END\n" in report(run(LOG))


def test_with_everything_it_was_shown_when_it_was_over(report):
    shown = report(run({"depth": 3}), verbosity=1)

    assert shown.count("depth") == 1
    assert "Diagnostics" not in shown


def test_a_diagnostic_that_failed_is_explained_as_any_action(report):
    assert "Diagnostics" not in report(run({"depth": 3}, Status.FAILED))
