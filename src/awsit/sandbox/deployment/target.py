"""The sandbox as something that is deployed to: the template that it takes, and what is left to do afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from awsit.errors import InvalidInputError, Problem
from awsit.http.addressing.destinations import THIS_MACHINE
from awsit.model import json
from awsit.model.ports import Aws
from awsit.sandbox.deployment.cdk import without_cdk_s_own
from awsit.sandbox.deployment.code import ALLOWED_HOSTS, built_names, is_awsit_s_own
from awsit.sandbox.deployment.endpoints import with_endpoints
from awsit.sandbox.deployment.http_api import Document, with_routes
from awsit.sandbox.deployment.language_extensions import without_extensions
from awsit.sandbox.deployment.node_sdk import missing_clients
from awsit.sandbox.deployment.sam import translated
from awsit.sandbox.deployment.unsupported import RUNTIMES, unsupported, with_placeholders, without_console_s_own
from awsit.sandbox.deployment.variables import lead_back


class SandboxTarget(Struct, frozen=True):
    """Deploys to the sandbox what would be deployed to an account; by permission, without what it does not emulate."""

    allow_unsupported: bool = False
    emulated: bool = True

    def expanded(self, template: Document, parameters: Mapping[str, str]) -> Document:
        """The template after the transform `AWS::LanguageExtensions`, if it asks for that. Raises InvalidInputError."""
        return without_extensions(template, parameters)

    def prepared(self, template: Document, parameters: Mapping[str, str]) -> Document:
        """The template with SAM translated, routes for its HTTP APIs, and a mark of its outputs.

        `parameters` are the values of its parameters. Raises InvalidInputError when SAM refuses it, and when it needs
        what the sandbox does not do.
        """
        plain = without_console_s_own(without_cdk_s_own(translated(template, parameters)))
        if self.allow_unsupported:
            plain = with_placeholders(plain)
        else:
            _check(plain)
        return _with_this_machine(_with_text_variables(_with_outputs_mark(with_endpoints(with_routes(plain)))))

    def runs(self, runtime: str) -> bool:
        """What has an interpreter here; the rest is told by `prepared`, or is there by permission and does nothing."""
        return not runtime or runtime.startswith(RUNTIMES)

    def missing_packages(self, folder: Path, runtime: str) -> Iterable[str]:
        """Clients of the AWS SDK for JavaScript; none is told of by permission."""
        return missing_clients(folder) if runtime.startswith("nodejs") and not self.allow_unsupported else ()

    def finish(self, aws: Aws, stack_name: str) -> Iterable[str]:
        """Lead the URLs of AWS in the functions' variables back to the sandbox; tell those that cannot be."""
        yield from lead_back(aws, stack_name)
        yield from built_names(aws, stack_name)


def _check(template: Document) -> None:
    """Raise InvalidInputError when the template needs what the sandbox does not do."""
    problems = tuple(Problem("unsupported", str(problem), problem.resource) for problem in unsupported(template))
    if problems:
        raise InvalidInputError(
            "the sandbox does not do all that the template needs; nothing was created",
            problems,
            code="unsupported_in_sandbox",
            hint="deploy without it: --allow-unsupported; or deploy to an account",
        )


def _with_text_variables(template: Document) -> Document:
    """The template with numbers and flags in functions' variables as text, which CloudFormation makes of them."""
    for resource in template["Resources"].values():
        environment = (resource.get("Properties") or {}).get("Environment")
        if resource.get("Type") == "AWS::Lambda::Function" and isinstance(environment, dict):
            variables = environment.get("Variables") or {}
            environment["Variables"] = {name: _text(value) for name, value in variables.items()}
    return template


def _with_this_machine(template: Document) -> Document:
    """The template with this machine among the hosts that awsit's function may call: what it tests runs here."""
    for resource in template["Resources"].values():
        if resource.get("Type") == "AWS::Lambda::Function" and is_awsit_s_own(resource):
            variables = resource["Properties"]["Environment"]["Variables"]
            variables[ALLOWED_HOSTS] = {"Fn::Join": [",", [variables[ALLOWED_HOSTS], *map(str, THIS_MACHINE)]]}
    return template


def _text(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _with_outputs_mark(template: Document) -> Document:
    """The template with a resource that does nothing and is new when the outputs change.

    A change set of the emulator that changes outputs alone is empty, and cannot be executed; on AWS it can.
    """
    outputs = template.get("Outputs")
    if not outputs:
        return template
    digest = sha256(json.dumps(outputs).encode()).hexdigest()[:8]
    mark = {f"Outputs{digest}": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    return template | {"Resources": template["Resources"] | mark}
