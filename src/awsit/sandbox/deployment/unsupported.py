"""What the emulated AWS does not do, by resource and property: told before anything is created.

Types and properties that it leaves out without harm to a test (a log retention, a tag, a TTL) are not in these tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from awsit.model import json
from awsit.sandbox.deployment.http_api import API, CORS, INTEGRATION, Document

TYPES = frozenset(
    {
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::ApplicationInsights::Application",
        "AWS::Bedrock::Agent",
        "AWS::CloudWatch::AnomalyDetector",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::CodeDeploy::Application",
        "AWS::CodeDeploy::DeploymentGroup",
        "AWS::Events::ApiDestination",
        "AWS::Events::Archive",
        "AWS::Events::Connection",
        "AWS::IAM::RolePolicy",
        "AWS::Lambda::CodeSigningConfig",
        "AWS::Location::Map",
        "AWS::Logs::QueryDefinition",
        "AWS::ResourceGroups::Group",
        "AWS::SES::Template",
        "AWS::StepFunctions::StateMachineAlias",
        "AWS::StepFunctions::StateMachineVersion",
        "AWS::Synthetics::Canary",
        "AWS::XRay::Group",
    }
)
"""Resource types that are often met and that the emulator does not have; it refuses further ones itself."""

_RUNTIMES = ("python", "nodejs", "provided")
_FOREIGN_LAYER = re.compile(r":(\d{12}):layer:([^:\"]+)")
_BUNDLED_LAYER = "AWSLambdaPowertoolsPython"
_OWN_ACCOUNT = "000000000000"

Check = Callable[[Mapping[str, Any]], Iterator[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A resource, the property of it that is not emulated (empty: the resource itself), and what would happen."""

    resource: str
    property: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.resource}.{self.property}" if self.property else self.resource
        return f"{place}: {self.reason}"


def unsupported(template: Document) -> list[Unsupported]:
    """All that the template needs and the emulator does not do, in the template's order. SAM is translated already.

    Resources with a condition are left out of the check of types: the condition may be false.
    """
    problems: list[Unsupported] = []
    for name, resource in template["Resources"].items():
        kind = resource.get("Type", "")
        if kind in TYPES and "Condition" not in resource:
            problems.append(Unsupported(name, "", f"{kind} is not emulated"))
        check = _CHECKS.get(kind)
        if check:
            properties = resource.get("Properties") or {}
            problems += (Unsupported(name, place, reason) for place, reason in check(properties))
    return problems


def with_placeholders(template: Document) -> Document:
    """The template with resources that do nothing in the place of those whose type is not emulated."""
    placeholder = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
    resources = template["Resources"].items()
    return template | {"Resources": {name: placeholder if r.get("Type") in TYPES else r for name, r in resources}}


def _function(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if properties.get("PackageType") == "Image":
        yield "PackageType", "functions in container images do not run here; only zip files do"
    runtime = properties.get("Runtime", "")
    if isinstance(runtime, str) and runtime and not runtime.startswith(_RUNTIMES):
        yield "Runtime", f"{runtime} does not run here: each call would succeed with a mock response"
    for layer in properties.get("Layers") or ():
        arn = _FOREIGN_LAYER.search(json.dumps(layer))
        if arn and arn[1] != _OWN_ACCOUNT and not arn[2].startswith(_BUNDLED_LAYER):
            yield "Layers", f"the layer {arn[2]} of account {arn[1]} is left out; make it a layer of your own stack"


def _rest_api(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for place, operation in _operations(properties):
        if (operation.get(INTEGRATION) or {}).get("requestTemplates"):
            yield f"{place}.{INTEGRATION}.requestTemplates", "request templates of OpenAPI documents are left out"
        if operation.get("x-amazon-apigateway-auth"):
            yield f"{place}.x-amazon-apigateway-auth", "it is left out: everybody may call the operation"


def _http_api(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    body = properties.get("Body")
    if properties.get("BodyS3Location") or (isinstance(body, dict) and "Fn::Transform" in body):
        yield "Body", "an OpenAPI document outside the template is not read: the API would have no routes"
    for place, operation in _operations(properties):
        if "$ref" in (operation.get(INTEGRATION) or {}):
            yield f"{place}.{INTEGRATION}", "an integration by reference is not read: the route would have none"
    if isinstance(body, dict) and not isinstance(body.get(CORS, {}), dict):
        yield f"Body.{CORS}", "only an object is read"


def _operations(properties: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The operations of an API's OpenAPI document, each with its place in the properties."""
    body = properties.get("Body")
    paths = body.get("paths") if isinstance(body, dict) else None
    for path, methods in (paths or {}).items():
        for method, operation in methods.items():
            if isinstance(operation, dict):
                yield f"Body.paths.{path}.{method}", operation


def _user_pool(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if (properties.get("LambdaConfig") or {}).get("PreSignUp"):
        yield "LambdaConfig.PreSignUp", "it is not called for users that AdminCreateUser makes"


def _state_machine(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for place in ("Definition", "DefinitionString"):
        text = json.dumps(properties.get(place)).replace("\\", "")
        if "states:::dynamodb:" in text and re.search(r'"(?:Key|Item)": ?\{[^{}]*"[^"]+\.\$"', text):
            yield place, 'the short form `"id.$"` in a key or item of DynamoDB is not read; write {"id": {"S.$": …}}'


_CHECKS: Mapping[str, Check] = {
    "AWS::Lambda::Function": _function,
    "AWS::ApiGateway::RestApi": _rest_api,
    API: _http_api,
    "AWS::Cognito::UserPool": _user_pool,
    "AWS::StepFunctions::StateMachine": _state_machine,
}
"""What is looked at, by resource type."""
