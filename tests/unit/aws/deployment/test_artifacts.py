import pytest
from botocore.loaders import create_loader
from tests.unit.aws.fakes import FakeAws, FakeS3

from awsit.aws.deployment.artifacts import Artifacts
from awsit.errors import EnvironmentFailure
from awsit.model.json import loads

BUCKET = "awsit-artifacts-123456789012-eu-west-1"


def artifacts(s3, region="eu-west-1"):
    aws = FakeAws(s3=s3)
    aws.region = region
    return Artifacts(aws)


def test_the_bucket_is_made_encrypted_private_and_tls_only():
    s3 = FakeS3()

    artifacts(s3).put(b"content", ".zip")

    assert list(s3.buckets) == [BUCKET]
    assert s3.settings["place"]["CreateBucketConfiguration"] == {"LocationConstraint": "eu-west-1"}
    assert set(s3.settings["public"].values()) == {True}
    assert "AES256" in str(s3.settings["encryption"])
    statement = loads(s3.settings["policy"])["Statement"][0]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert statement["Resource"] == [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]


def test_the_first_region_is_not_named():
    s3 = FakeS3()

    artifacts(s3, "us-east-1").put(b"content", ".zip")

    assert s3.settings["place"] == {}


def test_the_same_content_is_uploaded_once():
    s3 = FakeS3(buckets={BUCKET: {}})
    store = artifacts(s3)

    first, uploaded = store.put(b"content", ".zip")
    second, again = store.put(b"content", ".zip")

    assert (first, uploaded, again) == (second, True, False)
    assert first.endswith(".zip")
    assert store.put(b"other", ".zip")[0] != first
    assert "place" not in s3.settings, "a bucket that is there is left as it is"


def test_a_bucket_of_somebody_else_is_never_used():
    s3 = FakeS3(foreign=frozenset({BUCKET}))

    with pytest.raises(EnvironmentFailure, match="belongs to another account"):
        artifacts(s3).put(b"content", ".zip")
    assert s3.calls == []


@pytest.mark.parametrize(
    "partition", create_loader().load_data("partitions")["partitions"], ids=lambda each: each["id"]
)
def test_the_url_of_a_template_has_the_hosts_of_its_partition(partition):
    made = artifacts(FakeS3(), "there-1")
    made._aws.partition = partition["id"]

    assert made.url("k").startswith(f"https://s3.there-1.{partition['outputs']['dnsSuffix']}/awsit-artifacts-")
