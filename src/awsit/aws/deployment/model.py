"""What a deployment is asked for, and what it says while it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from awsit.aws.installation import DEFAULT_STACK


@dataclass(frozen=True, slots=True)
class DeployOptions:
    """What to deploy. Without `template` it is awsit's own stack.

    `cache_folder` keeps built packages. `parameters` are the template's; one that is not given keeps its value of the
    last deployment, or has the template's default. `dependencies` is False for a sandbox whose functions see awsit's
    own dependencies. `timeout_seconds` bounds the whole wait for CloudFormation.
    """

    cache_folder: Path
    stack_name: str = DEFAULT_STACK
    template: Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    dependencies: bool = True
    timeout_seconds: float = 1800.0


@dataclass(frozen=True, slots=True)
class Packaged:
    """A local file or folder of `resource` is in the artifact bucket; `uploaded` is False when it was there already."""

    resource: str
    path: str
    size: int
    uploaded: bool


@dataclass(frozen=True, slots=True)
class StackNote:
    """What happens to the stack as a whole, in a sentence."""

    stack_name: str
    text: str


@dataclass(frozen=True, slots=True)
class ResourceProgress:
    """One event of one resource, as CloudFormation tells it. `at` is ISO 8601 UTC."""

    at: str
    logical_id: str
    type: str
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deployed:
    """The last event of a deployment. `changed` is False when the stack was already as the template says."""

    stack_name: str
    outputs: Mapping[str, str]
    changed: bool


@dataclass(frozen=True, slots=True)
class BucketEmptied:
    """All versions of all objects are gone."""

    bucket: str
    objects: int


@dataclass(frozen=True, slots=True)
class Destroyed:
    """The last event of a removal. `existed` is False when there was no such stack."""

    stack_name: str
    existed: bool


DeployEvent = Packaged | StackNote | ResourceProgress | Deployed
DestroyEvent = StackNote | BucketEmptied | ResourceProgress | Destroyed
