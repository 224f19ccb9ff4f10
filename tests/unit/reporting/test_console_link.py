"""Addresses in the AWS console."""

import pytest

from awsit.reporting.console_link import console_link, dashboard_link, trace_link

MACHINE = "arn:{}:states:{}:{}:stateMachine:awsit-test-flow"
HOSTS = [
    ("aws", "eu-west-1", "console.aws.amazon.com"),
    ("aws-cn", "cn-north-1", "console.amazonaws.cn"),
    ("aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com"),
]


@pytest.mark.parametrize(("partition", "region", "host"), HOSTS)
def test_each_page_is_in_the_console_of_its_partition(partition, region, host):
    machine = MACHINE.format(partition, region, "123456789012")
    arn = machine.replace("stateMachine", "execution") + ":run-1"
    home = f"https://{region}.{host}"

    assert console_link(arn) == f"{home}/states/home?region={region}#/v2/executions/details/{arn}"
    assert dashboard_link(machine, "shop") == (
        f"{home}/cloudwatch/home?region={region}#dashboards/dashboard/shop-{region}"
    )
    assert trace_link(arn, "1-abc") == f"{home}/cloudwatch/home?region={region}#xray:traces/1-abc"


@pytest.mark.parametrize(("partition", "account"), [("aws", "000000000000"), ("aws-iso", "123456789012")])
def test_where_there_is_no_console_there_is_no_page(partition, account):
    machine = MACHINE.format(partition, "us-east-1", account)
    arn = machine.replace("stateMachine", "execution") + ":run-1"

    assert (console_link(arn), dashboard_link(machine, "shop"), trace_link(arn, "1-abc")) == ("", "", "")


def test_what_is_no_execution_has_no_page():
    assert console_link("") == console_link(MACHINE.format("aws", "eu-west-1", "123456789012")) == ""
