"""Templates that CDK has synthesised, with the manifest of their assets beside them."""

import json
import zipfile
from io import BytesIO

import pytest
from tests.unit.aws.fakes import FakeAws, FakeCloudFormation, FakeS3

from awsit.aws.deployment.deploy import deploy
from awsit.aws.deployment.model import DeployOptions, Packaged
from awsit.errors import InvalidInputError
from awsit.sandbox.deployment.target import SandboxTarget
from awsit.system.clock import FakeClock

ASSETS = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
BUCKET = "cdk-hnb659fds-assets-123456789012-eu-west-1"
NESTED = {"Resources": {"Hook": {"Type": "AWS::XRay::Group"}}}
BOOTSTRAP = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}


class Emulated(SandboxTarget):
    """A sandbox that has no functions."""

    def finish(self, _aws, _stack_name):
        return ()


def entry(path, key, packaging="file"):
    destination = {"bucketName": ASSETS, "objectKey": key}
    return {
        "displayName": f"{path} of the stack",
        "source": {"path": path, "packaging": packaging},
        "destinations": {"current_account-current_region": destination},
    }


@pytest.fixture
def assembly(tmp_path):
    """Write the assembly of a stack; returns the options of its deployment to a sandbox."""

    def make(nested=None, manifest=True, **files):
        (tmp_path / "asset.1").mkdir()
        (tmp_path / "asset.1" / "app.py").write_text("pass")
        files = {"1": entry("asset.1", "1.zip", "zip"), "2": entry("Orders.template.json", "2.json"), **files}
        if nested:
            (tmp_path / "OrdersPart.nested.template.json").write_text(json.dumps(nested))
            files["3"] = entry("OrdersPart.nested.template.json", "3.json")
        if manifest:
            (tmp_path / "Orders.assets.json").write_text(json.dumps({"version": "36.0.0", "files": files}))
        document = {
            "Parameters": {"BootstrapVersion": BOOTSTRAP},
            "Rules": {"CheckBootstrapVersion": {"Assertions": []}},
            "Resources": {"Meta": {"Type": "AWS::CDK::Metadata", "Properties": {}}},
        }
        (tmp_path / "Orders.template.json").write_text(json.dumps(document))
        return DeployOptions(tmp_path / "c", "orders", tmp_path / "Orders.template.json", target=Emulated())

    return make


@pytest.fixture
def cloudformation():
    return FakeCloudFormation()


@pytest.fixture
def aws(cloudformation):
    return FakeAws(cloudformation=cloudformation, s3=FakeS3())


def test_assets_are_where_the_template_looks_for_them(aws, cloudformation, assembly):
    events = list(deploy(aws, FakeClock(), assembly()))

    objects = aws.client("s3").buckets[BUCKET]
    with zipfile.ZipFile(BytesIO(objects["1.zip"][-1])) as archive:
        assert archive.namelist() == ["app.py"]
    assert list(objects) == ["1.zip"]
    (packaged,) = [event for event in events if isinstance(event, Packaged)]
    assert (packaged.resource, packaged.uploaded) == ("asset.1 of the stack", True)
    sent = json.loads(cloudformation.change_sets[0]["TemplateBody"])
    assert sent == {"Resources": {"Meta": {"Type": "AWS::CDK::Metadata", "Properties": {}}}}


def test_the_second_time_nothing_is_uploaded(aws, assembly):
    options = assembly()
    list(deploy(aws, FakeClock(), options))

    events = list(deploy(aws, FakeClock(), options))

    assert [event.uploaded for event in events if isinstance(event, Packaged)] == [False]


def test_a_nested_stack_is_checked_before_anything_is_uploaded(aws, assembly):
    with pytest.raises(InvalidInputError) as caught:
        list(deploy(aws, FakeClock(), assembly(nested=NESTED)))

    assert caught.value.problems[0].message == "Hook: AWS::XRay::Group is not emulated"
    assert aws.client("s3").buckets == {}


@pytest.mark.parametrize(("name", "problems"), [("Handler886C", 1), ("CustomS3AutoDeleteObjectsHandler9D90", 0)])
def test_code_that_needs_the_sdk_of_lambda_is_told_unless_it_is_cdk_s_own(aws, assembly, tmp_path, name, problems):
    options = assembly()
    (tmp_path / "asset.1" / "index.mjs").write_text("import { S3 } from '@aws-sdk/client-s3'")
    code = {"S3Bucket": {"Fn::Sub": ASSETS}, "S3Key": "1.zip"}
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Code": code, "Runtime": "nodejs22.x"}}
    options.template.write_text(json.dumps({"Resources": {name: function}}))

    found = []
    try:
        list(deploy(aws, FakeClock(), options))
    except InvalidInputError as error:
        found = [problem.message for problem in error.problems]

    assert len(found) == problems
    assert all(message.startswith(f"{name}.Code: its code uses @aws-sdk/client-s3") for message in found)


def test_an_account_is_left_to_cdk(aws, assembly, tmp_path):
    assembly()
    options = DeployOptions(tmp_path / "c", "orders", tmp_path / "Orders.template.json")

    with pytest.raises(InvalidInputError, match="is made by CDK, which deploys it with its assets") as caught:
        list(deploy(aws, FakeClock(), options))

    assert caught.value.hint.startswith("run `cdk deploy Orders`;")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"manifest": False}, "Orders.assets.json, which lists its assets, is not beside it"),
        ({"9": entry("asset.9", "9.zip", "zip")}, "the asset asset.9 of Orders.assets.json does not exist"),
        ({"9": {**entry("x", "9"), "source": {"executable": ["make"]}}}, "is made by a command: make"),
    ],
)
def test_what_is_not_there_is_named(aws, assembly, given, message):
    with pytest.raises(InvalidInputError, match=message) as caught:
        list(deploy(aws, FakeClock(), assembly(**given)))

    assert "cdk synth" in caught.value.hint
