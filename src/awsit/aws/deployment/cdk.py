"""Stacks that AWS CDK has synthesised: `NAME.template.json`, and beside it `NAME.assets.json`, which lists its assets.

The manifest is that of the cloud assembly schema (CDK API reference, `cloud_assembly_schema.AssetManifest`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from awsit.aws.client import errors
from awsit.aws.client.clients import AwsClients
from awsit.aws.deployment import template
from awsit.aws.deployment.artifacts import create_bucket
from awsit.aws.deployment.builds import archive
from awsit.aws.deployment.model import Packaged, Target
from awsit.aws.deployment.template import Document
from awsit.errors import InvalidInputError, Problem
from awsit.model import json

_TEMPLATE, _MANIFEST = ".template.json", ".assets.json"
_CDK_S_OWN = ("AWS679f", "CustomS3AutoDelete", "CustomVpcRestrict", "CustomCDKBucketDeployment", "LogRetention")
"""The beginnings of the logical IDs of CDK's own functions."""
_BOOTSTRAP = "BootstrapVersion"


class Asset(Struct, frozen=True):
    """A file or folder of the assembly, and where in S3 the template looks for it; a folder is packed as a zip.

    `bucket` and `key` may contain placeholders such as `${AWS::AccountId}`.
    """

    name: str
    path: Path
    bucket: str
    key: str


def is_synthesised(path: Path, document: Document) -> bool:
    """Whether CDK has made the template of the file `path`."""
    return path.name.endswith(_TEMPLATE) and (_manifest(path).is_file() or _BOOTSTRAP in document.get("Parameters", {}))


def refusal(path: Path) -> InvalidInputError:
    """Why a synthesised template is not deployed to an account."""
    stack = path.name.removesuffix(_TEMPLATE)
    return InvalidInputError(
        f"{path} is made by CDK, which deploys it with its assets and its bootstrap stack",
        code="cdk_template",
        hint=f"run `cdk deploy {stack}`; scenarios then use its stack as any other. A sandbox takes it: --sandbox",
    )


def assets(path: Path) -> list[Asset]:
    """The assets of a template, without the template itself. Raises InvalidInputError for what is not there."""
    manifest = _manifest(path)
    if not manifest.is_file():
        raise _broken(f"{path.name} is made by CDK, and {manifest.name}, which lists its assets, is not beside it")
    listed = json.loads(manifest.read_bytes()).get("files") or {}
    return [
        asset
        for identifier, entry in listed.items()
        for asset in _asset(manifest, identifier, entry)
        if asset.path != path.resolve()
    ]


def check_code(document: Document, assets: list[Asset], target: Target) -> None:
    """Raise InvalidInputError when the code of a function does not find at the target what it needs."""
    paths = {asset.key: asset.path for asset in assets}
    problems = []
    for name, resource in document["Resources"].items():
        properties = resource.get("Properties") or {}
        path = paths.get(str((properties.get("Code") or {}).get("S3Key")))
        if resource.get("Type") == "AWS::Lambda::Function" and path and not name.startswith(_CDK_S_OWN):
            packages = " ".join(target.missing_packages(path, str(properties.get("Runtime"))))
            if packages:
                problems.append(_unbundled(name, packages))
    if problems:
        raise InvalidInputError(
            "the template names code that has to be built first; nothing was created",
            tuple(problems),
            code="not_buildable",
        )


def _unbundled(function: str, packages: str) -> Problem:
    return Problem(
        "not_buildable",
        f"{function}.Code: its code uses {packages}, not in its node_modules: what Lambda brings is not here",
        function,
        f"bundle it, or run `npm install {packages}` beside the code that CDK packs; then `cdk synth`",
    )


def publish(aws: AwsClients, assets: list[Asset], target: Target) -> Iterator[Packaged]:
    """Upload the assets to where the template looks for them, in buckets that are made for them.

    Templates of nested stacks are uploaded as the target takes them. Raises InvalidInputError when it does not.
    """
    contents = [_content(asset, target) for asset in assets]
    for asset, content in zip(assets, contents, strict=True):
        bucket, key = _filled_in(asset.bucket, aws), _filled_in(asset.key, aws)
        with errors.reported(f"upload the asset {asset.name} to the bucket {bucket}"):
            uploaded = _put(aws, bucket, key, content)
        yield Packaged(asset.name, str(asset.path), len(content), uploaded)


def _manifest(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(_TEMPLATE) + _MANIFEST)


def _asset(manifest: Path, identifier: str, entry: Mapping[str, Any]) -> Iterator[Asset]:
    source = entry["source"]
    if "path" not in source:
        raise _broken(
            f"the asset {identifier} of {manifest.name} is made by a command: {' '.join(source.get('executable', ()))}"
        )
    path = (manifest.parent / source["path"]).resolve()
    if not path.exists():
        raise _broken(f"the asset {source['path']} of {manifest.name} does not exist")
    for destination in entry["destinations"].values():
        name = entry.get("displayName") or source["path"]
        yield Asset(name, path, destination["bucketName"], destination["objectKey"])


def _broken(message: str) -> InvalidInputError:
    return InvalidInputError(
        message, code="cdk_template", hint="run `cdk synth`, then deploy the template where it wrote it, in cdk.out"
    )


def _content(asset: Asset, target: Target) -> bytes:
    if asset.path.is_dir():
        return archive.pack(archive.members(asset.path))
    if asset.path.name.endswith(_TEMPLATE):
        return json.dumps(target.prepared(template.read(asset.path), {})).encode()
    return asset.path.read_bytes()


def _filled_in(text: str, aws: AwsClients) -> str:
    values = {"AWS::AccountId": aws.account, "AWS::Region": aws.region, "AWS::Partition": aws.partition}
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return text


def _put(aws: AwsClients, bucket: str, key: str, content: bytes) -> bool:
    """Whether the object is new. Its key is the hash of the source; a nested template is not uploaded as its source."""
    s3 = aws.client("s3")
    try:
        if s3.get_object(Bucket=bucket, Key=key)["Body"].read() == content:
            return False
    except s3.exceptions.ClientError as error:
        if errors.code_of(error) == "NoSuchBucket":
            create_bucket(s3, bucket, aws.region)
        elif errors.code_of(error) != "NoSuchKey":
            raise
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    return True
