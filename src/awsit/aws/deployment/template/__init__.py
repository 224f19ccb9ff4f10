"""Reads CloudFormation templates, and finds the local files that they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from awsit.aws.deployment.template import shape
from awsit.errors import InvalidInputError, NotFoundError
from awsit.model.files import MAX_FILE_BYTES
from awsit.system.files import read_regular

Document = dict[str, Any]


class LocalFile(Struct, frozen=True):
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


class NestedTemplate(Struct, frozen=True):
    """The property `name` of a resource, which names the local file `path` with the template of a stack of its own."""

    resource: str
    holder: Document
    name: str
    path: Path

    def replace(self, url: str) -> None:
        """Change the template, so that it names the template in S3."""
        self.holder[self.name] = url

    def values(self, child: Document, outer: Mapping[str, str]) -> dict[str, str]:
        """The values of the nested template's parameters, as far as the text of both templates tells them."""
        given = self.holder.get("Parameters") or {}
        found = {}
        for name, declared in (child.get("Parameters") or {}).items():
            value = given.get(name, declared.get("Default", ""))
            value = outer.get(str(value.get("Ref")), "") if isinstance(value, dict) else value
            found[name] = str(value)
        return found


_NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
SAM_FUNCTION = "AWS::Serverless::Function"
_SAM = ("Bucket", "Key")
_LAMBDA = ("S3Bucket", "S3Key")
_PROPERTIES: Mapping[tuple[str, str], tuple[tuple[str, str], bool]] = {
    (SAM_FUNCTION, "CodeUri"): (_SAM, True),
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


_DEFINITIONS = {
    "AWS::Serverless::Api": ("DefinitionUri", "DefinitionBody"),
    "AWS::Serverless::HttpApi": ("DefinitionUri", "DefinitionBody"),
    "AWS::ApiGateway::RestApi": ("BodyS3Location", "Body"),
    "AWS::ApiGatewayV2::Api": ("BodyS3Location", "Body"),
}
"""The properties of an API that name its OpenAPI document, and those that hold it, by type."""


def read(path: Path) -> Document:
    """The template, its short forms such as `!Sub` in their long form, and with the local files that it includes.

    Raises NotFoundError when the file cannot be read, InvalidInputError when it is not a template.
    """
    document = _parsed(path)
    if not isinstance(document, dict) or not isinstance(document.get("Resources") or None, dict):
        raise InvalidInputError(
            f"{path} is not a CloudFormation template: it has no Resources",
            code="bad_template",
            hint="a scenario is run with `awsit run`, a template is deployed",
        )
    included: Document = _with_includes(document, path.parent, (path.resolve(),))
    shape.check(path, included)
    return included


def inline_definitions(template: Document, folder: Path) -> None:
    """Put the OpenAPI documents of APIs, which are local files, into the template itself."""
    for _, resource in resources(template["Resources"]):
        names = _DEFINITIONS.get(resource.get("Type", ""))
        properties = resource.get("Properties") or {}
        if names and _is_local(properties.get(names[0])):
            file = folder / properties.pop(names[0])
            properties[names[1]] = _with_includes(_parsed(file), folder, (file.resolve(),))


def _with_includes(value: Any, folder: Path, within: tuple[Path, ...]) -> Any:
    """The value with the content of local files in the place of `AWS::Include`; `within` are those that it is in.

    CloudFormation itself reads them from S3 only, and puts their content beside the keys that are there (AWS
    CloudFormation user guide, "AWS::Include transform").
    """
    if isinstance(value, list):
        return [_with_includes(each, folder, within) for each in value]
    if not isinstance(value, dict):
        return value
    entries = {key: _with_includes(each, folder, within) for key, each in value.items()}
    for key in ("Fn::Transform", "Transform"):
        location = _included(entries.get(key))
        if location:
            del entries[key]
            entries |= _included_entries(folder / location, folder, within)
    return entries


def _included_entries(file: Path, folder: Path, within: tuple[Path, ...]) -> Document:
    content = _parsed(file)
    if not isinstance(content, dict) or file.resolve() in within:
        reason = "it includes itself" if isinstance(content, dict) else "it is not a mapping"
        raise InvalidInputError(
            f"{file} cannot be included: {reason}", code="bad_template", hint="correct the Location of AWS::Include"
        )
    entries: Document = _with_includes(content, folder, (*within, file.resolve()))
    return entries


def _included(transform: Any) -> str | None:
    """The local file that a transform includes."""
    if not isinstance(transform, dict) or transform.get("Name") != "AWS::Include":
        return None
    location = (transform.get("Parameters") or {}).get("Location")
    return location if _is_local(location) else None


def _parsed(path: Path) -> Any:
    import yaml

    from awsit.scenario.reading.yaml_nodes import value_of

    try:
        return value_of(read_regular(path, MAX_FILE_BYTES).decode(), _loader())
    except OSError as error:
        raise NotFoundError(
            f"the template {path} cannot be read: {error.strerror}",
            hint="check --template, and the files that it names",
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"the template {path} is not YAML or JSON: {error}", code="bad_template") from error


def local_files(template: Document, folder: Path) -> Iterator[LocalFile]:
    """The local files and folders that the template names. Their paths are relative to `folder`, the template's own.

    The template is changed: each of SAM's functions gets a CodeUri of its own, since two that share that of `Globals`
    may be built for different runtimes.
    """
    _spread_code_uri(template)
    for logical_id, resource in resources(template["Resources"]):
        for (kind, name), (keys, zipped) in _PROPERTIES.items():
            holder = resource.get("Properties") or {}
            if resource.get("Type") == kind and _is_local(holder.get(name)):
                yield LocalFile(logical_id, holder, name, (folder / holder[name]).resolve(), *keys, zipped=zipped)


def nested_templates(template: Document, folder: Path) -> Iterator[NestedTemplate]:
    """The local templates of nested stacks."""
    for logical_id, resource in resources(template["Resources"]):
        name, holder = _NESTED.get(resource.get("Type", "")), resource.get("Properties") or {}
        if name and _is_local(holder.get(name)):
            yield NestedTemplate(logical_id, holder, name, (folder / holder[name]).resolve())


def function_settings(resource: Document, template: Document) -> Document:
    """A function's properties, with those that SAM's `Globals` gives all functions."""
    shared = (template.get("Globals") or {}).get("Function") or {}
    own = resource.get("Properties") or {}
    return {**shared, **own} if resource.get("Type") == SAM_FUNCTION else own


def _spread_code_uri(template: Document) -> None:
    """Give each of SAM's functions a CodeUri: its own, that of `Globals`, or the template's folder, as SAM does."""
    shared = (template.get("Globals") or {}).get("Function") or {}
    for _, resource in resources(template["Resources"]):
        settings = function_settings(resource, template)
        if resource.get("Type") != SAM_FUNCTION or settings.get("PackageType") == "Image":
            continue
        if not {"InlineCode", "ImageUri"} & settings.keys():
            resource["Properties"] = {**(resource.get("Properties") or {}), "CodeUri": settings.get("CodeUri", ".")}
    shared.pop("CodeUri", None)


def resources(section: Document) -> Iterator[tuple[str, Document]]:
    """The resources of a section, and those that loops repeat: they are the last element of `Fn::ForEach::NAME`."""
    for name, resource in section.items():
        if isinstance(resource, list):
            yield from resources(resource[-1])
        else:
            yield name, resource


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
