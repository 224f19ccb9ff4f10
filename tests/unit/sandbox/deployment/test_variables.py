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
        ("https://ab1.appsync-api.eu-west-1.amazonaws.com/graphql", f"{HERE}/v1/apis/ab1/graphql"),
        ("https://shop.auth.eu-west-1.amazoncognito.com/oauth2/token", f"{HERE}/oauth2/token"),
        (
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab/.well-known/jwks.json",
            f"{HERE}/eu-west-1_Ab/.well-known/jwks.json",
        ),
        ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab", None),
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
    """CloudFormation and Lambda of stacks: the physical IDs of their resources, and functions' variables, by name."""

    def __init__(self, stacks, variables):
        self.stacks, self.variables = stacks, variables
        self.alias = "1"
        self.meta = type("Meta", (), {"endpoint_url": HERE})

    def client(self, _service):
        return self

    def get_paginator(self, _name):
        return self

    def paginate(self, StackName):  # noqa: N803 - botocore's name
        named = ((f"AWS::{kind}", name) for kind, name in self.stacks[StackName])
        return [
            {"StackResourceSummaries": [{"ResourceType": kind, "PhysicalResourceId": name} for kind, name in named]}
        ]

    def get_function_configuration(self, FunctionName):  # noqa: N803
        variables = self.variables.get(FunctionName)
        return {"Environment": {"Variables": variables}} if variables else {}

    def update_function_configuration(self, FunctionName, Environment):  # noqa: N803
        self.variables[FunctionName] = Environment["Variables"]

    def list_aliases(self, **_):
        return {"Aliases": [{"Name": "live", "FunctionVersion": self.alias}]}

    def publish_version(self, **_):
        return {"Version": "2"}

    def update_alias(self, **request):
        assert request["Name"] == "live"
        self.alias = request["FunctionVersion"]


def test_what_cannot_be_led_back_is_said():
    url = "https://ab1.execute-api.eu-west-1.amazonaws.com/p"
    variables = {"URL": url, "HOST": "ab1.execute-api.eu-west-1.amazonaws.com", "OTHER": "x"}
    aws = FakeAws({"shop": [("SNS::Topic", "topic"), ("Lambda::Function", "orders")]}, {"orders": variables})

    (sentence,) = lead_back(aws, "shop")

    assert sentence.startswith("the variable HOST of orders names ab1.execute-api.eu-west-1.amazonaws.com: ")
    assert aws.variables["orders"]["URL"] == f"{HERE}/_aws/execute-api/ab1/p"


def test_a_function_without_variables_is_left_alone():
    aws = FakeAws({"shop": [("Lambda::Function", "orders")]}, {})

    assert list(lead_back(aws, "shop")) == []
    assert aws.variables == {}


def test_functions_of_nested_stacks_are_led_back_too():
    inner = "arn:aws:cloudformation:us-east-1:000000000000:stack/shop-inner/1"
    stacks = {"shop": [("CloudFormation::Stack", inner)], inner: [("Lambda::Function", "orders")]}
    aws = FakeAws(stacks, {"orders": {"URL": "https://ab1.execute-api.eu-west-1.amazonaws.com"}})

    assert list(lead_back(aws, "shop")) == []
    assert aws.variables["orders"]["URL"] == f"{HERE}/_aws/execute-api/ab1"


def test_an_id_that_a_function_makes_a_url_of_is_said():
    stacks = {"shop": [("ApiGatewayV2::Api", "ab1"), ("Cognito::UserPool", "p_1"), ("Lambda::Function", "orders")]}
    aws = FakeAws(stacks, {"orders": {"API": "ab1", "POOL": "p_1", "PRODUCT": "ab12"}})

    sentences = list(lead_back(aws, "shop"))

    assert [sentence.partition(": ")[0] for sentence in sentences] == [
        "the variable API of orders is the ID of an API",
        "the variable POOL of orders is the ID of a user pool",
    ]


def test_variables_of_its_own_do_not_free_a_function_of_the_guard():
    variables = {"NODE_OPTIONS": "--enable-source-maps", "PYTHONPATH": "/opt/lib"}
    aws = FakeAws({"shop": [("Lambda::Function", "orders")]}, {"orders": variables})

    assert list(lead_back(aws, "shop")) == list(lead_back(aws, "shop")) == []

    after = aws.variables["orders"]
    assert after["NODE_OPTIONS"].startswith("--enable-source-maps --require=")
    assert after["NODE_OPTIONS"].count("refuse_aws.js") == 1
    assert after["PYTHONPATH"].startswith("/opt/lib:")


def test_an_alias_calls_the_version_with_the_changed_variables():
    url = "https://ab1.execute-api.eu-west-1.amazonaws.com"
    aws = FakeAws({"shop": [("Lambda::Function", "orders")]}, {"orders": {"URL": url}})

    list(lead_back(aws, "shop"))
    moved = aws.alias
    aws.alias = "1"
    list(lead_back(aws, "shop"))

    assert (moved, aws.alias) == ("2", "1")  # the second time, nothing was to be changed
