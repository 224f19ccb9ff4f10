"""Python functions and layers with their dependencies beside the code."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from awsit.aws.deployment.builds import archive, pip, requirements, site
from awsit.aws.deployment.builds.pip import Platform
from awsit.aws.deployment.builds.refusals import SAM_BUILD
from awsit.aws.deployment.builds.requirements import NotBuildableError, Requirements
from awsit.aws.deployment.builds.sources import CodeSource
from awsit.errors import EnvironmentFailure

_RUNTIME = re.compile(r"python(3\.\d+)")
_NO_WHEEL = re.compile(r"No matching distribution found for (.+)")
_OFFLINE = re.compile(r"Retrying \(|Failed to establish|Could not fetch URL|Name or service not known")
_SDK = ("boto3", "botocore", "s3transfer")
_BOTOCORE = re.compile(r"botocore-(\d+)\.(\d+)")
_KNOWS_ENDPOINTS = (1, 31)
_LAYER_FOLDER = "python/"
"""The folder of a layer on Python's module path (AWS Lambda developer guide, "Packaging your layer content")."""


def needed(source: CodeSource) -> Requirements | None:
    """The packages that are installed for a function or layer; None for another language, and when there are none.

    A folder that holds installed packages already is deployed as it is. Raises NotBuildableError.
    """
    runtime = source.build_method if source.layer else source.runtime
    if source.built or not source.path.is_dir() or (runtime and not runtime.startswith("python")):
        return None
    if (source.layer and not runtime) or next(source.path.glob("*.dist-info"), None):
        return None
    return requirements.read(source.path)


def platform_of(source: CodeSource) -> Platform:
    """Where the function or layer runs in an account. Raises NotBuildableError when the template does not tell."""
    runtime = _RUNTIME.fullmatch(source.build_method if source.layer else source.runtime)
    if not runtime or source.architecture not in {"arm64", "x86_64"}:
        name = "Architectures" if runtime else "Runtime"
        raise NotBuildableError(
            f"it has dependencies, and its {name} is not text or a parameter: it is unknown what to build for",
            SAM_BUILD,
        )
    return Platform(runtime[1], source.architecture)


def packed(source: CodeSource, needs: Requirements, platform: Platform | None, cache_folder: Path) -> Path:
    """A zip with the code and its dependencies, in the cache. Nothing is written beside the code.

    Without a `platform`, for the Python that runs awsit. Raises EnvironmentFailure when pip cannot install them.
    """
    where = str(platform) if platform else pip.here()

    def install(target: Path) -> None:
        _install(source, needs, platform, target)

    folder = site.installed(f"{where} {needs.digest}", cache_folder, install)
    prefix = _LAYER_FOLDER if source.layer else ""
    code = archive.members(source.path, prefix.rstrip("/"))
    without = () if platform else _unusable(folder)
    return site.packed("code", code, site.Packages(folder, prefix, without), cache_folder)


def _unusable(folder: Path) -> tuple[str, ...]:
    """The packages of an AWS SDK that would call AWS from the sandbox, so that the one of this machine is used.

    `AWS_ENDPOINT_URL` is known since botocore 1.31 (AWS SDKs and Tools reference guide, "Service-specific endpoints").
    """
    found = (_BOTOCORE.match(path.name) for path in folder.glob("botocore-*.dist-info"))
    version = next(((int(match[1]), int(match[2])) for match in found if match), _KNOWS_ENDPOINTS)
    return _SDK if version < _KNOWS_ENDPOINTS else ()


def _install(source: CodeSource, needs: Requirements, platform: Platform | None, target: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        arguments = ["--requirement", str(needs.file)]
        if needs.file.name == requirements.PROJECT:
            arguments = _written(needs, Path(scratch))
        error = pip.install(arguments, target, platform, needs.file.parent)
    if error:
        raise _failure(source, needs, platform, error)


def _written(needs: Requirements, scratch: Path) -> list[str]:
    """The dependencies of a project and the versions of its lock file, as pip's own files."""
    (scratch / "requirements.txt").write_text("\n".join(needs.lines), encoding="utf-8")
    (scratch / "pins.txt").write_text("\n".join(needs.pins), encoding="utf-8")
    return ["--requirement", str(scratch / "requirements.txt"), "--constraint", str(scratch / "pins.txt")]


def _failure(source: CodeSource, needs: Requirements, platform: Platform | None, error: str) -> EnvironmentFailure:
    missing = _NO_WHEEL.search(error)
    if not missing or _OFFLINE.search(error):
        return EnvironmentFailure(
            f"pip could not install what {needs.file} asks for, for {source.resource}: {pip.last_error(error)}",
            code="packaging",
            hint=pip.INDEX_HINT if _OFFLINE.search(error) else "correct the requirement",
        )
    where = str(platform) if platform else pip.here()
    return EnvironmentFailure(
        f"{source.resource} needs {missing[1].strip()}, and the package index has no wheel of it for {where}",
        code="packaging",
        hint=f"ask for a version in {needs.file.name} that has one, or make one of its sources: "
        "`sam build --use-container`, then deploy .aws-sam/build/template.yaml",
    )
