"""`suite.yaml`: what is done once around the scenarios of a folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from tests.functional.fakes import FakeWiring, report_of

from awsit.http.fake import FakeTransport
from awsit.model.http import HttpRequest, HttpResponse
from awsit.quotas.catalogue import SETUPS_BYTES

SUITE = """
description: One customer for all scenarios
variables: {base: "http://orders.test"}
setup:
  - name: CreateCustomer
    type: http_call
    params: {url: "{{ vars.base }}/customers", method: POST, expected_status: 201}
    pass_to_context: {customer_id: $.body.id, token: $.body.token}
    cleanup:
      - name: DeleteCustomer
        type: http_call
        params: {url: "{{ vars.base }}/customers/{{ context.customer_id }}", method: DELETE}
"""
SCENARIO = """
name: NAME
actions:
  - name: ReadOrders
    type: http_call
    params:
      url: "http://orders.test/orders/{{ suite.customer_id }}"
      headers: {authorization: "Bearer {{ suite.token }}"}
"""
UNDO = """
    cleanup:
      - name: DeleteOrders
        type: http_call
        params: {url: "http://orders.test/orders/{{ suite.customer_id }}", method: DELETE}
"""
TOKEN = "t0ken-of-the-customer"


class Service:
    """Answers as the service under test, and notes what was asked of it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.statuses = {"POST": 201}

    def answer(self, request: HttpRequest) -> HttpResponse:
        path = request.url.removeprefix("http://orders.test")
        self.calls.append(f"{request.method} {path}")
        body = f'{{"id": "c-1", "token": "{TOKEN}", "echo": "{request.headers.get("authorization", "")}"}}'
        status = self.statuses.get(request.method, 200)
        return HttpResponse(status, {"Content-Type": "application/json"}, body.encode(), "")


@pytest.fixture
def service(wiring: FakeWiring) -> Service:
    made = Service()
    wiring.http_fake = FakeTransport(made.answer)
    return made


@pytest.fixture
def orders(scenario: Callable[..., Path]) -> None:
    """Two scenarios in a folder below that of the suite."""
    scenario(SUITE, "suite.yaml")
    for name in ("first", "second"):
        scenario(SCENARIO.replace("NAME", name), f"{name}.yaml", "scenarios/orders")


ALL = ["POST /customers", "GET /orders/c-1", "GET /orders/c-1", "DELETE /customers/c-1"]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("jobs", ["1", "8"])
def test_the_setup_comes_before_the_first_and_its_cleanup_after_the_last(
    awsit: Callable[..., Result], service: Service, jobs: str
) -> None:
    result = awsit("run", "scenarios", "--json", "--jobs", jobs)
    assert result.exit_code == 0
    assert service.calls == ALL
    assert [each["scenario"] for each in report_of(result)] == ["suite:scenarios", "first", "second"]
    assert [each["cleanup"]["verdict"] for each in report_of(result)] == ["clean"] * 3
    assert TOKEN not in result.output + "".join(path.read_text() for path in Path(".awsit").rglob("*.json*"))


@pytest.mark.usefixtures("orders", "service")
def test_a_scenario_alone_and_each_shard_have_a_setup_of_their_own(
    awsit: Callable[..., Result], service: Service
) -> None:
    assert awsit("run", "second").exit_code == 0
    assert awsit("run", "scenarios", "--shard", "1/2").exit_code == 0
    assert service.calls == [*ALL[:2], ALL[-1]] * 2


@pytest.mark.usefixtures("orders")
def test_after_a_setup_that_failed_no_scenario_starts(awsit: Callable[..., Result], service: Service) -> None:
    service.statuses["POST"] = 500
    result = awsit("run", "scenarios", "--json")
    assert result.exit_code == 1
    assert [each["status"] for each in report_of(result)] == ["failed", "skipped", "skipped"]
    assert report_of(result)[0]["steps"][0]["source"] == "setup[0]"
    assert report_of(result)[0]["cleanup"]["steps"][0]["source"] == "setup[0].cleanup[0]"
    assert "CreateCustomer  http_call  setup[0]\n --> scenarios/suite.yaml:7:79" in result.stderr
    assert report_of(result)[1]["error"]["message"] == "Not run: the setup of a suite.yaml did not pass."
    assert service.calls[0] == "POST /customers"
    assert not any("/orders/" in call for call in service.calls)
    service.statuses["POST"] = 201
    service.calls.clear()
    assert awsit("run", "--rerun-failed").exit_code == 0
    assert service.calls == ALL


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(("redact", "value"), [("", "silver"), ("redact: [vars.plan]", '"$plan"')])
def test_a_variable_of_the_setup_alone_may_be_given(
    awsit: Callable[..., Result], scenario: Callable[..., Path], redact: str, value: str
) -> None:
    text = SUITE.replace("variables: {", "variables: {plan: gold, ").replace("pass_to", f"{redact}\n    pass_to")
    scenario(text.replace("method: POST,", 'method: POST, body: "{{ vars.plan }}",'), "suite.yaml")
    scenario(SCENARIO.replace("NAME", "one") + "    assert: [{path: $.status, equals: 300}]", "one.yaml")

    result = awsit("run", "one", "--var", "plan=silver", "--json")

    assert result.exit_code == 1, result.stderr
    assert f"awsit run scenarios/one.yaml --var plan={value}" in result.stderr
    assert report_of(result)[0]["steps"][0]["request"]["body"] == ("***" if redact else "silver")
    assert "no variable `plane`" in awsit("run", "one", "--var", "plane=silver").stderr


@pytest.mark.usefixtures("service")
def test_rerun_failed_runs_all_that_did_not_begin_after_a_setup_that_failed(
    awsit: Callable[..., Result], scenario: Callable[..., Path]
) -> None:
    for folder, text in (("good", SUITE), ("bad", SUITE.replace("expected_status: 201", "expected_status: 299"))):
        scenario(text, "suite.yaml", f"scenarios/{folder}")
        scenario(SCENARIO.replace("NAME", folder), f"{folder}.yaml", f"scenarios/{folder}")
    scenario("name: alone\nactions: [{name: W, type: wait, params: {seconds: 0}}]", "alone.yaml")
    assert awsit("run", "scenarios").exit_code == 1

    again = {each["scenario"] for each in report_of(awsit("run", "--rerun-failed", "--json"))}

    assert again >= {"good", "bad", "alone"}


@pytest.mark.usefixtures("orders")
def test_what_the_cleanup_leaves_has_exit_code_5_and_awsit_cleanup_finishes(
    awsit: Callable[..., Result], service: Service
) -> None:
    service.statuses["DELETE"] = 500
    result = awsit("run", "scenarios", "--json")
    assert result.exit_code == 5
    assert report_of(result)[0]["cleanup"]["verdict"] == "left_behind"
    service.statuses["DELETE"] = 200
    assert awsit("cleanup", report_of(result)[0]["run_id"]).exit_code == 0
    assert service.calls[-1] == "DELETE /customers/c-1"


@pytest.mark.usefixtures("orders")
def test_keep_leaves_the_setup_too(awsit: Callable[..., Result], service: Service) -> None:
    assert awsit("run", "scenarios", "--keep").exit_code == 5
    assert service.calls == ALL[:-1]


@pytest.mark.usefixtures("orders")
def test_what_a_run_within_a_suite_left_is_undone_with_the_values_of_the_setup(
    awsit: Callable[..., Result], scenario: Callable[..., Path], service: Service
) -> None:
    scenario(SCENARIO.replace("NAME", "third") + UNDO, "third.yaml")
    assert awsit("run", "third", "--keep").exit_code == 5
    assert awsit("cleanup", "--all").exit_code == 0
    assert service.calls[-1] == "DELETE /orders/c-1"
    assert TOKEN not in "".join(path.read_text() for path in Path(".awsit").rglob("*.json"))


@pytest.mark.usefixtures("orders", "service")
def test_without_its_setup_what_a_run_left_can_only_be_forgotten(
    awsit: Callable[..., Result], scenario: Callable[..., Path]
) -> None:
    scenario(SCENARIO.replace("NAME", "third") + UNDO, "third.yaml")
    ids = {each["scenario"]: each["run_id"] for each in report_of(awsit("run", "third", "--keep", "--json"))}
    setup, run = ids["suite:scenarios"], ids["third"]
    Path(f".awsit/journal/{setup}.jsonl").unlink()
    result = awsit("cleanup", run)
    assert result.exit_code != 0
    assert f"the setup {setup} around {run} is not kept any more" in " ".join(result.stderr.split())
    assert awsit("cleanup", run, "--forget", "--yes").exit_code == 0


@pytest.mark.usefixtures("orders")
def test_a_name_that_the_setup_does_not_capture_is_an_error(
    awsit: Callable[..., Result], scenario: Callable[..., Path]
) -> None:
    scenario(SCENARIO.replace("suite.token", "suite.tokens"), "first.yaml", "scenarios/orders")
    for command in ("run", "validate"):
        result = awsit(command, "scenarios")
        assert result.exit_code == 3
        assert "nothing in scenarios/suite.yaml captures `suite.tokens`; did you mean `token`?" in result.output
        assert "scenarios/orders/first.yaml:8:43" in result.output


@pytest.mark.parametrize("command", ["plan", "plan --suite", "run --stack awsit --in-account"])
def test_setups_that_a_suite_in_the_account_cannot_carry_are_told_before(
    awsit: Callable[..., Result], scenario: Callable[..., Path], command: str
) -> None:
    scenario(SUITE.replace("variables: {", "variables: {note: short, "), "suite.yaml")
    scenario(SCENARIO.replace("actions:", "variables: {note: short}\nactions:").replace("NAME", "first"), "first.yaml")
    large = f"note={'x' * SETUPS_BYTES}"
    name, *options = command.split()

    result = awsit(name, "scenarios", *options, "--var", large)

    assert "suite:scenarios alone to 131," in result.stderr
    assert "scenarios/suite.yaml:3:1" in result.stderr
    assert "--no-in-account" in result.stderr
    assert result.exit_code == (0 if command == "plan" else 3)
    assert "warning" not in awsit("plan", "scenarios", "--var", "note=other").stderr


def test_without_a_suite_there_is_no_suite_to_read(awsit: Callable[..., Result], scenario: Callable[..., Path]) -> None:
    scenario(SCENARIO.replace("NAME", "alone"), "alone.yaml")
    result = awsit("run", "alone")
    assert result.exit_code == 3
    assert "`suite.customer_id` has no value: there is no suite.yaml around this scenario" in result.output


@pytest.mark.usefixtures("orders")
def test_a_suite_file_is_checked_and_is_no_scenario(
    awsit: Callable[..., Result], scenario: Callable[..., Path]
) -> None:
    assert "suite" not in awsit("list-scenarios").output
    assert "suite.yaml is the setup of a suite, not a scenario" in awsit("run", "scenarios/suite.yaml").output
    scenario(f"{SUITE}matrix: []\n", "suite.yaml")
    assert "a suite.yaml has no key `matrix`" in awsit("validate", "scenarios").output
    scenario(SUITE.replace("pass_to_context", "pass_to_contex"), "suite.yaml")
    result = awsit("run", "first")
    assert result.exit_code == 3
    assert "unknown key `pass_to_contex`; did you mean `pass_to_context`?" in result.output
    assert "scenarios/suite.yaml:8:5" in result.output


def test_what_is_wrong_in_a_suite_is_shown_once_and_not_for_each_scenario(
    awsit: Callable[..., Result], scenario: Callable[..., Path]
) -> None:
    scenario(SUITE.replace("pass_to_context", "pass_to_contex"), "suite.yaml")
    scenario(SCENARIO.replace("NAME", "first"), "first.yaml")
    scenario(SCENARIO.replace("NAME", "second").replace("headers", "header"), "second.yaml")
    said = awsit("validate", "scenarios").stdout
    assert said.count("unknown key `pass_to_contex`") == 1
    assert said.count("unknown key `header`") == 1
    marked = [line.rpartition(".yaml  ")[2] for line in said.splitlines() if line.startswith("\u2717")]
    assert marked == ["2 problems", "3 problems, 2 of them shown above", "2 problems, shown above"]


@pytest.mark.usefixtures("orders")
def test_a_command_that_does_not_wait_cannot_clean_up(awsit: Callable[..., Result], wiring: FakeWiring) -> None:
    result = awsit("run", "scenarios", "--stack", "awsit", "--no-wait")
    assert result.exit_code == 2
    assert "--no-wait cannot clean up after the suite.yaml" in result.stderr
    assert "or have the account do all of it: --in-account" in result.stderr
    assert wiring.remote.requests == []


@pytest.mark.usefixtures("orders")
def test_the_account_gets_the_run_of_the_setup_with_each_run(awsit: Callable[..., Result], wiring: FakeWiring) -> None:
    assert awsit("run", "scenarios", "--stack", "awsit").exit_code == 0
    setup, *runs = wiring.remote.requests
    assert setup.hold
    assert wiring.remote.cleaned == [setup.run_id]
    assert [run.suite_run for run in runs] == [setup.run_id] * 2


@pytest.mark.usefixtures("orders")
def test_who_leaves_runs_in_the_account_is_told_how_to_clean_up_the_setup(
    awsit: Callable[..., Result], wiring: FakeWiring
) -> None:
    wiring.remote.interrupts = {"first"}
    result = awsit("run", "scenarios", "--stack", "awsit")
    assert result.exit_code == 130
    (setup, *_) = wiring.remote.requests
    assert f"awsit cleanup {setup.run_id} --stack awsit, when the others have ended" in result.stderr
    assert result.stderr.count("it is the setup of a suite") == 1


@pytest.mark.usefixtures("orders")
def test_a_plan_has_the_setup_too(awsit: Callable[..., Result]) -> None:
    result = awsit("plan", "scenarios", "--offline", "--json")
    assert [each["scenario"] for each in report_of(result)] == ["suite:scenarios", "first", "second"]


@pytest.mark.usefixtures("orders")
def test_a_pushed_scenario_that_uses_a_suite_is_told_that_it_cannot_run(awsit: Callable[..., Result]) -> None:
    result = awsit("push", "scenarios/orders/first.yaml", "--stack", "awsit")
    assert "first uses `suite`, so it cannot run from the bucket" in result.stderr
