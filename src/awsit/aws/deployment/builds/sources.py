"""The functions and layers of a template that are made of local files, and what the template says of how they run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from awsit.aws.deployment.template import SAM_FUNCTION, Document, LocalFile, function_settings, resources

FUNCTIONS = (SAM_FUNCTION, "AWS::Lambda::Function")
_LAYERS = ("AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion")
_BUILT_BY_SAM = "SamResourceId"
"""A key of `Metadata` that `sam build` writes on each resource; what it has built is in a folder of a resource's name.

The key alone tells nothing: templates with it are copied into repositories.
"""


class CodeSource(Struct, frozen=True):
    """The local file or folder `path` of a function or a layer, named by the property `name` of the `resource`.

    `runtime`, `handler` and `architecture` are empty where the template's text does not tell them. `build_method` is
    that of SAM's `Metadata`. `built` is True for what was built before, or needs no build as its `Metadata` says.
    """

    resource: str
    name: str
    path: Path
    runtime: str
    handler: str
    architecture: str
    build_method: str
    layer: bool
    built: bool

    @property
    def place(self) -> str:
        """The property, for messages."""
        return f"{self.resource}.{self.name}"


def source_of(local: LocalFile, template: Document, values: Mapping[str, str]) -> CodeSource | None:
    """The function's or layer's source; None for other files. `values` are those of the template's parameters."""
    definition = dict(resources(template["Resources"])).get(local.resource) or {}
    kind = definition.get("Type")
    if kind not in (*FUNCTIONS, *_LAYERS):
        return None
    settings = function_settings(definition, template)
    metadata = definition.get("Metadata") or {}
    processors = settings.get("Architectures") or settings.get("CompatibleArchitectures") or ["x86_64"]
    return CodeSource(
        resource=local.resource,
        name=local.name,
        path=local.path,
        runtime=_text(settings.get("Runtime"), values),
        handler=_text(settings.get("Handler"), values),
        architecture=_text(processors[0] if isinstance(processors, list) else processors, values),
        build_method=_text(metadata.get("BuildMethod"), values),
        layer=kind in _LAYERS,
        built=(_BUILT_BY_SAM in metadata and local.path.name in template["Resources"])
        or metadata.get("SkipBuild") in (True, "true", "True"),
    )


def _text(value: Any, values: Mapping[str, str]) -> str:
    if isinstance(value, dict):
        value = values.get(str(value.get("Ref")), "")
    return value if isinstance(value, str) else ""
