import copy
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from awsit.aws.deployment.template import shape
from awsit.errors import InvalidInputError
from awsit.sandbox.deployment.http_api import with_routes
from awsit.sandbox.deployment.unsupported import unsupported, with_placeholders

INTEGRATION = "x-amazon-apigateway-integration"


def uri(service):
    return {
        "Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"}, f":{service}"]]
    }


TEMPLATED = {
    INTEGRATION: {
        "type": "aws",
        "uri": uri("lambda:path/2015-03-31/functions/f/invocations"),
        "requestTemplates": {"application/json": "{}"},
    }
}
MOCK = {INTEGRATION: {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}}}
QUEUE = {INTEGRATION: {**TEMPLATED[INTEGRATION], "uri": uri("sqs:path/0/q")}}
POWERTOOLS = "arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:7"
INSIGHTS = "arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension-Arm64:5"
SHORT = '{"Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"Key": {"id.$": "$.id"}}}'


def problems(kind, **properties):
    return [str(each) for each in unsupported({"Resources": {"It": {"Type": kind, "Properties": properties}}})]


@pytest.mark.parametrize(
    ("kind", "properties", "problem"),
    [
        ("AWS::CloudWatch::CompositeAlarm", {}, "It: AWS::CloudWatch::CompositeAlarm is not emulated"),
        ("AWS::Lambda::Function", {"PackageType": "Image"}, "It.PackageType: functions in container images"),
        ("AWS::Lambda::Function", {"Runtime": "java21"}, "It.Runtime: java21 does not run here"),
        (
            "AWS::Lambda::Function",
            {"Layers": [{"Fn::Sub": "arn:aws:lambda:${AWS::Region}:901920570463:layer:aws-otel-python:1"}]},
            "It.Layers: the layer aws-otel-python of account 901920570463 is left out",
        ),
        (
            "AWS::ApiGateway::RestApi",
            {"Body": {"paths": {"/a": {"post": TEMPLATED}}}},
            "It.Body.paths./a.post.x-amazon-apigateway-integration: mapping templates of an integration with Lambda",
        ),
        (
            "AWS::ApiGateway::Method",
            {"Integration": {"Type": "AWS", "Uri": uri("dynamodb:action/PutItem")}},
            "It.Integration: the integration of a REST API with dynamodb is not emulated",
        ),
        (
            "AWS::ApiGateway::Method",
            {
                "Integration": {
                    "Type": "AWS",
                    "Uri": uri("lambda:path/2015-03-31/functions/f/invocations"),
                    "IntegrationResponses": [{"ResponseTemplates": {"application/json": "$input.path('$')"}}],
                }
            },
            "It.Integration: mapping templates of an integration with Lambda are left out",
        ),
        (
            "AWS::ApiGatewayV2::Integration",
            {"IntegrationSubtype": "SQS-SendMessage"},
            "It.IntegrationSubtype: the integration SQS-SendMessage of an HTTP API is not emulated",
        ),
        ("AWS::ApiGatewayV2::Api", {"Body": '{"openapi": "3.0.1"}'}, "It.Body: an OpenAPI document as text is not"),
        (
            "AWS::ApiGatewayV2::Api",
            {"Body": {"paths": {"/a": {"post": {INTEGRATION: {"integrationSubtype": "EventBridge-PutEvents"}}}}}},
            "It.Body.paths./a.post.x-amazon-apigateway-integration: the integration EventBridge-PutEvents of an HTTP",
        ),
        (
            "AWS::Serverless::Function",
            {},
            "It: AWS::Serverless::Function needs `Transform: AWS::Serverless-2016-10-31`, in an account too",
        ),
        (
            "Custom::Files",
            {
                "ServiceToken": {
                    "Fn::GetAtt": ["CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C81C01536", "Arn"]
                }
            },
            "It: CDK's BucketDeployment needs the AWS CLI",
        ),
        (
            "AWS::ApiGatewayV2::Api",
            {"BodyS3Location": {"Bucket": "b", "Key": "k"}},
            "It.Body: an OpenAPI document outside",
        ),
        (
            "AWS::Cognito::UserPool",
            {"LambdaConfig": {"PreSignUp": "arn"}},
            "It.LambdaConfig.PreSignUp: it is not called",
        ),
        ("AWS::StepFunctions::StateMachine", {"DefinitionString": SHORT}, "It.DefinitionString: the short form"),
    ],
)
def test_what_is_not_emulated_is_named_by_resource_and_property(kind, properties, problem):
    (sentence,) = problems(kind, **properties)

    assert sentence.startswith(problem)


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::SNS::Topic", {}),
        ("AWS::Lambda::Function", {"Runtime": "python3.13", "Layers": [POWERTOOLS, INSIGHTS, {"Ref": "Layer"}]}),
        ("AWS::Lambda::Function", {"Runtime": {"Ref": "Runtime"}}),
        ("AWS::ApiGateway::RestApi", {"Body": {"paths": {"/a": {"get": {}, "parameters": []}}}}),
        ("AWS::ApiGateway::RestApi", {"Body": {"paths": {"/a": {"options": MOCK, "post": QUEUE}}}}),
        ("AWS::ApiGateway::Method", {"Integration": {"Type": "AWS_PROXY", "Uri": uri("lambda:path/f")}}),
        ("AWS::ApiGateway::Method", {}),
        ("AWS::ApiGatewayV2::Deployment", {}),
        ("Custom::Mine", {"ServiceToken": {"Fn::GetAtt": ["Mine", "Arn"]}}),
        (
            "AWS::StepFunctions::StateMachine",
            {"DefinitionString": SHORT.replace('"id.$": "$.id"', '"id": {"S.$": "$.id"}')},
        ),
    ],
)
def test_what_is_emulated_is_not(kind, properties):
    assert problems(kind, **properties) == []


def test_a_type_under_a_condition_is_left_to_the_emulator():
    alarm = {"Type": "AWS::CloudWatch::CompositeAlarm", "Condition": "IsProduction"}

    assert unsupported({"Resources": {"Alarm": alarm}}) == []


def test_placeholders_stand_for_what_is_not_emulated():
    topic = {"Type": "AWS::SNS::Topic"}
    template = {"Resources": {"Alarm": {"Type": "AWS::CloudWatch::CompositeAlarm"}, "Topic": topic}}

    assert with_placeholders(template)["Resources"] == {
        "Alarm": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Topic": topic,
    }


OPERATION = {
    "x-amazon-apigateway-integration": {
        "type": "aws",
        "uri": "arn:aws:apigateway:us-east-1:lambda:path/x",
        "responses": {"default": {"responseTemplates": {"a": "b"}}},
    },
    "security": [{"auth": []}],
}
SCHEME = {
    "type": "apiKey",
    "x-amazon-apigateway-authorizer": {"type": "request", "identitySource": "$request.header.A"},
}
BODY = {
    "info": {"title": "orders"},
    "paths": {"/a": {"get": OPERATION}},
    "components": {"securitySchemes": {"auth": SCHEME}},
    "security": [{"auth": []}],
    "x-amazon-apigateway-cors": {"allowOrigins": ["*"]},
}
METHOD = {"Type": "AWS", "Uri": OPERATION, "IntegrationResponses": [{"ResponseTemplates": {"a": "b"}}]}
READ = {
    "AWS::Lambda::Function": {"Runtime": "python3.12", "Layers": ["a"], "Code": {"S3Bucket": "b", "S3Key": "k"}},
    "AWS::ApiGateway::RestApi": {"Body": BODY},
    "AWS::ApiGateway::Method": {"Integration": METHOD},
    "AWS::ApiGatewayV2::Api": {"Body": BODY, "CorsConfiguration": {"AllowOrigins": ["*"]}, "Target": "http://a"},
    "AWS::ApiGatewayV2::Integration": {"IntegrationSubtype": "SQS-SendMessage"},
    "AWS::Cognito::UserPool": {"LambdaConfig": {"PreSignUp": "arn"}},
    "AWS::StepFunctions::StateMachine": {"Definition": {"StartAt": "A"}},
}
"""Properties that are read here, by resource type."""


def misshapen(node: Any) -> Iterator[Any]:
    """The document with each of its values in turn replaced by one of another shape."""
    yield from (None, 3, "x", ["x"], {"x": "y"})
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        for changed in misshapen(value):
            whole = copy.copy(node)
            whole[key] = changed
            yield whole


@pytest.mark.parametrize("kind", READ)
def test_no_shape_of_a_property_ends_in_a_bug(kind: str) -> None:
    for properties in misshapen(READ[kind]):
        template = {"Resources": {"R": {"Type": kind, "Properties": properties}}}
        with suppress(InvalidInputError):
            shape.check(Path("template.yaml"), template)
            unsupported(template)
            with_routes(with_placeholders(template))
