"""`awsit compare`: two runs side by side, from the report folder, from files, from a stack."""

import pytest
from tests.functional.fakes import ACCOUNT, CREATED, PASSING, report_of

from awsit.http.fake import FakeTransport
from awsit.model.http import HttpResponse
from awsit.records import replace

FIRST, SECOND = "run-00000000000000000000000001", "run-00000000000000000000000002"
SHIPPED = HttpResponse(200, CREATED.headers, b'{"order_id": "o-1", "status": "shipped", "note": "late"}', "")


@pytest.fixture
def two_runs(awsit, scenario, wiring):
    """One that passed and one in which the order came back with another status, and which checks one thing more."""
    scenario()
    awsit("run", "order_is_stored")
    wiring.http_fake = FakeTransport(CREATED, SHIPPED, SHIPPED, CREATED)
    more = "\n  - {name: ReadAgain, type: http_call, params: {url: 'http://orders.test/orders'}}\n"
    scenario(PASSING.rstrip() + more + "assertions:\n  - {name: has a number, path: $.context.order_id, equals: o-1}\n")
    awsit("run", "order_is_stored")


@pytest.mark.usefixtures("two_runs")
def test_what_is_different_stands_out(awsit, snapshot):
    result = awsit("compare", FIRST, SECOND, env={"COLUMNS": "80"})
    assert result.exit_code == 0
    assert result.stdout == snapshot
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.usefixtures("two_runs")
def test_the_same_run_is_not_different(awsit, snapshot):
    result = awsit("compare", FIRST, FIRST, env={"COLUMNS": "80"})
    assert result.exit_code == 0
    assert result.stdout == snapshot


@pytest.mark.usefixtures("two_runs")
def test_as_json(awsit):
    found = report_of(awsit("compare", FIRST, f".awsit/reports/{SECOND}.json", "--json"))
    assert found["version"] == "awsit.comparison/1"
    assert [found[side]["status"] for side in ("before", "after")] == ["passed", "failed"]
    steps = {step["name"]: step for step in found["steps"]}
    assert steps["ReadAgain"]["before"] is None
    assert steps["ReadOrder"]["checks"][0]["name"] == "$.body.status equals"
    paths = [each["path"] for each in steps["ReadOrder"]["differences"]]
    assert paths == ["response.status", "response.body.status", "response.body.note"]
    assert found["is_different"]


def test_runs_of_a_stack_are_read_by_id_and_by_arn(awsit, two_runs, wiring, tmp_path, monkeypatch):
    from awsit.cli.past_runs.report_file import results_in

    stored = {}
    for run_id in (FIRST, SECOND):
        path = tmp_path / ".awsit" / "reports" / f"{run_id}.json"
        (stored[run_id],) = results_in(path)
        path.unlink()
    arns = {run_id: f"{ACCOUNT}:execution:awsit-test-flow:{run_id}" for run_id in stored}
    by_reference = {
        reference: replace(stored[run_id], execution_arn=arns[run_id])
        for run_id in stored
        for reference in (run_id, arns[run_id])
    }
    monkeypatch.setattr(wiring.remote, "result", by_reference.__getitem__, raising=False)
    by_id = report_of(awsit("compare", FIRST, SECOND, "--stack", "awsit", "--json"))
    by_arn = report_of(awsit("compare", arns[FIRST], arns[SECOND], "--json"))
    assert by_id == by_arn
    assert by_id["is_different"]


@pytest.mark.usefixtures("two_runs")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([FIRST], 2, "awsit compare needs RUN_ID|ARN|FILE"),
        ([FIRST, ".awsit/reports"], 2, ".awsit/reports holds 2 runs"),
        ([FIRST, "nowhere.json"], 3, "there is no report nowhere.json"),
        ([FIRST, "scenarios/order_is_stored.yaml"], 3, "is not JSON"),
        ([FIRST, "run-1"], 2, "'run-1' is not a run ID or an execution ARN"),
    ],
)
def test_a_run_that_cannot_be_read_is_told(awsit, arguments, code, message):
    result = awsit("compare", *arguments)
    assert result.exit_code == code
    assert message in " ".join(result.stderr.split())


@pytest.mark.usefixtures("two_runs")
def test_verbose_shows_ids_and_times_too(awsit, scenario, wiring):
    assert "run-0" not in awsit("compare", FIRST, SECOND).stdout.split("ReadOrder")[-1]
    awsit("run", "order_is_stored")
    assert awsit("compare", FIRST, SECOND, "-v").exit_code == 0
