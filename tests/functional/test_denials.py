"""What a run in a sandbox says that an account would deny, and the sandbox that denies it itself."""

import pytest
from tests.functional.fakes import report_of

from awsit.records import replace

HERE = "us-east-1:000000000000"
TABLE = f"arn:aws:dynamodb:{HERE}:table/orders"
READS = """
name: order_is_read
actions:
  - {name: Read, type: dynamodb, params: {operation: get_item, table: orders, key: {id: "1"}}}
  - {name: Remove, type: dynamodb, params: {operation: delete_item, table: orders, key: {id: "1"}}}
"""
SENDS = """
name: message_is_sent
actions:
  - name: Send
    type: aws_api
    params: {service: sqs, operation: list_queues}
"""
TRACES = """
name: order_is_traced
actions:
  - {name: Order, type: trace, params: {trace_id: 1-5759e988-bd862e3fe1be46a994272793}}
"""
LISTENS = """
name: order_is_announced
actions:
  - name: Orders
    type: listen
    params: {event_bus: shop, pattern: {source: [orders]}}
"""


@pytest.fixture
def allow(wiring):
    """Let the function's role do some actions on one resource, by a parameter of its stack."""

    def set_policy(actions, resource, **parameters):
        statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
        wiring.role = replace(wiring.role, policies=[{"Statement": [statement]}], parameters=parameters)

    return set_policy


def test_what_an_account_would_deny_is_said_once_with_what_allows_it(awsit, scenario):
    scenario(READS, "order_is_read.yaml")
    scenario(READS.replace("order_is_read", "read_again"), "read_again.yaml")

    said = awsit("run", "order_is_read", "read_again", "--sandbox").stderr

    assert said.count("warning: an account would deny these calls") == 1
    assert said.count(f"\n  dynamodb:GetItem, dynamodb:DeleteItem on {TABLE}\n") == 1
    assert f"hint: awsit deploy --sandbox --parameter AllowedTableArns={TABLE}; in an account the same" in said


def test_the_report_has_what_its_own_run_would_be_denied(awsit, scenario):
    scenario(READS, "order_is_read.yaml")
    scenario(SENDS, "message_is_sent.yaml")

    read, sent = report_of(awsit("run", "order_is_read", "message_is_sent", "--sandbox", "--json"))

    assert [each["code"] for each in read["warnings"]] == ["would_be_denied"]
    assert f"dynamodb:DeleteItem on {TABLE}" in read["warnings"][0]["message"]
    assert "sqs:ListQueues" not in read["warnings"][0]["message"]
    assert "--parameter ActionPolicyArns=ARN; ARN is that of a managed policy" in sent["warnings"][0]["hint"]


def test_what_has_no_resources_is_switched_on(awsit, scenario, allow):
    scenario(TRACES, "order_is_traced.yaml")
    allow("sqs:SendMessage", "*", AllowTraces="false")

    said = awsit("run", "order_is_traced", "--sandbox").stderr

    assert "\n  xray:BatchGetTraces on *\n" in said
    assert "hint: awsit deploy --sandbox --parameter AllowTraces=true; in an account the same" in said


def test_a_tap_asks_for_its_source(awsit, scenario):
    scenario(LISTENS, "order_is_announced.yaml")

    said = awsit("run", "order_is_announced", "--sandbox").stderr

    assert "sqs:CreateQueue, " in said
    buses = f"AllowedBusArns=arn:aws:events:{HERE}:event-bus/shop"
    assert f"hint: awsit deploy --sandbox --parameter {buses}; in an account the same" in said


def test_the_command_keeps_what_the_parameter_lists(awsit, scenario, allow):
    scenario(READS, "order_is_read.yaml")
    other = f"arn:aws:dynamodb:{HERE}:table/customers"
    allow(["dynamodb:GetItem", "dynamodb:DeleteItem"], other, AllowedTableArns=other)

    assert f"--parameter AllowedTableArns={other},{TABLE};" in awsit("run", "order_is_read", "--sandbox").stderr


def test_a_name_that_is_not_known_yet_is_left_to_the_person(awsit, scenario):
    scenario(READS.replace("table: orders", 'table: "{{ uuid() }}"'), "order_is_read.yaml")

    said = awsit("run", "order_is_read", "--sandbox").stderr

    assert f"--parameter AllowedTableArns=arn:aws:dynamodb:{HERE}:table/NAME;" in said


def test_what_is_allowed_is_not_warned_of(awsit, scenario, allow):
    scenario(READS, "order_is_read.yaml")
    allow("dynamodb:*", f"arn:aws:dynamodb:{HERE}:table/*")

    result = awsit("run", "order_is_read", "--sandbox", "--json")

    assert "warning" not in result.stderr
    assert report_of(result)["warnings"] == []


def test_where_policies_are_enforced_all_that_they_deny_is_said_before(awsit, scenario, wiring):
    scenario(READS, "order_is_read.yaml")
    wiring.sandbox_fake.info = replace(wiring.sandbox_fake.info, enforces_policies=True)

    said = awsit("run", "order_is_read", "--sandbox", "--enforce-policies").stderr

    assert "warning: the policies of the role of actions do not allow these calls:" in said
    assert f"\n  dynamodb:GetItem, dynamodb:DeleteItem on {TABLE}\n" in said
    assert f"hint: awsit deploy --sandbox --parameter AllowedTableArns={TABLE}" in said


def test_a_sandbox_that_enforces_nothing_is_not_taken_for_one_that_does(awsit, scenario):
    scenario(READS, "order_is_read.yaml")
    awsit("sandbox", "start")

    result = awsit("run", "order_is_read", "--sandbox", "--enforce-policies")

    assert result.exit_code == 4
    assert "was started without --enforce-policies" in result.stderr


def test_the_local_engine_acts_as_the_person(awsit, scenario, wiring):
    scenario()
    wiring.sandbox_fake.info = replace(wiring.sandbox_fake.info, enforces_policies=True)
    local = ("run", "order_is_stored", "--sandbox", "--engine", "local")

    assert "acts with your own credentials" in awsit(*local, "--enforce-policies").stderr
    assert "acts with your own credentials" not in awsit(*local).stderr


@pytest.mark.parametrize("command", [("run", "order_is_stored"), ("deploy",)])
def test_an_account_needs_no_flag_to_enforce_policies(awsit, scenario, command):
    scenario()

    result = awsit(*command, "--enforce-policies")

    assert result.exit_code == 2
    assert "--enforce-policies is for a sandbox" in result.stderr


def test_the_status_says_whether_policies_are_enforced(awsit, wiring):
    awsit("sandbox", "start")

    assert "policies  not enforced" in awsit("sandbox", "status").stdout
    assert report_of(awsit("sandbox", "status", "--json"))["enforces_policies"] is False
