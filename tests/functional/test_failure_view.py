"""What a person reads of a run that failed: while it ran, later, and when its file has changed."""

import json
import re
import shlex
from pathlib import Path
from urllib.request import Request as Call
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from tests.authorities.scripted import NEXT, Request, scripted
from tests.functional.fakes import CREATED, FAILING, PASSING, report_of

from awsit.cli.main import cli
from awsit.errors import ActionError, ErrorKind
from awsit.http.fake import FakeTransport
from awsit.model.http import HttpResponse
from awsit.model.result import RunStatus, Status

RUN = "run-00000000000000000000000001"
FRAME = "23 |       - {path: $.body.status, equals: shipped}\n   |                                       ^^^^^^^\n"
MATRIX = FAILING.replace("actions:", "matrix: [{kind: book}, {kind: pen}]\nactions:", 1)
SECRET = FAILING.replace("variables: {", 'variables: {api_key: "", ')


@pytest.mark.parametrize("again", [("status",), ("report",)])
def test_a_past_run_explains_itself_as_it_did(awsit, scenario, again):
    scenario(FAILING)
    first = awsit("run", "scenarios/order_is_stored.yaml")
    explained = re.search(r"✗ ReadOrder  http_call.*orders/o-1\n", first.stdout, re.DOTALL)[0]
    assert FRAME in explained
    later = awsit(*again, RUN).stdout
    assert explained in later
    assert "awsit run scenarios/order_is_stored.yaml\n" in later


def test_a_file_that_has_changed_since_is_not_quoted(awsit, scenario):
    path = scenario(FAILING)
    awsit("run", "order_is_shipped")
    path.write_text(FAILING.replace("quantity: 2", "quantity: 3"))
    later = awsit("status", RUN).stdout
    assert "-->" not in later
    assert 'equals  "shipped"' in later


def test_a_file_that_has_moved_is_found_by_its_name(awsit, scenario):
    path = scenario(FAILING)
    awsit("run", "order_is_shipped")
    path.rename(path.with_name("moved.yaml"))
    assert "--> scenarios/moved.yaml:23:39\n" in awsit("status", RUN).stdout


def test_the_command_repeats_just_this_run(awsit, scenario):
    scenario(MATRIX)
    shown = awsit("run", "scenarios", "--engine", "local", "--timeout", "20").stdout
    commands = re.findall(r"run again   awsit (.*)", shown)
    assert commands[1] == "run scenarios/order_is_stored.yaml --var kind=pen --timeout 20 --engine local"
    repeated = report_of(awsit(*shlex.split(commands[1]), "--json"))
    assert repeated["scenario"] == "order_is_shipped[pen]"


@pytest.mark.parametrize("row", ["a pen", "/pens/1", "日本" * 40], ids=["words", "a path", "a long name"])
def test_a_named_row_is_run_again_by_its_name(awsit, scenario, row):
    scenario(FAILING.replace("actions:", f'matrix: [{{name: "{row}", kind: pen}}, {{kind: book}}]\nactions:', 1))
    shown = awsit("run", "scenarios", "--var", "quantity=3", "--timeout", "20").stdout
    named, by_values = re.findall(r"run again   awsit (.*)", shown)
    assert named == f"run 'order_is_shipped[{row}]' --var quantity=3 --timeout 20"
    assert by_values == "run scenarios/order_is_stored.yaml --var kind=book --var quantity=3 --timeout 20"
    assert report_of(awsit(*shlex.split(named), "--json"))["scenario"] == f"order_is_shipped[{row}]"


@pytest.mark.parametrize("rows", ["{name: x, kind: pen}, {name: x, kind: book}", "{name: 7, kind: pen}"])
def test_rows_whose_names_are_only_a_variable_are_run_again_by_their_values(awsit, scenario, rows):
    scenario(FAILING.replace("actions:", f"matrix: [{rows}]\nactions:", 1))
    shown = awsit("run", "scenarios").stdout
    name = rows[len("{name: ")]
    assert f"run again   awsit run scenarios/order_is_stored.yaml --var name={name} --var kind=pen\n" in shown


@pytest.mark.parametrize("folder", ["elsewhere/deep", "other/scenarios"])
def test_a_named_row_of_a_file_that_no_name_leads_to_is_run_again_by_the_file(awsit, scenario, folder):
    path = scenario(FAILING.replace("actions:", "matrix: [{name: a, kind: pen}]\nactions:", 1), folder=folder)
    if folder.startswith("other"):
        Path("other/awsit.toml").write_text("")
    shown = awsit("run", str(path)).stdout
    assert re.search(rf"run again +awsit run {path} --var name=a --var kind=pen\n", shown)


def test_a_variable_that_may_be_secret_is_left_to_the_shell(awsit, scenario):
    scenario(SECRET)
    shown = awsit("run", "scenarios", "--var", "api_key=c4nary").stdout
    assert 'run again   awsit run scenarios/order_is_stored.yaml --var api_key="$api_key"\n' in shown
    assert "c4nary" not in shown


def test_an_unexpected_status_shows_where_it_was_expected(awsit, scenario, wiring):
    wiring.http_fake = FakeTransport(HttpResponse(503, CREATED.headers, b"{}", ""))
    scenario()
    shown = awsit("run", "order_is_stored").stdout
    assert "13 |       expected_status: 201\n   |                        ^^^\n" in shown
    assert "curl --include --request POST http://orders.test/orders" in shown


def test_a_call_without_an_answer_is_shown_as_it_was_sent(awsit, scenario, wiring):
    wiring.http_fake = FakeTransport(ActionError("POST: no answer within 1 s", kind=ErrorKind.TIMEOUT))
    scenario()
    command = awsit("run", "order_is_stored").stdout.partition("  curl\n")[2].partition("\n\n")[0]
    assert "curl --include --request POST http://orders.test/orders" in command
    assert "--header 'Content-Type: application/json'" in command
    assert "--data-raw" in command


def test_a_value_that_is_not_there_to_capture_is_told_in_words(awsit, scenario):
    scenario(PASSING.replace("$.body.order_id", "$.body.orderid", 1))
    shown = awsit("run", "order_is_stored").stdout
    said = "pass_to_context order_id was not captured: $.body has no `orderid`; did you mean `order_id`?"
    assert said in " ".join(shown.split())
    assert "null" not in shown


def test_the_functions_lines_stand_with_their_step(awsit, scenario, wiring):
    wiring.remote.status = RunStatus.FAILED
    wiring.remote.step_status = Status.FAILED
    wiring.step_lines = {("actions", 0): ("12:00:01.000 ERROR it broke", "12:00:02.000 INFO more")}
    scenario()
    shown = awsit("run", "order_is_stored", "--stack", "awsit").stdout
    assert "  log\n    12:00:01.000 ERROR it broke\n    12:00:02.000 INFO more\n" in shown
    assert "  console    https://eu-west-1.console.aws.amazon.com/states/home" in shown
    assert "  run again  awsit run scenarios/order_is_stored.yaml --stack awsit\n" in shown


def test_a_log_that_cannot_be_read_hides_nothing_else(awsit, scenario, wiring, monkeypatch):
    from awsit.errors import AccessDeniedError

    wiring.remote.status = RunStatus.FAILED
    monkeypatch.setattr(wiring, "step_log", lambda *_: (_ for _ in ()).throw(AccessDeniedError("no logs")))
    scenario()
    result = awsit("run", "order_is_stored", "--stack", "awsit")
    assert result.exit_code == 1
    assert "FAILED  order_is_stored" in result.stdout


def test_of_a_passed_run_nothing_is_looked_up(awsit, scenario, wiring, monkeypatch):
    monkeypatch.setattr(wiring, "step_log", lambda *_: pytest.fail("the log was read"))
    scenario(PASSING)
    assert "run again" not in awsit("run", "order_is_stored", "--stack", "awsit").stdout


def test_a_row_of_a_matrix_is_run_again_by_its_name(awsit, scenario):
    scenario(MATRIX)
    awsit("run", "scenarios")
    later = awsit("status", "run-00000000000000000000000002").stdout
    assert "run again  awsit run 'order_is_shipped[pen]'\n" in later
    assert report_of(awsit("run", "order_is_shipped[pen]", "--json"))["scenario"] == "order_is_shipped[pen]"


def test_the_log_is_read_of_the_first_failures_only(awsit, scenario, wiring, monkeypatch):
    read = []
    monkeypatch.setattr(wiring, "step_log", lambda _settings, result: read.append(result.run_id) or {})
    wiring.remote.status = RunStatus.FAILED
    rows = ", ".join(f"{{kind: row{number}}}" for number in range(12))
    scenario(PASSING.replace("actions:", f"matrix: [{rows}]\nactions:", 1))
    assert awsit("run", "order_is_stored", "--stack", "awsit").exit_code == 1
    assert len(read) == 10


def test_an_unexpected_status_and_an_assertion_are_both_pointed_at(awsit, scenario, wiring):
    wiring.http_fake = FakeTransport(HttpResponse(503, CREATED.headers, b"{}", ""))
    scenario(
        PASSING.replace(
            "    pass_to_context: {order_id",
            "    assert: [{path: $.body.a, equals: 1}]\n    pass_to_context: {order_id",
        )
    )
    shown = awsit("run", "order_is_stored").stdout
    assert [line.split(":")[1] for line in shown.splitlines() if "-->" in line][:2] == ["13", "14"]


@pytest.mark.parametrize("option", ["--html", "--markdown", "--junit", "--ctrf"])
def test_every_report_has_the_line_the_request_and_the_command(awsit, scenario, option):
    file = scenario(FAILING).relative_to(Path.cwd())
    awsit("run", str(file), option, "report")
    report = Path("report").read_text(encoding="utf-8")
    for text in (f"{file}:23:39", "curl --include", f"awsit run {file}"):
        assert text in report


def test_a_secret_of_a_service_is_hidden_in_the_closest_call_and_its_differences(tmp_path: Path) -> None:
    def relay(request: Request) -> bytes:
        called = {"amount": 1250, "password": "hunter2"}
        url = request.header("shop")
        urlopen(Call(url, json.dumps(called).encode(), {"Content-Type": "application/json"}), timeout=30).close()
        return NEXT

    with scripted(relay) as service:
        text = f"""
name: charged
actions:
  - {{name: Shop, type: mock, params: {{routes: [{{path: /}}]}}, pass_to_context: {{url: $.url}}}}
  - {{name: Order, type: http_call, params: {{url: "{service.url}", headers: {{Shop: "{{{{ context.url }}}}"}}}}}}
  - {{name: Charged, type: receive, params: {{mock: Shop, match: {{body: {{amount: 1}}}}, within_seconds: 0.1}}}}
"""
        (tmp_path / "charged.yaml").write_text(text)
        done = CliRunner().invoke(cli, ["run", str(tmp_path / "charged.yaml"), "--json", str(tmp_path / "run.json")])

    assert "expected 1, got 1250" in done.stdout, done.output
    report = (tmp_path / "run.json").read_text()
    assert '"diff": "---' in report
    assert "hunter2" not in report + done.output


def test_a_text_that_only_looks_as_expected_is_told_apart(awsit):
    done = awsit("try", "-", '{path: $.name, equals: "caf\u00e9"}', stdin='{"name": "cafe\u0301"}')
    assert done.exit_code == 1
    assert "the same characters in another normalization form of Unicode" in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("assertion", "advice"),
    [
        ("{path: $.tags, equals: [b, a]}", "the items are the same: `any_order: true` leaves the order open"),
        ("{path: '$.tags[*]', equals: c}", "a path with a filter, `*` or `..` selects a list"),
        ("{path: $.lines, contains: {sku: pen}}", "`contains` compares whole items: `any: {matches: ...}`"),
        ("{path: $.limit, greater_than: 5}", 'string "42" cannot be compared with it'),
        ("{path: $.Limit, equals: 42}", "$ has no `Limit`; did you mean `limit`?"),
    ],
)
def test_what_a_comparison_perhaps_meant_is_shown(awsit, assertion, advice):
    answered = '{"tags": ["a", "b"], "lines": [{"sku": "pen", "price": 2}], "limit": "42"}'
    done = awsit("try", "-", assertion, stdin=answered)
    assert done.exit_code == 1
    assert advice in " ".join(done.output.split())
