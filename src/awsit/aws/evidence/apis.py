"""The functions behind a URL: of a REST or HTTP API, of a function URL, or of a custom domain of one of the stacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from awsit.aws.evidence.resources import StackResource
from awsit.diagnosis.api_url import ApiAddress, ApiRoute, address_of, functions_of
from awsit.diagnosis.inquiry import Inquiry
from awsit.model.ports import Aws
from awsit.records import replace

FUNCTION = "AWS::Lambda::Function"
REST_API, HTTP_API, FUNCTION_URL = "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::Lambda::Url"
DOMAINS = frozenset({"AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName"})

_FUNCTION = re.compile(r":function:(?P<name>[\w-]+)")


def functions_behind(aws: Aws, resources: Sequence[StackResource], inquiry: Inquiry) -> Iterator[StackResource]:
    """The functions that answer the inquiry's URL, if one of the resources does. Raises botocore's errors."""
    address = address_of(inquiry.url)
    names: list[str] = []
    for resource in resources:
        if address.is_function_url:
            names += _of_function_url(aws, resource, address.host)
        elif read := _routes_of(resource, address, resources):
            names += functions_of(list(read(aws, resource.physical_id)), inquiry.method, address.paths)
    for name in dict.fromkeys(names):
        yield StackResource(FUNCTION, name, name, "")


def _routes_of(
    resource: StackResource, address: ApiAddress, resources: Sequence[StackResource]
) -> Callable[[Aws, str], Iterator[ApiRoute]] | None:
    """What reads the routes of an API that the address names by its ID, or that may be behind a custom domain."""
    is_domain = any(each.type in DOMAINS and each.physical_id == address.host for each in resources)
    if resource.physical_id != address.api_id and not is_domain:
        return None
    return {REST_API: _rest_routes, HTTP_API: _http_routes}.get(resource.type)


def _of_function_url(aws: Aws, resource: StackResource, host: str) -> list[str]:
    """The function of a function URL, whose physical ID is the function's ARN or name."""
    if resource.type != FUNCTION_URL:
        return []
    function = replace(resource, physical_id=_name_of(resource.physical_id)).physical_id
    configuration = aws.client("lambda").get_function_url_config(FunctionName=function)
    return [function] if f"//{host}/" in configuration["FunctionUrl"] else []


def _rest_routes(aws: Aws, api_id: str) -> Iterator[ApiRoute]:
    pages = aws.client("apigateway").get_paginator("get_resources").paginate(restApiId=api_id, embed=["methods"])
    for page in pages:
        for resource in page["items"]:
            for method, settings in resource.get("resourceMethods", {}).items():
                function = _FUNCTION.search(settings.get("methodIntegration", {}).get("uri", ""))
                if function:
                    yield ApiRoute(method, resource["path"], function["name"])


def _http_routes(aws: Aws, api_id: str) -> Iterator[ApiRoute]:
    client = aws.client("apigatewayv2")
    integrations = {
        each["IntegrationId"]: _FUNCTION.search(each.get("IntegrationUri", ""))
        for page in client.get_paginator("get_integrations").paginate(ApiId=api_id)
        for each in page["Items"]
    }
    for page in client.get_paginator("get_routes").paginate(ApiId=api_id):
        for route in page["Items"]:
            function = integrations.get(route.get("Target", "").rpartition("/")[2])
            method, _, path = route["RouteKey"].rpartition(" ")
            if function:
                yield ApiRoute(method, path, function["name"])


def _name_of(arn_or_name: str) -> str:
    function = _FUNCTION.search(arn_or_name)
    return function["name"] if function else arn_or_name
