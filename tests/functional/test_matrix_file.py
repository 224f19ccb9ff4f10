"""A file with the rows of a matrix: read by every command that reads the scenario, and embedded in what is pushed."""

import json

import pytest
from tests.functional.fakes import PASSING, report_of

SCENARIO = PASSING.replace("actions:", "matrix: {file: orders.csv}\nactions:", 1).replace(
    "{{ vars.quantity }}", "{{ vars.amount | int }}"
)
NAMES = ["order_is_stored[few,1]", "order_is_stored[many,90]"]


@pytest.fixture
def rows(scenario, tmp_path):
    """A scenario with the two rows of a file; the test gets what writes the file anew."""
    scenario(SCENARIO)

    def writing(text):
        (tmp_path / "scenarios/orders.csv").write_text(text)

    writing("label,amount\nfew,1\nmany,90\n")
    return writing


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("words", "names"),
    [(["scenarios"], NAMES), (["order_is_stored[many,90]"], NAMES[1:]), (["*[few*]"], NAMES[:1])],
)
def test_each_row_is_a_run_with_its_values(awsit, wiring, words, names):
    result = awsit("run", *words, "--json")
    assert result.exit_code == 0
    reports = report_of(result)
    assert [each["scenario"] for each in (reports if isinstance(reports, list) else [reports])] == names


@pytest.mark.usefixtures("rows")
def test_what_is_pushed_needs_no_file(awsit, wiring, tmp_path):
    assert awsit("push", "scenarios", "--stack", "awsit").exit_code == 0
    for path in (tmp_path / "scenarios").rglob("*.*"):
        path.unlink()
    assert awsit("run", NAMES[1], "--stack", "awsit").exit_code == 0
    (request,) = wiring.remote.requests
    assert request.variables == {"label": "many", "amount": "90"}
    assert request.document["matrix"] == [{"label": "few", "amount": "1"}, {"label": "many", "amount": "90"}]


@pytest.mark.parametrize("command", [("run",), ("validate",), ("push", "--stack=awsit")], ids=lambda words: words[0])
def test_a_wrong_row_is_told_at_its_own_line(awsit, rows, command):
    rows("label,amount\nfew,1\nmany\n")
    result = awsit(*command, "scenarios")
    assert result.exit_code == 3
    assert "the row has 1 field, and the header names 2" in result.output
    assert "--> scenarios/orders.csv:3:1" in result.output
    assert "passed" not in result.output


def test_a_json_file_of_rows_is_no_scenario(awsit, rows, scenario):
    scenario(SCENARIO.replace(".csv", ".json"))
    scenario(json.dumps([{"label": "one", "amount": "1"}]), "orders.json")
    result = awsit("run", "scenarios", "--json")
    assert result.exit_code == 0
    assert "Left out: 1 named by a scenario" in result.stderr
