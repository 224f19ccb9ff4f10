import pytest

from awsit.aws.deployment import template
from awsit.errors import InvalidInputError

TOPIC = "Resources: {T: {Type: AWS::SNS::Topic}}"
FUNCTION = "Resources: {F: {Type: AWS::Lambda::Function, Properties: %s}}"
API = "Resources: {A: {Type: AWS::ApiGatewayV2::Api, Properties: {Body: %s}}}"


def read(tmp_path, text):
    path = tmp_path / "template.yaml"
    path.write_text(text)
    return template.read(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Resources: {T: AWS::SNS::Topic}", "Resources.T must be a mapping with a Type"),
        ("Resources: {T: }", "Resources.T must be a mapping with a Type"),
        ("Resources: {T: {Type: [AWS::SNS::Topic]}}", "Resources.T must be a mapping with a Type"),
        ("Resources: {T: {Type: AWS::SNS::Topic, Properties: [a]}}", "Resources.T.Properties must be a mapping"),
        (f"Outputs: [a]\n{TOPIC}", "Outputs must be a mapping"),
        (f"Parameters: [Stage]\n{TOPIC}", "Parameters must be a mapping"),
        (f"Parameters: {{Stage: }}\n{TOPIC}", "Parameters.Stage must be a mapping with a Type"),
        (
            "Resources: {'Fn::ForEach::Topics': []}",
            "Resources.Fn::ForEach::Topics must be a list of an identifier, a collection and a mapping of resources",
        ),
        (
            "Resources: {'Fn::ForEach::Topics': [Name, [a], {'T${Name}': 3}]}",
            "Resources.Fn::ForEach::Topics.T${Name} must be a mapping with a Type",
        ),
        (FUNCTION % "{Environment: x}", "Resources.F.Properties.Environment must be a mapping"),
        (
            FUNCTION % "{Environment: {Variables: [A]}}",
            "Resources.F.Properties.Environment.Variables must be a mapping",
        ),
        (FUNCTION % "{Layers: 3}", "Resources.F.Properties.Layers must be a list"),
        (API % "[]", None),
        (API % "'{}'", None),
        (API % "[a]", "Resources.A.Properties.Body must be a mapping"),
        (API % "{paths: {/a: 3}}", "Resources.A.Properties.Body.paths./a must be a mapping"),
        (API % "{paths: {/a: {get: 3}}}", "Resources.A.Properties.Body.paths./a.get must be a mapping"),
        (
            API % "{paths: {/a: {get: {x-amazon-apigateway-integration: 3}}}}",
            "Resources.A.Properties.Body.paths./a.get.x-amazon-apigateway-integration must be a mapping",
        ),
        (FUNCTION % "{Code: ./folder}", None),
        (
            "Resources: {P: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: x}}}",
            "Resources.P.Properties.LambdaConfig must be a mapping",
        ),
        (
            "Resources: {M: {Type: AWS::ApiGateway::Method, Properties: {Integration: [x]}}}",
            "Resources.M.Properties.Integration must be a mapping",
        ),
        (API % "{info: x}", "Resources.A.Properties.Body.info must be a mapping"),
        (API % "{security: x}", "Resources.A.Properties.Body.security must be a list"),
        (
            API % "{components: {securitySchemes: {s: x}}}",
            "Resources.A.Properties.Body.components.securitySchemes.s must be a mapping",
        ),
        (API % "{components: {securitySchemes: !If [A, {}, {}]}, paths: !If [A, {}, {}]}", None),
        (API % "{paths: {/a: {parameters: [{name: a, in: query}], summary: b, get: {}}}}", None),
        ("Resources: {'Fn::ForEach::Topics': [Name, [a], {'T${Name}': {Type: AWS::SNS::Topic}}]}", None),
        (FUNCTION % "{Layers: !If [A, [b], !Ref AWS::NoValue]}", None),
    ],
)
def test_what_has_another_shape_is_told_with_its_place(tmp_path, text, message):
    if message is None:
        assert read(tmp_path, text)["Resources"]
        return
    with pytest.raises(InvalidInputError, match="is not a CloudFormation template") as caught:
        read(tmp_path, text)
    assert [problem.message for problem in caught.value.problems] == [message]


@pytest.mark.parametrize(
    ("included", "reason"), [("template.yaml", "it includes itself"), ("list.yaml", "not a mapping")]
)
def test_what_cannot_be_included(tmp_path, included, reason):
    (tmp_path / "list.yaml").write_text("[a]")
    text = f"Resources: {{A: {{Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: {included}}}}}}}}}"

    with pytest.raises(InvalidInputError, match=f"{included} cannot be included: .*{reason}"):
        read(tmp_path, text)
