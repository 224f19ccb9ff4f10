import pytest

from awsit.aws.deployment import template
from awsit.errors import InvalidInputError, NotFoundError

SAMPLE = """
AWSTemplateFormatVersion: 2010-09-09
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {CodeUri: shared}
Conditions:
  IsBig: !Equals [a, a]
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Condition: IsBig
    Properties:
      CodeUri: worker
      Role: !GetAtt Role.Arn
      Environment: {Variables: {NAME: !Sub "${AWS::StackName}-x", OTHER: !If [IsBig, !Ref Worker, !Ref AWS::NoValue]}}
  Plain:
    Type: AWS::Lambda::Function
    Properties: {Code: plain.zip}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties: {DefinitionUri: flow.asl.json}
  Uploaded:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: "s3://bucket/key"}
  Shared:
    Type: AWS::Serverless::Function
  Image:
    Type: AWS::Serverless::Function
    Properties: {PackageType: Image}
  Inline:
    Type: AWS::Serverless::Function
    Properties: {InlineCode: x}
  Queue:
    Type: AWS::SQS::Queue
"""


def write(tmp_path, text):
    path = tmp_path / "template.yaml"
    path.write_text(text)
    return path


def test_short_forms_are_written_out(tmp_path):
    document = template.read(write(tmp_path, SAMPLE))
    worker = document["Resources"]["Worker"]["Properties"]

    assert document["AWSTemplateFormatVersion"] == "2010-09-09"
    assert worker["Role"] == {"Fn::GetAtt": ["Role", "Arn"]}
    assert worker["Environment"]["Variables"] == {
        "NAME": {"Fn::Sub": "${AWS::StackName}-x"},
        "OTHER": {"Fn::If": ["IsBig", {"Ref": "Worker"}, {"Ref": "AWS::NoValue"}]},
    }


def test_local_files_of_all_kinds_are_found(tmp_path):
    found = template.local_files(template.read(write(tmp_path, SAMPLE)), tmp_path)

    assert [(local.resource, local.path.name, local.zipped) for local in found] == [
        ("Worker", "worker", True),
        ("Plain", "plain.zip", True),
        ("Flow", "flow.asl.json", False),
        ("Shared", "shared", True),
    ]


def test_local_files_in_loops_are_found(tmp_path):
    text = """
Resources:
  Fn::ForEach::Functions:
    - Name
    - [Read, Write]
    - ${Name}Function:
        Type: AWS::Serverless::Function
        Properties: {CodeUri: code}
"""
    (found,) = template.local_files(template.read(write(tmp_path, text)), tmp_path)

    assert (found.resource, found.path) == ("${Name}Function", tmp_path / "code")


def test_a_local_file_is_replaced_by_its_object(tmp_path):
    document = template.read(write(tmp_path, SAMPLE))
    for local in template.local_files(document, tmp_path):
        local.replace("bucket", local.resource)

    resources = document["Resources"]
    assert resources["Worker"]["Properties"]["CodeUri"] == {"Bucket": "bucket", "Key": "Worker"}
    assert resources["Plain"]["Properties"]["Code"] == {"S3Bucket": "bucket", "S3Key": "Plain"}
    assert resources["Shared"]["Properties"]["CodeUri"] == {"Bucket": "bucket", "Key": "Shared"}
    assert "CodeUri" not in document["Globals"]["Function"]
    assert list(template.local_files(document, tmp_path)) == []


def test_without_a_code_uri_a_function_is_its_template_s_folder(tmp_path):
    document = {"Resources": {"It": {"Type": "AWS::Serverless::Function"}}}

    assert [local.path for local in template.local_files(document, tmp_path)] == [tmp_path]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", r"is not YAML or JSON: .*\n?.*line 1, column"),
        ("name: order_is_stored", "is not a CloudFormation template: it has no Resources"),
        ("Resources: {}", "is not a CloudFormation template: it has no Resources"),
        ("- 1", "is not a CloudFormation template"),
        ("", "is not a CloudFormation template"),
    ],
)
def test_what_is_no_template(tmp_path, text, message):
    with pytest.raises(InvalidInputError, match=f"(?s){message}"):
        template.read(write(tmp_path, text))


def test_a_template_that_is_not_there(tmp_path):
    with pytest.raises(NotFoundError, match="No such file") as caught:
        template.read(tmp_path / "nope.yaml")

    assert "--template" in caught.value.hint


def test_a_tag_cannot_run_anything(tmp_path):
    with pytest.raises(InvalidInputError, match="could not determine a constructor"):
        template.read(write(tmp_path, "Resources: {A: !!python/object/apply:os.getcwd []}"))


def test_included_files_are_put_in_their_place(tmp_path):
    (tmp_path / "routes.yaml").write_text("paths: {/a: {get: {uri: !Sub '${F.Arn}'}}}\n")
    (tmp_path / "part.yaml").write_text("Fn::Transform: {Name: AWS::Include, Parameters: {Location: routes.yaml}}\n")
    included = "{openapi: 3.0.1, Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}}"
    remote = "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}}"
    text = f"Resources: {{A: {{Properties: {{Body: {included}}}}}, B: {{Properties: {{Body: {remote}}}}}}}"

    resources = template.read(write(tmp_path, text))["Resources"]

    assert resources["A"]["Properties"]["Body"] == {
        "openapi": "3.0.1",
        "paths": {"/a": {"get": {"uri": {"Fn::Sub": "${F.Arn}"}}}},
    }
    assert resources["B"]["Properties"]["Body"]["Fn::Transform"]["Name"] == "AWS::Include"


def test_an_included_file_that_is_not_there_is_named(tmp_path):
    text = "Resources: {A: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: nope.yaml}}}}"

    with pytest.raises(NotFoundError, match=r"nope\.yaml cannot be read"):
        template.read(write(tmp_path, text))


def test_documents_of_apis_can_be_put_into_the_template(tmp_path):
    (tmp_path / "api.yaml").write_text("openapi: 3.0.1\n")
    document = {
        "Resources": {
            "Sam": {"Type": "AWS::Serverless::HttpApi", "Properties": {"DefinitionUri": "api.yaml"}},
            "Plain": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"BodyS3Location": "api.yaml"}},
            "There": {"Type": "AWS::Serverless::Api", "Properties": {"DefinitionUri": "s3://b/k"}},
        }
    }

    template.inline_definitions(document, tmp_path)

    properties = {name: resource["Properties"] for name, resource in document["Resources"].items()}
    assert properties == {
        "Sam": {"DefinitionBody": {"openapi": "3.0.1"}},
        "Plain": {"Body": {"openapi": "3.0.1"}},
        "There": {"DefinitionUri": "s3://b/k"},
    }
