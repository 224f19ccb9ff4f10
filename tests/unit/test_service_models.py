"""The models of AWS's services, beside those that botocore itself reads."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader, create_loader
from botocore.session import get_session

from awsit.aws.client.assumed_role import assume
from awsit.aws.client.clients import AwsClients
from awsit.service_models import _loader, loader, share_models

TYPES = ("service-2", "endpoint-rule-set-1", "paginators-1", "waiters-2")


@pytest.mark.parametrize("service", ["dynamodb", "events", "lambda", "s3", "sts", "stepfunctions"])
@pytest.mark.parametrize("kind", TYPES)
def test_a_model_is_what_botocore_reads_in_the_same_order(service: str, kind: str) -> None:
    is_the_same = json.dumps(read(unused(), service, kind)) == json.dumps(read(create_loader(), service, kind))
    assert is_the_same  # to show the difference of two megabytes would take for ever


def unused() -> Loader:
    """A loader of which no client has anything: botocore changes a little of what it has loaded."""
    return _loader.__wrapped__(None)


def read(models: Loader, service: str, kind: str) -> object:
    try:
        return models.load_service_model(service, kind)
    except UnknownServiceError:
        return "none"


@pytest.mark.parametrize("name", ["endpoints", "partitions", "_retry", "sdk-default-configuration"])
def test_what_is_of_all_services_is_what_botocore_reads(name: str) -> None:
    is_the_same = json.dumps(unused().load_data(name)) == json.dumps(create_loader().load_data(name))
    assert is_the_same


def test_the_services_of_botocore_are_known() -> None:
    assert loader().list_available_services("service-2") == create_loader().list_available_services("service-2")


@pytest.mark.parametrize(("service", "kind"), [("dynamodbb", "service-2"), ("sts", "waiters-2"), ("..", "service-2")])
def test_a_service_without_such_a_model_is_unknown_as_to_botocore(service: str, kind: str) -> None:
    for models in (loader(), create_loader()):
        with pytest.raises(UnknownServiceError, match=service.replace(".", r"\.")) as raised:
            models.load_service_model(service, kind)
        assert "dynamodb, " in str(raised.value)


def test_a_version_that_is_not_there_is_not_found() -> None:
    with pytest.raises(DataNotFoundError, match="1999-01-01"):
        loader().load_service_model("s3", "service-2", "1999-01-01")


def test_models_of_the_user_are_found_and_may_be_what_only_python_reads(tmp_path: Path) -> None:
    folder = tmp_path / "models/own/2030-01-01"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text('{"metadata": {"apiVersion": "2030-01-01"}, "limit": Infinity}')

    model = loader(str(tmp_path / "models")).load_service_model("own", "service-2")

    assert model == {"metadata": {"apiVersion": "2030-01-01"}, "limit": float("inf")}
    assert "own" in loader(str(tmp_path / "models")).list_available_services("service-2")


@pytest.mark.parametrize(
    ("name", "content"), [("service-2.json.gz", b"{}"), ("service-2.json.gz", b"\x1f\x8b"), ("service-2.json", b"{")]
)
def test_a_damaged_model_is_told_as_by_botocore_and_not_passed_over(tmp_path: Path, name: str, content: bytes) -> None:
    folder = tmp_path / "models/own/2030-01-01"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    kinds = []
    for models in (loader(str(tmp_path / "models")), create_loader(str(tmp_path / "models"))):
        with pytest.raises((OSError, EOFError, ValueError)) as raised:
            models.load_service_model("own", "service-2")
        kinds.append(type(raised.value))
    assert kinds[0] is kinds[1]


def test_the_setting_of_a_session_says_where_models_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    session = get_session()
    share_models(session)
    assert str(tmp_path) in session.get_component("data_loader").search_paths


def test_a_request_of_one_session_leaves_another_one_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore takes the bucket out of the paths of its model when the first request to S3 is built."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    urls = []
    for path_style in (False, True, False):
        config = Config(s3={"addressing_style": "path"} if path_style else {})
        s3 = AwsClients(region="eu-west-1").session.create_client("s3", config=config)
        urls.append(s3.generate_presigned_url("get_object", {"Bucket": "orders", "Key": "a/b"}).partition("?")[0])
    virtual, path = "https://orders.s3.amazonaws.com/a/b", "https://s3.eu-west-1.amazonaws.com/orders/a/b"
    assert urls == [virtual, path, virtual]


def test_sessions_share_what_was_read() -> None:
    one, other = (each.client("s3").meta.service_model for each in (AwsClients(region="r"), AwsClients(region="r")))
    assert one is not other
    assert one._service_description is other._service_description


def test_the_session_of_an_assumed_role_has_the_models_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    session = assume(AwsClients(region="eu-west-1").session, "arn:aws:iam::123456789012:role/actions", "awsit")
    assert session.get_component("data_loader") is loader()


def test_a_client_needs_no_look_into_the_folders_of_other_services(monkeypatch: pytest.MonkeyPatch) -> None:
    _loader.cache_clear()
    folders: list[str] = []
    listdir, scandir = os.listdir, os.scandir
    monkeypatch.setattr(os, "listdir", lambda path: folders.append(path) or listdir(path))
    monkeypatch.setattr(os, "scandir", lambda path: folders.append(path) or scandir(path))

    AwsClients(region="eu-west-1").client("s3")

    assert any(folder.endswith("s3") for folder in folders)
    assert len(folders) < 10


def test_threads_that_make_clients_at_once_get_what_one_gets() -> None:
    expected = boto3.Session(region_name="eu-west-1").client("s3").meta.service_model.operation_names
    _loader.cache_clear()

    def operations(_: int) -> list[str]:
        aws = AwsClients(region="eu-west-1")
        return list(aws.client("s3").meta.service_model.operation_names)

    with ThreadPoolExecutor(8) as threads:
        assert all(names == expected for names in threads.map(operations, range(8)))
