import pytest

from awsit.sandbox.deployment.variables import aws_hosts, lead_back, led_back

HERE = "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://ab1.execute-api.eu-west-1.amazonaws.com/prod/x?y=1", f"{HERE}/_aws/execute-api/ab1/prod/x?y=1"),
        ("https://ab1.execute-api.eu-west-1.amazonaws.com", f"{HERE}/_aws/execute-api/ab1"),
        ("https://ab1.execute-api.cn-north-1.amazonaws.com.cn/p", f"{HERE}/_aws/execute-api/ab1/p"),
        ("wss://ab1.execute-api.eu-west-1.amazonaws.com/p", "ws://127.0.0.1:4566/_aws/execute-api/ab1/p"),
        ("https://ab1.lambda-url.eu-west-1.on.aws/", f"{HERE}/_aws/lambda-url/ab1/"),
        ('{"a": "https://ab1.execute-api.eu-west-1.amazonaws.com"}', f'{{"a": "{HERE}/_aws/execute-api/ab1"}}'),
        ("https://ab1.execute-api.eu-west-1.amazonaws.com.evil.example/", None),
        ("https://api.shop.example/orders", None),
        ("orders", None),
    ],
)
def test_urls_of_apis_and_functions_lead_to_the_sandbox(value, expected):
    assert led_back(value, HERE) == (expected or value)


@pytest.mark.parametrize(
    ("value", "hosts"),
    [
        ("ab1.execute-api.eu-west-1.amazonaws.com", ["ab1.execute-api.eu-west-1.amazonaws.com"]),
        ("https://b.s3.eu-west-1.amazonaws.com/k", ["b.s3.eu-west-1.amazonaws.com"]),
        ("lambda.amazonaws.com", []),
        ("arn:aws:lambda:eu-west-1:1:function:f", []),
        ("https://shop.example", []),
    ],
)
def test_hosts_of_aws_that_stay_are_found(value, hosts):
    assert aws_hosts(value) == hosts


class FakeAws:
    """CloudFormation and Lambda of a stack with one function, in the stack that is nested in it."""

    def __init__(self, variables):
        self.variables = variables
        self.alias = "1"
        self.meta = type("Meta", (), {"endpoint_url": HERE})

    def client(self, _service):
        return self

    def get_paginator(self, _name):
        return self

    def paginate(self, StackName):  # noqa: N803 - CloudFormation's name
        kind = "AWS::Lambda::Function" if StackName == "orders" else "AWS::CloudFormation::Stack"
        types = ("AWS::SNS::Topic", kind)
        return [{"StackResourceSummaries": [{"ResourceType": each, "PhysicalResourceId": "orders"} for each in types]}]

    def get_function_configuration(self, **_):
        return {"Environment": {"Variables": self.variables}} if self.variables else {}

    def update_function_configuration(self, **request):
        self.variables = request["Environment"]["Variables"]

    def list_aliases(self, **_):
        return {"Aliases": [{"Name": "live", "FunctionVersion": self.alias}]}

    def publish_version(self, **_):
        return {"Version": "2"}

    def update_alias(self, **request):
        assert request["Name"] == "live"
        self.alias = request["FunctionVersion"]


def test_what_cannot_be_led_back_is_said():
    url = "https://ab1.execute-api.eu-west-1.amazonaws.com/p"
    aws = FakeAws({"URL": url, "HOST": "ab1.execute-api.eu-west-1.amazonaws.com", "OTHER": "x"})

    (sentence,) = lead_back(aws, "shop")

    assert sentence.startswith("the variable HOST of orders names ab1.execute-api.eu-west-1.amazonaws.com: ")
    assert aws.variables["URL"] == f"{HERE}/_aws/execute-api/ab1/p"
    assert list(lead_back(FakeAws({}), "shop")) == []


@pytest.mark.parametrize(("value", "version"), [("https://ab1.execute-api.eu-west-1.amazonaws.com", "2"), ("x", "1")])
def test_an_alias_calls_the_version_with_the_changed_variables(value, version):
    aws = FakeAws({"URL": value})

    list(lead_back(aws, "shop"))

    assert aws.alias == version
