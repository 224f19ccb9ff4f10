"""Uploads the local files that a template names, built where that is needed, and puts their objects in its place."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from awsit.aws.deployment import package, template
from awsit.aws.deployment.artifacts import Artifacts
from awsit.aws.deployment.builds import archive, refusals
from awsit.aws.deployment.builds.plan import Build, plan_builds
from awsit.aws.deployment.model import DeployOptions, Packaged
from awsit.aws.deployment.template import Document, LocalFile, NestedTemplate
from awsit.errors import InvalidInputError
from awsit.model import json


def upload(
    artifacts: Artifacts, document: Document, folder: Path, values: Mapping[str, str], options: DeployOptions
) -> Iterator[Packaged]:
    """Upload the files, whose paths start at `folder`; `values` are those of the template's parameters.

    Raises InvalidInputError, before anything is built or uploaded, for what is missing, what has to be built by another
    program, and what the target does not take; EnvironmentFailure when a build fails.
    """
    parts = list(_with_nested(_Part(document, folder, values), options))
    planned = [_checked(part, options) for part in parts]
    if not options.target.runs("Image"):
        for part in parts:
            refusals.with_images(part.document)
    for part, builds in zip(reversed(parts), reversed(planned), strict=True):  # what is nested comes first
        for local in template.local_files(part.document, part.folder):
            content, suffix = _content(local, part.values, options, builds)
            key, uploaded = artifacts.put(content, suffix)
            local.replace(artifacts.bucket, key)
            yield Packaged(local.resource, str(local.path), len(content), uploaded)
        if part.nested:
            content = json.dumps(options.target.prepared(part.document, part.values)).encode()
            key, uploaded = artifacts.put(content, ".json")
            part.nested.replace(artifacts.url(key))
            yield Packaged(part.nested.resource, str(part.nested.path), len(content), uploaded)


class _Part(Struct, frozen=True):
    """A template, with the values of its parameters, and where another one names it."""

    document: Document
    folder: Path
    values: Mapping[str, str]
    nested: NestedTemplate | None = None


def _with_nested(part: _Part, options: DeployOptions, within: tuple[Path, ...] = ()) -> Iterator[_Part]:
    """The template and all those that it names, each after the one that names it.

    `within` are the nested templates that it is in. Raises InvalidInputError for one that is in itself.
    """
    if options.target.emulated:  # it reads no document but those in templates
        template.inline_definitions(part.document, part.folder)
    yield part
    for nested in template.nested_templates(part.document, part.folder):
        if nested.path in within:
            raise InvalidInputError(
                f"{nested.resource} makes a stack of {nested.path}, which this stack is in: there would be no end",
                code="bad_template",
                hint="name another template there",
            )
        child = template.read(nested.path)
        values = nested.values(child, part.values)
        yield from _with_nested(_Part(child, nested.path.parent, values, nested), options, (*within, nested.path))


def _checked(part: _Part, options: DeployOptions) -> dict[str, Build]:
    """What is built for a template. Raises InvalidInputError for what is missing, and what the target does not take."""
    trial = copy.deepcopy(part.document)
    for nested in template.nested_templates(trial, part.folder):
        nested.replace("https://bucket.s3.amazonaws.com/key")
    for local in template.local_files(trial, part.folder):
        if not (local.path.is_file() or (local.zipped and local.path.is_dir()) or _is_own(local)):
            raise InvalidInputError(
                f"{local.resource}.{local.name} names {local.path}, which does not exist",
                code="bad_template",
                hint="the path is seen from the template's folder",
            )
        local.replace("bucket", "key")
    options.target.prepared(refusals.with_images(trial), part.values)
    files = (local for local in template.local_files(part.document, part.folder) if not _is_own(local))
    return plan_builds(files, part.document, part.values, options.target)


def _is_own(local: LocalFile) -> bool:
    """Whether it is the function of awsit's own template, whose package awsit builds."""
    return local.path == package.infra_folder().parent / "build" / "function"


def _content(
    local: LocalFile, values: Mapping[str, str], options: DeployOptions, planned: Mapping[str, Build]
) -> tuple[bytes, str]:
    """The bytes to upload, and the end of their name."""
    build = planned.get(f"{local.resource}.{local.name}")
    if build:
        return build.zip_file(options.cache_folder).read_bytes(), ".zip"
    if _is_own(local):
        built = package.function_zip(values["Architecture"], options.cache_folder, dependencies=options.dependencies)
        return built.read_bytes(), ".zip"
    if local.path.is_dir():
        return archive.pack(archive.members(local.path)), ".zip"
    return local.path.read_bytes(), local.path.suffix
