import pytest

from awsit.model.permissions import AwsLocation


@pytest.mark.parametrize(("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
def test_other_partitions(region, partition):
    assert AwsLocation.of(region).arn("sqs", "q") == f"arn:{partition}:sqs:{region}:*:q"
