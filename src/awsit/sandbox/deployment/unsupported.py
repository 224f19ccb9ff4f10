"""What the emulated AWS does not do, by resource and property: told before anything is created.

Types and properties that it leaves out without harm to a test (a log retention, a tag, a TTL) are not in these tables.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from awsit.model import json
from awsit.sandbox.deployment.http_api import API, CORS, DEPLOYMENT, INTEGRATION, PLACEHOLDER, Document

RUNTIMES = ("python", "nodejs", "provided")
_FOREIGN_LAYER = re.compile(r":(\d{12}):layer:([^:\"]+)")
_BUNDLED_LAYER = "AWSLambdaPowertoolsPython"
_HARMLESS_LAYER = "LambdaInsightsExtension"
"""It sends metrics, which no function reads."""
_OWN_ACCOUNT = "000000000000"
_CONSOLE_S_OWN = frozenset({"AWS::Logs::QueryDefinition"})
"""Types that are not emulated, and that neither a test nor a function reads."""
_IMPLIED = frozenset({"AWS::ApiGatewayV2::RouteResponse"})
"""Types that are not emulated, and whose effect is there all the same: a route that selects responses answers."""
_SERVICE = re.compile(r":([a-z0-9.-]+):(?:path|action)/")
"""The service in the URI of an integration, `arn:PARTITION:apigateway:REGION:SERVICE:path/...`."""

_CDK_FUNCTIONS = {
    "AWS679f53fac002430cb0da5b7982bd2287": "CDK's AwsCustomResource needs the AWS SDK of Lambda's Node.js runtime",
    "CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C": "CDK's BucketDeployment needs the AWS CLI of a layer",
}
"""CDK's own functions for custom resources that do not run here, by the beginning of their logical ID."""

Check = Callable[[Mapping[str, Any]], Iterator[tuple[str, str]]]


class Unsupported(Struct, frozen=True):
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
        reason = _not_emulated(resource, template)
        if reason and "Condition" not in resource:
            problems.append(Unsupported(name, "", reason))
        check = _CHECKS.get(resource.get("Type", ""))
        if check:
            properties = resource.get("Properties") or {}
            problems += (Unsupported(name, place, reason) for place, reason in check(properties))
    return problems


def without_console_s_own(template: Document) -> Document:
    """The template with resources that do nothing in the place of what only people at a console see, or is implied."""
    resources, left_out = template["Resources"].items(), _CONSOLE_S_OWN | _IMPLIED
    shown = {name: PLACEHOLDER for name, resource in resources if resource.get("Type") in left_out}
    return template | {"Resources": template["Resources"] | shown}


def with_placeholders(template: Document) -> Document:
    """The template with resources that do nothing in the place of those that are not emulated at all."""
    resources = template["Resources"].items()
    return template | {
        "Resources": {
            name: PLACEHOLDER if _not_emulated(resource, template) else resource for name, resource in resources
        }
    }


def _not_emulated(resource: Mapping[str, Any], template: Document) -> str:
    """Why a resource as a whole is not emulated; empty when it is."""
    kind = resource.get("Type", "")
    token = json.dumps((resource.get("Properties") or {}).get("ServiceToken"))
    cdk_s = next((reason for function, reason in _CDK_FUNCTIONS.items() if function in token), "")
    if cdk_s or _is_emulated(kind, template):
        return cdk_s
    if kind.startswith("AWS::Serverless::"):
        return f"{kind} needs `Transform: AWS::Serverless-2016-10-31`, in an account too"
    return f"{kind} is not emulated" if kind else "it has no Type"


def _is_emulated(kind: str, template: Document) -> bool:
    """Whether the emulator has a resource type, or leaves it to a transform."""
    return kind in emulated_types() or kind.startswith("Custom::") or bool(template.get("Transform"))


@cache
def emulated_types() -> frozenset[str]:
    """The resource types that the emulator's CloudFormation has."""
    provisioners: Any = importlib.import_module("ministack.services.cloudformation.provisioners")
    return frozenset(provisioners._RESOURCE_HANDLERS) | {DEPLOYMENT}  # noqa: SLF001 - the pinned version has no hook


def _function(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if properties.get("PackageType") == "Image":
        yield "PackageType", "functions in container images do not run here; only zip files do"
    runtime = properties.get("Runtime", "")
    if isinstance(runtime, str) and runtime and not runtime.startswith(RUNTIMES):
        yield "Runtime", f"{runtime} does not run here: each call would succeed with a mock response"
    for layer in properties.get("Layers") or ():
        arn = _FOREIGN_LAYER.search(json.dumps(layer))
        if arn and arn[1] != _OWN_ACCOUNT and not arn[2].startswith((_BUNDLED_LAYER, _HARMLESS_LAYER)):
            yield "Layers", f"the layer {arn[2]} of account {arn[1]} is left out; make it a layer of your own stack"


def _rest_api(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for place, operation in _operations(properties):
        extension = operation.get(INTEGRATION) or {}
        responses = (extension.get("responses") or {}).values()
        for reason in _service_integration(extension, "requestTemplates", responses, "responseTemplates"):
            yield f"{place}.{INTEGRATION}", reason


def _method(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    integration = properties.get("Integration") or {}
    extension = {key[:1].lower() + key[1:]: value for key, value in integration.items()}
    responses = integration.get("IntegrationResponses") or ()
    for reason in _service_integration(extension, "requestTemplates", responses, "ResponseTemplates"):
        yield "Integration", reason


def _service_integration(
    extension: Mapping[str, Any], request_key: str, responses: Iterable[Any], response_key: str
) -> Iterator[str]:
    """What is not emulated of an integration of a REST API with a service, which is not a proxy's."""
    if str(extension.get("type", "")).upper() != "AWS":
        return
    service = _SERVICE.search(json.dumps(extension.get("uri")))
    if service and service[1] not in {"lambda", "sqs"}:
        yield f"the integration of a REST API with {service[1]} is not emulated: each call would be answered with 504"
    elif service and service[1] == "lambda":
        mapped = extension.get(request_key) or any(
            each.get(response_key) for each in responses if isinstance(each, dict)
        )
        if mapped:
            yield "mapping templates of an integration with Lambda are left out: use a proxy integration"


def _http_api(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    body = properties.get("Body")
    if properties.get("BodyS3Location") or (isinstance(body, dict) and "Fn::Transform" in body):
        yield "Body", "an OpenAPI document outside the template is not read: the API would have no routes"
    if isinstance(body, str):
        yield "Body", "an OpenAPI document as text is not read: write it as a mapping, or the API would have no routes"
    for place, operation in _operations(properties):
        integration = operation.get(INTEGRATION) or {}
        if "$ref" in integration:
            yield f"{place}.{INTEGRATION}", "an integration by reference is not read: the route would have none"
        subtype = integration.get("integrationSubtype") or integration.get("subtype")
        if subtype:
            yield f"{place}.{INTEGRATION}", f"the integration {subtype} of an HTTP API is not emulated"
    if isinstance(body, dict) and not isinstance(body.get(CORS, {}), dict):
        yield f"Body.{CORS}", "only an object is read"


def _integration(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    subtype = properties.get("IntegrationSubtype")
    if subtype:
        yield "IntegrationSubtype", f"the integration {subtype} of an HTTP API is not emulated"


def _operations(properties: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The operations of an API's OpenAPI document, each with its place in the properties."""
    body = properties.get("Body")
    paths = body.get("paths") if isinstance(body, dict) else None
    for path, methods in (paths or {}).items():
        for method, operation in methods.items() if isinstance(methods, dict) else ():
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
    "AWS::ApiGateway::Method": _method,
    API: _http_api,
    "AWS::ApiGatewayV2::Integration": _integration,
    "AWS::Cognito::UserPool": _user_pool,
    "AWS::StepFunctions::StateMachine": _state_machine,
}
"""What is looked at, by resource type."""
