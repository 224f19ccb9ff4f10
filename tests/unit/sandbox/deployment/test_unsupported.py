import pytest

from awsit.sandbox.deployment.unsupported import unsupported, with_placeholders

TEMPLATED = {"x-amazon-apigateway-integration": {"type": "aws", "requestTemplates": {"application/json": "{}"}}}
POWERTOOLS = "arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:7"
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
            {"Layers": [{"Fn::Sub": "arn:aws:lambda:${AWS::Region}:580247275435:layer:LambdaInsights:38"}]},
            "It.Layers: the layer LambdaInsights of account 580247275435 is left out",
        ),
        (
            "AWS::ApiGateway::RestApi",
            {"Body": {"paths": {"/a": {"post": TEMPLATED}}}},
            "It.Body.paths./a.post.x-amazon-apigateway-integration.requestTemplates: ",
        ),
        (
            "AWS::ApiGateway::RestApi",
            {"Body": {"paths": {"/a": {"get": {"x-amazon-apigateway-auth": {"type": "AWS_IAM"}}}}}},
            "It.Body.paths./a.get.x-amazon-apigateway-auth: it is left out",
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
        ("AWS::Lambda::Function", {"Runtime": "python3.13", "Layers": [POWERTOOLS, {"Ref": "Layer"}]}),
        ("AWS::Lambda::Function", {"Runtime": {"Ref": "Runtime"}}),
        ("AWS::ApiGateway::RestApi", {"Body": {"paths": {"/a": {"get": {}, "parameters": []}}}}),
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
