"""Builds that awsit does not do, by name, each with the command that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from awsit.aws.deployment.builds.requirements import NotBuildableError
from awsit.aws.deployment.builds.sources import FUNCTIONS, CodeSource
from awsit.aws.deployment.template import Document, function_settings, resources
from awsit.errors import Problem
from awsit.model import json

_ANY_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/any:latest"
SAM_BUILD = "run `sam build`, then deploy .aws-sam/build/template.yaml"


def check(source: CodeSource) -> None:
    """Raise NotBuildableError when the function or layer has to be built by another program first."""
    if source.built or not source.path.is_dir():
        return
    if source.build_method and not (source.layer and source.build_method.startswith("python")):
        raise NotBuildableError(f"`Metadata: BuildMethod: {source.build_method}` is a build of SAM", SAM_BUILD)
    if source.layer:
        return
    for prefix, check_folder in _BUILDS.items():
        if source.runtime.startswith(prefix):
            check_folder(source.path, source.handler)


def images(template: Document) -> Iterator[Problem]:
    """The functions in container images that are to be built from a local Dockerfile."""
    for name, definition in resources(template["Resources"]):
        if definition.get("Type") not in FUNCTIONS:
            continue
        settings, metadata = function_settings(definition, template), definition.get("Metadata") or {}
        code = settings.get("Code")
        uri = settings.get("ImageUri") or (code.get("ImageUri") if isinstance(code, dict) else None)
        if settings.get("PackageType") == "Image" and (not uri or ("Dockerfile" in metadata and _is_local(uri))):
            yield Problem(
                "not_buildable",
                f"{name}.ImageUri: its container image is built from {metadata.get('Dockerfile', 'a Dockerfile')}",
                name,
                "build and push it, and name it in ImageUri: `sam build`, then `sam package --image-repository …`",
            )


def with_images(template: Document) -> Document:
    """The template with an image for each function whose image is not built, for a check of the rest of it."""
    for _, definition in resources(template["Resources"]):
        if (
            definition.get("Type") in FUNCTIONS
            and function_settings(definition, template).get("PackageType") == "Image"
        ):
            definition["Properties"] = {"ImageUri": _ANY_IMAGE, **(definition.get("Properties") or {})}
    return template


def _is_local(uri: object) -> bool:
    return isinstance(uri, str) and ".dkr.ecr." not in uri


def _node(folder: Path, handler: str) -> None:
    if _node_dependencies(folder) and not (folder / "node_modules").is_dir():
        raise NotBuildableError(
            f"its package.json has dependencies, and {folder.name} has no node_modules",
            f"run `npm {'ci' if (folder / 'package-lock.json').is_file() else 'install'}` in {folder}",
        )
    module = folder / handler.rpartition(".")[0]
    if any(module.with_name(module.name + end).is_file() for end in (".js", ".mjs", ".cjs")):
        return
    if any(module.with_name(module.name + end).is_file() for end in (".ts", ".mts")):
        raise NotBuildableError(f"its handler {handler} is TypeScript", f"compile it (`tsc`, esbuild), or {SAM_BUILD}")


def _node_dependencies(folder: Path) -> Mapping[str, Any]:
    file = folder / "package.json"
    if not file.is_file():
        return {}
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NotBuildableError(f"its package.json is not JSON: {error}", "correct it") from error
    dependencies = document.get("dependencies") if isinstance(document, dict) else None
    return dependencies if isinstance(dependencies, dict) else {}


def _compiled(markers: tuple[str, ...], language: str) -> Callable[[Path, str], None]:
    def check_folder(folder: Path, _handler: str) -> None:
        found = next((file for pattern in markers for file in sorted(folder.glob(pattern))), None)
        if found and not (folder / "bootstrap").is_file():
            raise NotBuildableError(f"{found.name} tells of {language} that has to be built", SAM_BUILD)

    return check_folder


def _ruby(folder: Path, _handler: str) -> None:
    if (folder / "Gemfile").is_file() and not (folder / "vendor").is_dir():
        raise NotBuildableError(
            "it has a Gemfile and no vendor folder",
            f"run `bundle config set --local path vendor/bundle`, then `bundle install`, in {folder}",
        )


def _custom(folder: Path, _handler: str) -> None:
    if not (folder / "bootstrap").is_file():
        raise NotBuildableError(f"its runtime needs an executable `bootstrap`, and {folder.name} has none", SAM_BUILD)


_BUILDS: Mapping[str, Callable[[Path, str], None]] = {
    "nodejs": _node,
    "java": _compiled(("pom.xml", "build.gradle", "build.gradle.kts"), "Java"),
    "dotnet": _compiled(("*.csproj", "*.fsproj"), ".NET"),
    "go": _compiled(("go.mod", "*.go"), "Go"),
    "ruby": _ruby,
    "provided": _custom,
}
"""What is looked at in a function's folder, by the beginning of its runtime."""
