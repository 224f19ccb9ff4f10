"""The options of a deployment, and the events of deployments and removals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from awsit.aws.installation import DEFAULT_STACK


@dataclass(frozen=True, slots=True)
class DeployOptions:
    """What to deploy: `template`, by default awsit's own.

    `cache_folder` keeps built packages. A parameter of the template that is not in `parameters` keeps its value of the
    last deployment, or has the template's default. `dependencies` is False for a sandbox, whose functions use the
    packages of this machine. `timeout_seconds` limits the wait for each operation of CloudFormation.
    """

    cache_folder: Path
    stack_name: str = DEFAULT_STACK
    template: Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    dependencies: bool = True
    timeout_seconds: float = 1800.0


@dataclass(frozen=True, slots=True)
class Packaged:
    """The local file or folder `path` of a resource is in the artifact bucket; `uploaded` is False if it was before."""

    resource: str
    path: str
    size: int
    uploaded: bool


@dataclass(frozen=True, slots=True)
class StackNote:
    """A sentence about the stack as a whole, such as "it is updated"."""

    stack_name: str
    text: str


@dataclass(frozen=True, slots=True)
class ResourceProgress:
    """One CloudFormation event of one resource. `at` is ISO 8601 UTC."""

    at: str
    logical_id: str
    type: str
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deployed:
    """The last event of a deployment. `changed` is False when the stack was up to date."""

    stack_name: str
    outputs: Mapping[str, str]
    changed: bool


@dataclass(frozen=True, slots=True)
class BucketEmptied:
    """All objects of a bucket are deleted; `objects` counts their versions and delete markers."""

    bucket: str
    objects: int


@dataclass(frozen=True, slots=True)
class Destroyed:
    """The last event of a removal. `existed` is False when there was no stack."""

    stack_name: str
    existed: bool


@dataclass(frozen=True, slots=True)
class BucketKept:
    """A bucket that a removal leaves, since other stacks may use it; `command` removes it."""

    bucket: str
    command: str


DeployEvent = Packaged | StackNote | ResourceProgress | Deployed
DestroyEvent = StackNote | BucketEmptied | BucketKept | ResourceProgress | Destroyed
