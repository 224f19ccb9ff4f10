"""What AWS knew of a failure, on the terminal."""

from tests.unit.reporting.results import CREATED, FAILED, PASSED

from awsit.model.evidence import Evidence, EvidenceKind
from awsit.model.result import RunResult
from awsit.records import replace

ERROR = Evidence(
    EvidenceKind.FUNCTION_ERROR, "function worker", "KeyError: 'id'\napp.py line 4", "2030-01-01T09:30:00.805Z", 3
)
DENIED = Evidence(EvidenceKind.NOT_READ, "", "logs:FilterLogEvents on /aws/lambda/api")


def with_evidence(*evidence: Evidence) -> RunResult:
    return replace(FAILED, steps=(CREATED, replace(FAILED.steps[1], evidence=evidence)))


def test_causes_with_their_place_time_and_number(report):
    cause = "    function worker, 09:30:00, 3 times\n      KeyError: 'id'\n      app.py line 4\n"

    assert f"  likely causes\n{cause}" in report(with_evidence(ERROR))


def test_the_place_of_several_is_told_once(report):
    states = [Evidence(EvidenceKind.SWITCHED_OFF, "rule placed", text) for text in ("one", "two")]

    assert "    rule placed\n      one\n      two\n" in report(with_evidence(*states))


def test_what_explains_nothing_is_called_no_cause(report):
    shown = report(with_evidence(Evidence(EvidenceKind.LOG_LINE, "function worker", "hello")))

    assert "  seen in the stacks\n    function worker\n      hello\n" in shown
    assert "likely causes" not in shown


def test_a_missing_permission_is_a_line_of_its_own(report):
    shown = report(with_evidence(DENIED))

    assert "  not read: logs:FilterLogEvents on /aws/lambda/api\n" in shown
    assert "likely causes" not in shown


def test_control_characters_of_a_log_are_escaped(report):
    shown = report(with_evidence(replace(ERROR, text="\x1b[31mred\u202e")))

    assert "\\x1b[31mred\\u202e" in shown


def test_a_run_without_evidence_says_nothing_of_it(report):
    assert "likely causes" not in report(FAILED) + report(PASSED)
