"""The options of a deployment, and the events of deployments and removals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct, field

from awsit.aws.installation import DEFAULT_STACK
from awsit.model.ports import Aws


class Target(Protocol):
    """What is deployed to.

    `emulated` is True for a sandbox: its functions run in the Python that runs awsit, and it has no bootstrap of CDK.
    """

    @property
    def emulated(self) -> bool:
        """Whether it is on this machine."""

    def expanded(self, template: dict[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
        """The template with its loops unrolled, before its local files are uploaded. Raises InvalidInputError."""

    def prepared(self, template: dict[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
        """The template that is sent, for the values of its parameters. Raises InvalidInputError."""

    def runs(self, runtime: str) -> bool:
        """Whether it carries out functions of a runtime, so that they have to be built; `Image` is that of images."""

    def missing_packages(self, folder: Path, runtime: str) -> Iterable[str]:
        """The packages that a function's code uses, that Lambda brings, and that the target does not have."""

    def finish(self, aws: Aws, stack_name: str) -> Iterable[str]:
        """Do what is left to do when the stack has changed; returns sentences for people."""


class AccountTarget:
    """An account: templates are sent as they are."""

    emulated = False

    def expanded(self, template: dict[str, Any], _parameters: Mapping[str, str]) -> dict[str, Any]:
        """The template itself: CloudFormation unrolls its loops."""
        return template

    def prepared(self, template: dict[str, Any], _parameters: Mapping[str, str]) -> dict[str, Any]:
        """The template itself."""
        return template

    def runs(self, _runtime: str) -> bool:
        """All that Lambda has."""
        return True

    def missing_packages(self, _folder: Path, _runtime: str) -> Iterable[str]:
        """It has all that Lambda brings."""
        return ()

    def finish(self, _aws: Aws, _stack_name: str) -> Iterable[str]:
        """Nothing is left to do."""
        return ()


class DeployOptions(Struct, frozen=True):
    """What to deploy: `template`, by default awsit's own.

    `cache_folder` keeps built packages. A parameter of the template that is not in `parameters` keeps its value of the
    last deployment, or has the template's default; without `keep_parameters` it always has the default. `dependencies`
    is False for a sandbox, whose functions use the packages of this machine, and `target` knows what else differs
    there. `timeout_seconds` limits the wait for each operation of CloudFormation.
    """

    cache_folder: Path
    stack_name: str = DEFAULT_STACK
    template: Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    keep_parameters: bool = True
    dependencies: bool = True
    timeout_seconds: float = 1800.0
    target: Target = field(default_factory=AccountTarget)


class Packaged(Struct, frozen=True):
    """The local file or folder `path` of a resource is in the artifact bucket; `uploaded` is False if it was before."""

    resource: str
    path: str
    size: int
    uploaded: bool


class StackNote(Struct, frozen=True):
    """A sentence about the stack as a whole, such as "it is updated"."""

    stack_name: str
    text: str


class StackWarning(Struct, frozen=True):
    """A sentence about what of a stack that is deployed will not work."""

    stack_name: str
    text: str


class ResourceProgress(Struct, frozen=True):
    """One CloudFormation event of one resource. `at` is ISO 8601 UTC."""

    at: str
    logical_id: str
    type: str
    status: str
    reason: str = ""


class Deployed(Struct, frozen=True):
    """The last event of a deployment. `changed` is False when the stack was up to date, `is_new` tells a creation."""

    stack_name: str
    outputs: Mapping[str, str]
    changed: bool
    is_new: bool = False


class BucketEmptied(Struct, frozen=True):
    """All objects of a bucket are deleted; `objects` counts their versions and delete markers."""

    bucket: str
    objects: int


class Destroyed(Struct, frozen=True):
    """The last event of a removal. `existed` is False when there was no stack."""

    stack_name: str
    existed: bool


class BucketKept(Struct, frozen=True):
    """A bucket that a removal leaves, since other stacks may use it; `command` removes it."""

    bucket: str
    command: str


DeployEvent = Packaged | StackNote | StackWarning | ResourceProgress | Deployed
DestroyEvent = StackNote | BucketEmptied | BucketKept | ResourceProgress | Destroyed
