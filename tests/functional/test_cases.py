"""Case files: a run for each, selected, pushed and counted like rows of a matrix."""

import json

import pytest
from tests.functional.fakes import PASSING, report_of

SCENARIO = PASSING.replace("actions:", "cases: cases/*.json\nactions:", 1)
NAMES = ["order_is_stored[few]", "order_is_stored[many]", "order_is_stored[usual]"]


@pytest.fixture
def cases(scenario):
    """A scenario with three cases, the last of which has the scenario's own quantity."""
    scenario(SCENARIO)
    for name, text in (("few", '{"quantity": 1}'), ("many", '{"quantity": 90}'), ("usual", "{}")):
        scenario(text, f"{name}.json", "scenarios/cases")


def sent(wiring):
    return [json.loads(request.body)["quantity"] for request in wiring.http_fake.requests if request.method == "POST"]


def names_of(result):
    reports = report_of(result)
    return [each["scenario"] for each in (reports if isinstance(reports, list) else [reports])]


@pytest.mark.usefixtures("cases")
def test_each_case_is_a_run_with_its_values(awsit, wiring):
    result = awsit("run", "scenarios", "--json")
    assert result.exit_code == 0
    assert names_of(result) == NAMES
    assert sent(wiring) == [1, 90, 2]
    assert "Left out: 3 named by a scenario" in result.stderr


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (["order_is_stored"], NAMES),
        (["order_is_stored[many]"], NAMES[1:2]),
        (["*[*u*]"], ["order_is_stored[usual]"]),
        (["order_is_stored[m*]", "order_is_stored[few]"], ["order_is_stored[many]", "order_is_stored[few]"]),
        (["order_is_stored", "--var", "quantity=90"], ["order_is_stored[many]", "order_is_stored[usual]"]),
    ],
)
def test_cases_are_selected_like_rows(awsit, asked, names):
    assert sorted(names_of(awsit("run", *asked, "--json"))) == sorted(names)


@pytest.mark.usefixtures("cases")
def test_a_case_that_is_not_there_is_told_with_those_that_are(awsit):
    result = awsit("run", "order_is_stored[usal]")
    assert result.exit_code == 3
    assert "did you mean order_is_stored[usual]?" in result.stderr


@pytest.mark.usefixtures("cases")
def test_a_case_that_failed_is_run_again(awsit, scenario):
    scenario(SCENARIO.replace("equals: created", "equals: '{{ \"created\" if vars.quantity == 1 else 0 }}'"))
    assert awsit("run", "scenarios").exit_code == 1
    scenario(SCENARIO)
    assert names_of(awsit("run", "--rerun-failed", "--json")) == NAMES[1:]


@pytest.mark.usefixtures("cases")
def test_a_failure_names_the_command_that_runs_the_case_again(awsit, scenario):
    scenario(SCENARIO.replace("equals: created", "equals: shipped"))
    assert "awsit run 'order_is_stored[many]'" in awsit("run", "order_is_stored[many]").stdout


@pytest.mark.usefixtures("cases")
def test_what_is_pushed_needs_no_case_files(awsit, wiring, tmp_path):
    assert awsit("push", "scenarios", "--stack", "awsit").exit_code == 0
    for path in (tmp_path / "scenarios").rglob("*.*"):
        path.unlink()
    assert awsit("run", "order_is_stored[many]", "--stack", "awsit").exit_code == 0
    (request,) = wiring.remote.requests
    assert request.variables == {"quantity": 90}
    assert request.document["cases"] == {"few": {"quantity": 1}, "many": {"quantity": 90}, "usual": {}}


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize("command", [("run",), ("validate",), ("push", "--stack=awsit")], ids=lambda words: words[0])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"quantity": 1,\n "x": }', "few.json:2:7"),
        ('{"quantity": 1, "quantty": 2}', "no variable `quantty`; did you mean `quantity`?"),
    ],
)
def test_a_wrong_case_is_told_at_its_own_file(awsit, scenario, command, text, message):
    scenario(text, "few.json", "scenarios/cases")
    result = awsit(*command, "scenarios")
    assert result.exit_code == 3
    assert message in result.output
    assert "--> scenarios/cases/few.json:" in result.output
    assert "passed" not in result.output


@pytest.mark.usefixtures("cases")
def test_a_pattern_that_means_no_file_is_told_with_the_near_ones(awsit, scenario):
    scenario(SCENARIO.replace("cases/*", "case/*"))
    result = awsit("run", "order_is_stored")
    assert result.exit_code == 3
    assert "there is no folder scenarios/case" in result.output
    assert "did you mean cases?" in result.output
