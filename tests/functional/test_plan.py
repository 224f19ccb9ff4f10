"""`awsit plan` as a person sees it."""

import json
from types import SimpleNamespace

import pytest
from botocore.exceptions import NoCredentialsError
from tests.functional.fakes import MACHINE, PASSING, FailingClient, client_error, report_of
from tests.unit.aws.fakes import FakeAws
from tests.unit.forecast.plans import waiting

ON_A_STACK = PASSING.replace('"http://orders.test/orders"', "\"{{ stack('orders').ApiUrl }}/orders\"")


class FakeStack:
    """CloudFormation with the stack `orders`."""

    def describe_stacks(self, StackName):  # noqa: N803 - AWS names it
        return {"Stacks": [{"Outputs": [{"OutputKey": "ApiUrl", "OutputValue": "http://orders.test"}]}]}

    def get_paginator(self, operation):
        return SimpleNamespace(paginate=lambda **_: [{"StackResourceSummaries": []}])


TOO_MANY = """
name: polls_too_often
timeout_seconds: 80000
actions:
  - name: Poll
    type: dynamodb
    params: {operation: get_item, table: orders, key: {id: "7"}}
    until:
      assert: [{path: $.item.status, equals: done}]
      timeout_seconds: 70000
"""


def test_a_compact_run_comes_to_fewer_transitions(awsit, scenario):
    scenario()
    usual, compact = (report_of(awsit("plan", "order_is_stored", "--json", *flag)) for flag in ([], ["--compact"]))
    for figure in ("transitions", "events", "invocations"):
        assert compact["execution"][figure]["best"] < usual["execution"][figure]["best"]
        assert compact["execution"][figure]["worst"] == usual["execution"][figure]["worst"]
    assert compact["cost"]["dollars"]["best"] < usual["cost"]["dollars"]["best"]
    assert "execution in Step Functions, compact\n" in awsit("plan", "order_is_stored", "--compact").stdout


def test_it_shows_what_a_run_would_do_and_sends_nothing(awsit, scenario, wiring):
    scenario()
    result = awsit("plan", "order_is_stored")
    assert result.exit_code == 0
    assert "POST http://orders.test/orders" in result.stdout
    assert "undone by DeleteOrder" in result.stdout
    assert "clean-up, in this order" in result.stdout
    assert "of 25,000" in result.stdout
    assert wiring.http_fake.requests == []
    assert wiring.remote.requests == []


def test_json_is_a_versioned_document(awsit, scenario):
    scenario()
    document = report_of(awsit("plan", "order_is_stored", "--json", "--var", "quantity=7"))
    assert document["version"] == "awsit.plan-forecast/1"
    assert [step["name"] for step in document["steps"]] == ["CreateOrder", "ReadOrder"]
    assert document["variables"] == {"quantity": 7}
    assert document["execution"]["events"]["best"] <= document["execution"]["events"]["worst"]
    sizes = {size["name"]: size["limit"] for size in document["sizes"]}
    assert sizes["execution input"] == 261_120
    assert sizes["scenario file"] == 1_048_576


def test_a_matrix_gives_a_forecast_for_each_run(awsit, scenario):
    scenario(PASSING.replace("actions:", "matrix: [{quantity: 1}, {quantity: 5}]\nactions:", 1))
    documents = report_of(awsit("plan", "order_is_stored", "--json"))
    assert [each["scenario"] for each in documents] == ["order_is_stored[1]", "order_is_stored[5]"]


def test_offline_asks_nobody_and_says_so(awsit, scenario, wiring):
    wiring.aws_error = AssertionError("AWS was asked")
    scenario(ON_A_STACK)
    result = awsit("plan", "order_is_stored", "--offline")
    assert result.exit_code == 0
    assert "POST <orders.ApiUrl>/orders" in result.stdout
    assert "The stack orders was not read" in result.stdout


def test_without_credentials_it_plans_all_the_same(awsit, scenario, wiring):
    wiring.aws_error = NoCredentialsError()
    scenario(ON_A_STACK)
    result = awsit("plan", "order_is_stored", "--json")
    assert result.exit_code == 0
    assert report_of(result)["stacks_not_read"] == ["orders"]


def test_a_variable_that_needs_the_stack_says_what_to_do(awsit, scenario):
    scenario(ON_A_STACK.replace("quantity: 2", "quantity: \"{{ stack('orders').Limit | int }}\""))
    result = awsit("plan", "order_is_stored", "--offline")
    assert result.exit_code == 3
    assert "plan with AWS in reach, or give --var" in result.stderr
    assert awsit("plan", "order_is_stored", "--offline", "--var", "quantity=2").exit_code == 0


def test_policy_writes_nothing_but_the_document(awsit, scenario):
    scenario(ON_A_STACK)
    document = report_of(awsit("plan", "order_is_stored", "--offline", "--policy", env={"AWS_REGION": "eu-west-1"}))
    assert set(document) == {"Version", "Statement"}
    (statement,) = document["Statement"]
    assert statement["Action"] == ["cloudformation:DescribeStacks", "cloudformation:ListStackResources"]
    assert statement["Resource"] == ["arn:aws:cloudformation:eu-west-1:<account>:stack/orders/*"]


def test_policy_says_that_the_account_is_missing(awsit, scenario):
    scenario(ON_A_STACK)
    result = awsit("plan", "order_is_stored", "--offline", "--policy")
    assert "Put the account's ID in the place of <account>" in result.stderr


def test_policy_says_that_the_region_is_missing(awsit, scenario):
    scenario(ON_A_STACK)
    nowhere = {"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}
    result = awsit("plan", "order_is_stored", "--offline", "--policy", env=nowhere)
    (statement,) = report_of(result)["Statement"]
    assert statement["Resource"] == ["arn:aws:cloudformation:<region>:<account>:stack/orders/*"]
    assert "Put the region's name in the place of <region>" in result.stderr


def test_policy_names_the_account_of_the_state_machine(awsit, scenario):
    scenario(ON_A_STACK)
    result = awsit("plan", "order_is_stored", "--offline", "--policy", "--state-machine-arn", MACHINE)
    (statement,) = report_of(result)["Statement"]
    assert statement["Resource"] == ["arn:aws:cloudformation:eu-west-1:123456789012:stack/orders/*"]
    assert "account" not in result.stderr


def test_policy_names_the_account_that_was_asked(awsit, scenario, wiring, monkeypatch):
    scenario(ON_A_STACK)
    aws = SimpleNamespace(client=lambda _: FakeStack(), region="eu-west-1", account="210987654321")
    monkeypatch.setattr(wiring, "aws", lambda _settings: aws)
    (statement,) = report_of(awsit("plan", "order_is_stored", "--policy"))["Statement"]
    assert statement["Resource"] == ["arn:aws:cloudformation:eu-west-1:210987654321:stack/orders/*"]


def test_an_output_that_is_not_there_is_shown_in_its_line_as_a_run_shows_it(awsit, scenario, wiring, monkeypatch):
    aws = SimpleNamespace(client=lambda _: FakeStack(), region="eu-west-1", account="210987654321")
    monkeypatch.setattr(wiring, "aws", lambda _settings: aws)
    scenario(ON_A_STACK.replace(".ApiUrl", ".ApiUr"))
    result = awsit("plan", "order_is_stored", "--region", "eu-west-1")
    assert result.exit_code == 4
    shown = result.stderr.splitlines()
    assert shown[0] == "error: scenarios/order_is_stored.yaml cannot be planned"
    assert "which has no such output or resource; did you mean `ApiUrl`?" in shown[2]
    line = next(at for at, each in enumerate(shown) if "{{ stack('orders').ApiUr }}" in each)
    assert shown[line + 1].count("^") == len("{{ stack('orders').ApiUr }}/orders") + 2
    assert "hint: correct the name" in result.stderr


def test_a_run_that_may_break_a_quota_is_warned_of_and_the_quota_named(awsit, scenario):
    scenario(TOO_MANY)
    result = awsit("plan", "scenarios/order_is_stored.yaml")
    assert result.exit_code == 0
    told = " ".join(result.output.split())
    assert "25,000 (quota: maximum execution history size)" in told
    assert "Poll polls most often: raise its `interval_seconds`" in told


@pytest.mark.parametrize("flags", [(), ("--json",), ("--policy",)])
def test_a_run_beyond_a_quota_is_refused_and_the_quota_named(awsit, scenario, flags):
    scenario(json.dumps({**waiting(24), "name": "waits_too_often"}))
    result = awsit("plan", "scenarios/order_is_stored.yaml", *flags)
    assert result.exit_code == 3
    assert "waits_too_often could break a quota" in result.stderr
    assert "25,000 (quota: maximum execution history size)" in result.stderr
    assert "order_is_stored.yaml:1:" in result.stderr
    assert "divide the scenario" in result.stderr


def test_a_scenario_that_is_wrong_is_told_as_validate_does(awsit, scenario):
    scenario(PASSING.replace("http_call", "http_cal", 1))
    result = awsit("plan", "order_is_stored")
    assert result.exit_code == 3
    assert "did you mean" in result.stderr


def test_policy_and_json_exclude_each_other(awsit, scenario):
    scenario()
    assert awsit("plan", "order_is_stored", "--policy", "--json").exit_code == 2


def test_a_secret_variable_is_not_shown(awsit, scenario):
    scenario(
        PASSING.replace("variables: {", 'variables: {api_key: "", ').replace(
            'quantity: "', 'key: "{{ vars.api_key }}", quantity: "'
        )
    )
    for form in ((), ("--json",)):
        shown = awsit("plan", "order_is_stored", "--var", "api_key=c4nary", *form).stdout
        assert "***" in shown
        assert "c4nary" not in shown


def test_a_template_inside_a_list_where_a_number_should_be_is_left_to_the_run(awsit, scenario):
    scenario('name: x\nactions:\n  - {name: A, type: wait, params: {seconds: ["{{ run.id }}"]}}\n')
    assert awsit("plan", "scenarios/order_is_stored.yaml", "--offline").exit_code == 0


def test_what_the_stack_costs_in_a_month(awsit, scenario, snapshot):
    scenario()
    result = awsit("plan", "order_is_stored", "--stack-cost", env={"COLUMNS": "100"})

    assert result.exit_code == 0, result.stderr
    assert result.stdout == snapshot
    cost = json.loads(awsit("plan", "order_is_stored", "--stack-cost", "--json").stdout)
    assert (cost["scenarios"], cost["runs_an_hour"], cost["not_priced"]) == (["order_is_stored"], 100, [])
    assert cost["idle"] < cost["busy"]


def test_a_policy_is_written_alone(awsit, scenario):
    scenario()
    assert awsit("plan", "order_is_stored", "--policy", "--stack-cost").exit_code == 2


def test_a_suite_and_a_hundred_thousand_runs_like_it(awsit, scenario):
    scenario()
    one = report_of(awsit("plan", "order_is_stored", "--json"))
    result = awsit("plan", "order_is_stored", "--suite", env={"COLUMNS": "150"})
    assert result.exit_code == 0
    rows = [line.split()[0] for line in result.stdout.splitlines() if line.strip()[:1].isdigit()]
    assert rows == ["1", "1", "10", "100", "1,000", "10,000", "100,000"]  # the title, then the suite's own run
    assert "state transitions of standard workflows" in result.stdout
    assert "(100 at once at most, nothing was run)" in result.stdout
    suite = json.loads(awsit("plan", "order_is_stored", "--suite", "--json", "--jobs", "3").stdout)
    assert suite["version"] == "awsit.suite-forecast/1"
    assert suite["own"]["load"]["transitions"] == one["execution"]["transitions"]["best"]
    assert suite["own"]["load"]["http_requests"] == 3
    assert suite["scaled"][-1]["load"]["runs"] == 100_000
    assert "--jobs 3" in [bound["name"] for bound in suite["own"]["bounds"]]


def quotas(answers):
    pages = SimpleNamespace(paginate=lambda **_: answers)
    return SimpleNamespace(get_paginator=lambda _: pages)


@pytest.fixture
def planned(awsit, scenario, wiring):
    def plan(service_quotas, *arguments):
        functions = SimpleNamespace(get_function_concurrency=lambda **_: {"ReservedConcurrentExecutions": 7})
        aws = FakeAws(**{"lambda": functions, "service-quotas": service_quotas})
        wiring.installed = lambda *_: (aws, SimpleNamespace(function_name="awsit-AtomicLambdaInvoker"))
        scenario()
        return awsit("plan", "order_is_stored", "--suite", *arguments, env={"COLUMNS": "150"})

    return plan


@pytest.mark.parametrize(("arguments", "concurrency"), [(["--stack", "awsit"], 7), ([], 1000), (["--offline"], 1000)])
def test_a_suite_with_a_stack_has_the_concurrency_of_its_function(planned, arguments, concurrency):
    result = planned(quotas([]), "--json", *arguments)
    assert json.loads(result.stdout)["function_concurrency"] == concurrency


def test_a_suite_with_a_stack_has_the_quotas_of_its_account(planned):
    starts = {"ServiceCode": "states", "QuotaCode": "L-1B55A735", "Value": 40.0}
    result = planned(quotas([{"Quotas": [starts]}]), "--stack", "awsit")
    words = "StartExecution: 40 (burst 1,300) calls a second in this account, by default 300 (burst 1,300)"
    assert words in result.stdout
    assert "quotas those of the account" in result.stdout.replace("\n", " ")


def test_a_suite_whose_account_may_not_be_asked_has_the_defaults_and_says_so(planned):
    denied = FailingClient(client_error("AccessDeniedException", "no", "ListServiceQuotas"))
    result = planned(denied, "--stack", "awsit", "--json")
    assert "warning: the defaults stand for the account's quotas" in result.stderr
    assert "servicequotas:ListServiceQuotas" in result.stderr
    assert json.loads(result.stdout)["account_quotas"] is None


def test_a_suite_with_a_stack_that_cannot_be_read_has_the_usual_concurrency(awsit, scenario, wiring):
    wiring.aws_error = client_error("AccessDenied", "no", "DescribeStacks")
    scenario()
    result = awsit("plan", "order_is_stored", "--suite", "--json", "--stack", "awsit")
    assert json.loads(result.stdout)["function_concurrency"] == 1000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--suite", "--policy"], "--suite shows nothing else"), (["--jobs", "3"], "add --suite")],
)
def test_options_that_contradict_each_other_are_refused(awsit, scenario, arguments, words):
    scenario()
    result = awsit("plan", "order_is_stored", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
