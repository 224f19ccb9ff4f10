import pytest
from botocore.loaders import create_loader

from awsit.model.permissions import AwsLocation

REGIONS = [
    (region, each["id"])
    for each in create_loader().load_data("partitions")["partitions"]
    for region in each["regions"]
    if not region.endswith("-global")
]


def test_there_are_regions_of_all_partitions():
    assert {"aws", "aws-cn", "aws-us-gov", "aws-eusc"} < {partition for _, partition in REGIONS}


@pytest.mark.parametrize(("region", "partition"), REGIONS)
def test_a_region_is_in_its_partition(region, partition):
    assert AwsLocation.of(region).arn("sqs", "q") == f"arn:{partition}:sqs:{region}:*:q"
