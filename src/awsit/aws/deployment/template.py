"""Reads CloudFormation templates, and finds the local files that they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from awsit.errors import InvalidInputError, NotFoundError

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LocalFile:
    """The property `name` of a resource, which names a local file or folder to be uploaded.

    `holder` is the mapping with the property. `bucket_key` and `object_key` are the keys that name an object of S3 in
    its place. A folder is packed when `zipped` is True.
    """

    resource: str
    holder: Document
    name: str
    path: Path
    bucket_key: str
    object_key: str
    zipped: bool

    def replace(self, bucket: str, key: str) -> None:
        """Change the template, so that it names the object in S3."""
        self.holder[self.name] = {self.bucket_key: bucket, self.object_key: key}


_SAM = ("Bucket", "Key")
_LAMBDA = ("S3Bucket", "S3Key")
_PROPERTIES: Mapping[tuple[str, str], tuple[tuple[str, str], bool]] = {
    ("AWS::Serverless::Function", "CodeUri"): (_SAM, True),
    ("AWS::Serverless::LayerVersion", "ContentUri"): (_SAM, True),
    ("AWS::Serverless::StateMachine", "DefinitionUri"): (_SAM, False),
    ("AWS::Serverless::Api", "DefinitionUri"): (_SAM, False),
    ("AWS::Serverless::HttpApi", "DefinitionUri"): (_SAM, False),
    ("AWS::Lambda::Function", "Code"): (_LAMBDA, True),
    ("AWS::Lambda::LayerVersion", "Content"): (_LAMBDA, True),
    ("AWS::StepFunctions::StateMachine", "DefinitionS3Location"): (_SAM, False),
    ("AWS::ApiGateway::RestApi", "BodyS3Location"): (_SAM, False),
    ("AWS::ApiGatewayV2::Api", "BodyS3Location"): (_SAM, False),
}
"""The most used of the properties that `aws cloudformation package` uploads (AWS CLI reference)."""


def read(path: Path) -> Document:
    """The template, its short forms such as `!Sub` in their long form.

    Raises NotFoundError when the file cannot be read, InvalidInputError when it is not a template.
    """
    import yaml

    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_loader())  # noqa: S506 - a SafeLoader of our own
    except OSError as error:
        raise NotFoundError(f"the template {path} cannot be read: {error.strerror}", hint="check --template") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"the template {path} is not YAML or JSON: {error}", code="bad_template") from error
    if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict):
        raise InvalidInputError(
            f"{path} is not a CloudFormation template: it has no Resources",
            code="bad_template",
            hint="a scenario is run with `awsit run`, a template is deployed",
        )
    return document


def local_files(template: Document, folder: Path) -> Iterator[LocalFile]:
    """The local files and folders that the template names. Their paths are relative to `folder`, the template's own."""
    for logical_id, resource in template["Resources"].items():
        for (kind, name), (keys, zipped) in _PROPERTIES.items():
            holder = resource.get("Properties") or {}
            if resource.get("Type") == kind and _is_local(holder.get(name)):
                yield LocalFile(logical_id, holder, name, (folder / holder[name]).resolve(), *keys, zipped=zipped)
    shared = (template.get("Globals") or {}).get("Function") or {}
    if _is_local(shared.get("CodeUri")):
        yield LocalFile("Globals", shared, "CodeUri", (folder / shared["CodeUri"]).resolve(), *_SAM, zipped=True)


def _is_local(value: Any) -> bool:
    return isinstance(value, str) and not value.startswith(("s3://", "http://", "https://"))


def _loader() -> type[Any]:
    import yaml

    class Loader(yaml.SafeLoader):
        """YAML as CloudFormation reads it: dates are text, tags are intrinsic functions."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_multi_constructor("!", _intrinsic)
    return Loader


def _intrinsic(loader: Any, tag: str, node: Any) -> Document:
    import yaml

    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}
