"""What AWS knew of a failure, as `awsit run` shows it; tests/e2e/evidence reads it from systems that are broken."""

import pytest
from tests.functional.fakes import FAILING, report_of

from awsit.aws.stacks import CloudFormationStacks
from awsit.model.evidence import Evidence, EvidenceKind

ON_A_STACK = FAILING.replace('"http://orders.test/orders/{{', "\"{{ stack('orders').Url }}/orders/{{")


class CountingEvidence:
    """A source of one piece of evidence."""

    def read(self, inquiry, seconds, emit):
        emit(Evidence(EvidenceKind.FUNCTION_ERROR, "function orders-Worker", f"asked for {inquiry.url}"))


@pytest.fixture
def evidence(wiring, monkeypatch):
    """The number of times that AWS was looked into."""
    made = []
    monkeypatch.setattr(wiring, "evidence", lambda _settings: made.append(1) or CountingEvidence(), raising=False)
    monkeypatch.setattr(CloudFormationStacks, "outputs", lambda *_: {"Url": "http://orders.test"})
    return made


def test_a_failure_names_its_likely_cause(awsit, scenario, evidence):
    result = awsit("run", str(scenario(ON_A_STACK)))

    assert result.exit_code == 1
    assert (
        "  likely causes\n    function orders-Worker\n      asked for http://orders.test/orders/o-1\n" in result.output
    )
    assert len(evidence) == 1


def test_evidence_is_a_part_of_the_report(awsit, scenario, evidence):
    step = report_of(awsit("run", str(scenario(ON_A_STACK)), "--json"))["steps"][1]

    text = "asked for http://orders.test/orders/o-1"
    assert step["evidence"] == [
        {"kind": "function_error", "resource": "function orders-Worker", "text": text, "at": "", "count": 1}
    ]


@pytest.mark.parametrize("how", ["option", "setting"])
def test_evidence_can_be_turned_off(awsit, scenario, evidence, tmp_path, how):
    if how == "setting":
        (tmp_path / "awsit.toml").write_text("evidence = false\n", encoding="utf-8")

    result = awsit("run", str(scenario(ON_A_STACK)), *(["--no-evidence"] if how == "option" else []))

    assert result.exit_code == 1
    assert "likely causes" not in result.output
    assert evidence == []


def test_what_passes_or_names_no_stack_is_not_looked_into(awsit, scenario, evidence):
    assert awsit("run", str(scenario(ON_A_STACK.replace("shipped", "created")))).exit_code == 0
    assert awsit("run", str(scenario(FAILING))).exit_code == 1
    assert evidence == []
