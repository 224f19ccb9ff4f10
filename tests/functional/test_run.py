"""`awsit run` as a person sees it."""

import json as plain_json
from pathlib import Path

import pytest
from tests.functional.fakes import CREATED, FAILING, MACHINE, PASSING, report_of

from awsit.http.fake import FakeTransport
from awsit.model.http import HttpResponse
from awsit.model.result import LeftBehind, RunStatus

MATRIX = PASSING.replace("actions:", "matrix: [{quantity: 1}, {quantity: 5}]\nactions:", 1)


def test_a_scenario_that_passes_shows_each_action_and_ends_with_0(awsit, scenario, snapshot):
    scenario()
    result = awsit("run", "order_is_stored")
    assert result.exit_code == 0
    assert result.stdout == snapshot


def test_a_check_that_fails_shows_expected_and_actual_and_ends_with_1(awsit, scenario, snapshot):
    scenario(FAILING)
    result = awsit("run", "scenarios/order_is_stored.yaml")
    assert result.exit_code == 1
    assert result.stdout == snapshot


def test_a_clean_up_that_fails_ends_with_5_and_names_what_is_left(awsit, scenario, wiring):
    wiring.http_fake = FakeTransport(
        CREATED, HttpResponse(200, CREATED.headers, CREATED.body, ""), HttpResponse(500, {}, b"", "")
    )
    scenario()
    result = awsit("run", "order_is_stored")
    assert result.exit_code == 5
    assert "Left behind\n  DeleteOrder  http_call" in result.stdout
    assert "LEFT BEHIND  order_is_stored" in result.stdout


def test_several_scenarios_end_with_a_summary_and_the_worst_exit_code(awsit, scenario):
    scenario()
    scenario(FAILING, "shipped.yaml")
    result = awsit("run", "scenarios")
    assert result.exit_code == 1
    summary = result.stdout[result.stdout.index("Summary") :]
    assert "✗ order_is_shipped" in summary
    assert "order_is_stored" not in summary
    assert "  ✓ order_is_stored                passed " in result.stdout
    assert "2 scenarios: 1 failed, 1 passed" in summary


def test_quiet_shows_only_what_failed(awsit, scenario):
    scenario()
    scenario(FAILING, "shipped.yaml")
    assert awsit("-q", "run", "order_is_stored").stdout == ""
    shown = awsit("run", "order_is_shipped", "-q").stdout
    assert "CreateOrder" not in shown
    assert "✗ ReadOrder" in shown


def test_verbose_shows_requests_and_responses(awsit, scenario):
    scenario()
    shown = awsit("-v", "run", "order_is_stored").stdout
    assert "http://orders.test/orders/o-1" in shown
    assert "request" in shown
    assert "content-type" in shown


def test_json_writes_the_report_and_nothing_else_to_standard_output(awsit, scenario):
    scenario()
    result = awsit("run", "order_is_stored", "--json")
    report = report_of(result)
    assert report["version"] == "awsit.report/1"
    assert report["status"] == "passed"
    assert [step["name"] for step in report["steps"]] == ["CreateOrder", "ReadOrder"]
    assert "PASSED" in result.stderr


def test_json_of_several_scenarios_is_a_list(awsit, scenario):
    scenario()
    scenario(FAILING, "shipped.yaml")
    reports = report_of(awsit("run", "scenarios", "--json"))
    assert [report["status"] for report in reports] == ["passed", "failed"]


def test_the_report_is_kept_and_status_shows_it_later(awsit, scenario, tmp_path):
    scenario()
    shown = awsit("run", "order_is_stored").stdout
    path = next(Path(line.split()[1]) for line in shown.splitlines() if line.startswith("  report"))
    assert plain_json.loads(path.read_text())["run_id"] == path.stem
    assert (tmp_path / ".awsit" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(("given", "sent"), [("3", 3), ('"3"', "3"), ("three", "three"), ("[1,2]", [1, 2]), ("", "")])
def test_a_variable_is_json_where_it_can_be(awsit, scenario, wiring, given, sent):
    scenario()
    assert awsit("run", "order_is_stored", "--var", f"quantity={given}").exit_code == 0
    assert plain_json.loads(wiring.http_fake.requests[0].body) == {"quantity": sent}


def test_a_matrix_gives_one_run_for_each_row(awsit, scenario, wiring):
    scenario(MATRIX)
    result = awsit("run", "order_is_stored", "--json")
    assert len(report_of(result)) == 2
    sent = [plain_json.loads(request.body) for request in wiring.http_fake.requests if request.method == "POST"]
    assert sent == [{"quantity": 1}, {"quantity": 5}]


def test_tags_choose_among_the_scenarios_of_a_folder(awsit, scenario):
    scenario()
    scenario(FAILING.replace("tags: [orders, smoke]", "tags: [slow]"), "shipped.yaml")
    result = awsit("run", "scenarios", "--tag", "smoke")
    assert result.exit_code == 0
    assert "order_is_shipped" not in result.stdout


def test_a_timeout_replaces_the_scenarios_own(awsit, scenario, wiring):
    scenario()
    awsit("run", "order_is_stored", "--stack", "awsit", "--timeout", "12")
    assert wiring.remote.requests[0].document["timeout_seconds"] == 12


def test_the_environment_that_templates_name_is_sent_and_no_other(awsit, scenario, wiring):
    scenario(PASSING.replace('http://orders.test/orders/{{ context.order_id }}"}', '{{ env.ORDERS }}"}', 1))
    scenario(PASSING.replace("quantity: 2", 'quantity: "{{ env.QUANTITY }}"'))
    result = awsit("run", "order_is_stored", "--stack", "awsit", env={"QUANTITY": "7", "SECRET": "x"})
    assert result.exit_code == 0
    assert wiring.remote.requests[0].env == {"QUANTITY": "7"}


@pytest.mark.parametrize(
    ("words", "compact"),
    [
        ("order_is_stored", [False]),
        ("order_is_stored --compact", [True]),
        ("order_is_stored --repeat 2", [True, True]),
        ("scenarios", [True, True]),
        ("scenarios --no-compact", [False, False]),
    ],
)
def test_several_runs_of_a_command_are_compact(awsit, scenario, wiring, words, compact):
    scenario()
    scenario(FAILING, "shipped.yaml")
    awsit("run", *words.split(), "--stack", "awsit")
    assert [request.compact for request in wiring.remote.requests] == compact


def test_the_project_s_file_says_whether_runs_are_compact(awsit, scenario, wiring, tmp_path):
    scenario()
    (tmp_path / "awsit.toml").write_text('stack = "awsit"\ncompact = true\n')
    awsit("run", "order_is_stored")
    awsit("run", "order_is_stored", "--no-compact")
    assert [request.compact for request in wiring.remote.requests] == [True, False]


def test_compact_is_refused_where_no_transition_is_paid_for(awsit, scenario):
    scenario()
    result = awsit("run", "order_is_stored", "--compact")
    assert result.exit_code == 2
    assert "--compact is for Step Functions" in result.stderr


def test_step_functions_run_shows_its_execution(awsit, scenario):
    scenario()
    result = awsit("run", "order_is_stored", "--state-machine-arn", MACHINE)
    assert result.exit_code == 0
    assert "execution  arn:aws:states:eu-west-1:123456789012:execution:awsit-test-flow:run-" in result.stdout


def test_no_wait_prints_the_run_and_how_to_follow_it(awsit, scenario):
    scenario()
    result = awsit("run", "order_is_stored", "--stack", "dev", "--no-wait")
    assert result.exit_code == 0
    assert "run        run-00000000000000000000000001" in result.stdout
    assert "awsit logs --follow run-00000000000000000000000001 --stack dev" in result.stderr


def test_no_wait_as_json(awsit, scenario):
    scenario()
    started = report_of(awsit("run", "order_is_stored", "--stack", "dev", "--no-wait", "--json"))
    assert started["run_id"] == "run-00000000000000000000000001"
    assert started["execution_arn"].startswith("arn:aws:states:")


def test_ctrl_c_says_that_the_run_goes_on_and_how_to_follow_or_stop_it(awsit, scenario, wiring):
    wiring.remote.interrupted = True
    scenario()
    result = awsit("run", "order_is_stored", "--stack", "awsit")
    assert result.exit_code == 130
    assert "The run goes on in Step Functions" in result.stderr
    assert "awsit logs --follow run-00000000000000000000000001 --stack awsit" in result.stderr
    assert "awsit stop run-00000000000000000000000001 --stack awsit" in result.stderr


def test_a_network_that_is_lost_ends_the_watching_and_says_that_the_run_goes_on(awsit, scenario, wiring):
    wiring.remote.unreachable = True
    scenario()
    result = awsit("run", "order_is_stored", "--stack", "awsit")
    assert result.exit_code == 4
    assert "could not follow the run" in result.stderr
    assert "The run goes on in Step Functions" in result.stderr
    assert "awsit status run-00000000000000000000000001 --stack awsit" in result.stderr


def test_the_command_that_finishes_a_clean_up_names_the_account(awsit, scenario, wiring):
    wiring.remote.left = (LeftBehind("Delete", "dynamodb", {}, "refused", "awsit cleanup run-…"),)
    scenario()
    result = awsit("run", "order_is_stored", "--stack", "awsit")
    assert result.exit_code == 5
    assert "awsit cleanup run-00000000000000000000000001 --stack awsit" in result.stdout


@pytest.mark.parametrize(("status", "code"), [(RunStatus.FAILED, 1), (RunStatus.ERROR, 1), (RunStatus.TIMED_OUT, 1)])
def test_whatever_is_not_passed_ends_with_1(awsit, scenario, wiring, status, code):
    wiring.remote.status = status
    scenario()
    assert awsit("run", "order_is_stored", "--stack", "awsit").exit_code == code


def test_a_name_that_is_not_in_the_project_is_read_from_the_bucket(awsit, scenario, wiring):
    awsit("push", str(scenario(folder="elsewhere/deep")), "--stack", "awsit")
    result = awsit("run", "order_is_stored", "--stack", "awsit")
    assert result.exit_code == 0
    assert wiring.remote.requests[0].document["name"] == "order_is_stored"


def test_the_sandbox_is_started_and_the_stack_deployed_when_they_are_not_there(awsit, scenario, wiring):
    scenario()
    result = awsit("run", "order_is_stored", "--sandbox")
    assert result.exit_code == 0
    assert "starting one" in result.stderr
    assert wiring.sandbox_fake.running


def test_the_curl_line_of_a_call_in_the_sandbox_sends_it_to_the_sandbox(awsit, scenario):
    host = "ab1.execute-api.us-east-1.amazonaws.com"
    call = f"{{name: Read, type: http_call, params: {{url: 'https://{host}/a', expected_status: 404}}}}"
    scenario(f"name: order_is_stored\ndescription: d\nactions: [{call}]")

    shown = awsit("run", "order_is_stored", "--sandbox", "--engine", "local").stdout

    assert "curl --include --location http://127.0.0.1:4566/a" in shown
    assert f"--header 'Host: {host}'" in shown
    assert f"https://{host}/a" in shown


def test_a_scenario_from_the_standard_input(awsit):
    result = awsit("run", "-", stdin=PASSING)
    assert result.exit_code == 0
    assert "PASSED  order_is_stored" in result.stdout


def test_debug_writes_a_log_file_with_the_run_and_says_where(awsit, scenario, tmp_path):
    scenario()
    result = awsit("--debug", "run", "order_is_stored")
    log = next((tmp_path / ".awsit" / "logs").iterdir())
    assert f"debug log: {log}" in result.stderr
    assert "INFO" in log.read_text()


READS = """name: theirs
actions: [{name: Call, type: http_call, params: {url: "http://x.test/?a=%s"}}]
"""


@pytest.fixture
def theirs(awsit, scenario):
    """Run a scenario from the bucket that reads one variable of the environment."""

    def run(variable, *arguments, env):
        awsit("push", str(scenario(READS % f"{{{{ env.{variable} }}}}", folder="elsewhere/deep")), "--stack", "awsit")
        return awsit("run", "theirs", "--stack", "awsit", *arguments, env=env)

    return run


@pytest.mark.parametrize(("variable", "value"), [("AWS_PROFILE", "p"), ("DB_PASSWORD", "p"), ("DB_URL", "pg://u:p@h")])
def test_a_scenario_from_the_bucket_reads_no_secret_of_whoever_runs_it(theirs, wiring, variable, value):
    done = theirs(variable, env={variable: value})
    assert done.exit_code == 3
    assert f"reads a secret of your environment: {variable}" in " ".join(done.stderr.split())
    assert f"--allow-env {variable}" in done.stderr
    assert wiring.remote.requests == []


@pytest.mark.parametrize(("variable", "arguments"), [("TARGET", ()), ("DB_KEY", ("--allow-env", "DB_KEY"))])
def test_what_a_scenario_from_the_bucket_reads_is_shown_before_it_starts(theirs, wiring, variable, arguments):
    done = theirs(variable, *arguments, env={variable: "x"})
    assert done.exit_code == 0
    assert f"theirs, from the bucket, reads from your environment: {variable}" in done.stderr
    assert [request.env for request in wiring.remote.requests] == [{variable: "x"}]


def test_the_project_s_file_may_allow_a_secret_to_scenarios_from_the_bucket(theirs, wiring, tmp_path):
    (tmp_path / "awsit.toml").write_text('allow_env = ["DB_KEY"]')
    assert theirs("DB_KEY", env={"DB_KEY": "x"}).exit_code == 0


def test_a_secret_that_a_scenario_from_the_bucket_can_do_without_is_left_out(theirs, wiring):
    assert theirs("API_TOKEN | default('none')", env={"API_TOKEN": "x"}).exit_code == 0
    assert [request.env for request in wiring.remote.requests] == [{}]
