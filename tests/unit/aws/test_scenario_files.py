"""Files of scenarios in the bucket, by their digests."""

from pathlib import Path

import pytest
from tests.unit.aws.fakes import FakeAws, FakeS3

from awsit.aws.scenario_files import PUSHED, RAN, BucketFiles, DiskOrBucketFiles
from awsit.aws.scenarios import ScenarioStore
from awsit.errors import AwsitError, EnvironmentFailure
from awsit.model.files import digest_of


@pytest.fixture
def s3() -> FakeS3:
    return FakeS3(buckets={"b": {}})


@pytest.fixture
def files(s3: FakeS3) -> BucketFiles:
    return BucketFiles(FakeAws(s3=s3), "b")


@pytest.mark.parametrize("prefix", [PUSHED, RAN])
def test_a_stored_file_is_read_again(files: BucketFiles, tmp_path: Path, prefix: str) -> None:
    (tmp_path / "a").write_bytes(b"\x00content")

    digests = files.put({"a": str(tmp_path / "a")}, prefix)

    assert digests == {"a": digest_of(b"\x00content")}
    assert files.read(digests["a"]) == b"\x00content"


def test_another_content_is_refused(files: BucketFiles, s3: FakeS3) -> None:
    digest = digest_of(b"right")
    s3.put_object(Bucket="b", Key=f"{PUSHED}{digest.removeprefix('sha256:')}", Body=b"wrong")

    with pytest.raises(EnvironmentFailure, match="is another one"):
        files.read(digest)


@pytest.mark.parametrize("reference", ["../runs/x", "sha256:x", "/etc/passwd", digest_of(b"not there")])
def test_nothing_else_of_the_bucket_is_read(files: BucketFiles, reference: str) -> None:
    with pytest.raises(AwsitError):
        files.read(reference)


def test_a_scenario_is_stored_with_the_digests_of_its_files(s3: FakeS3, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    store = ScenarioStore(FakeAws(s3=s3), "b")
    paths = {"a": str(tmp_path / "a")}

    store.push({"name": "x"}, "x", paths)
    before = store.put_by_hash({"name": "x"}, paths)
    (tmp_path / "a").write_bytes(b"two")

    assert store.get("x") == {"name": "x", "files": {"a": digest_of(b"one")}}
    assert store.put_by_hash({"name": "x"}, paths) != before
    assert list(store.names()) == ["x"]


def test_this_machine_reads_its_disk_and_the_bucket_of_a_pushed_scenario(files: BucketFiles, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    digest = files.put({"a": str(tmp_path / "a")}, PUSHED)["a"]
    both = DiskOrBucketFiles(lambda: files)

    assert both.read(digest) == both.read(str(tmp_path / "a")) == b"one"
