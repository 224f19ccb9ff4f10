"""URLs of AWS in the environment variables of deployed functions, led back to the sandbox.

A function calls them by itself, without the gate that awsit's own requests pass. Its variables are therefore changed
after each deployment: the values are known only then, whatever intrinsic functions made them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from awsit.http.addressing.aws_hosts import is_aws_host
from awsit.model.ports import Aws
from awsit.sandbox.functions import guarded

_REGION = r"\.[a-z0-9-]+"
_END = r"(?![\w.-])"
_DATA_PLANE = re.compile(
    rf"(https|wss)://([a-z0-9-]+)\.(execute-api|lambda-url){_REGION}\.(?:amazonaws\.com(?:\.cn)?|on\.aws){_END}"
)
_GRAPHQL = re.compile(rf"https://([a-z0-9]+)\.appsync-api{_REGION}\.amazonaws\.com(?:\.cn)?/graphql{_END}")
_SIGN_IN = re.compile(rf"https://[a-z0-9-]+\.auth{_REGION}\.amazoncognito\.com{_END}")
_KEYS = re.compile(rf"https://cognito-idp{_REGION}\.amazonaws\.com(?:\.cn)?(/[^/\s]+/\.well-known/)")
_HOST = re.compile(rf"(?:[a-z0-9-]+\.)+[a-z]{{2,}}{_END}")
_LABELS_OF_AN_ENDPOINT = 4
"""Parts of the name of an endpoint, at least: `sqs.eu-west-1.amazonaws.com`. A service principal has three."""
_PARTS_OF_HOSTS = {
    "AWS::ApiGateway::RestApi": "an API",
    "AWS::ApiGatewayV2::Api": "an API",
    "AWS::Cognito::UserPool": "a user pool",
    "AWS::Cognito::UserPoolDomain": "a user pool's domain",
}
"""Resources whose physical IDs a function can make a host of AWS of, and what they are, by type."""


class _Resource(Struct, frozen=True):
    type: str
    physical_id: str


def lead_back(aws: Aws, stack_name: str) -> Iterator[str]:
    """Change the variables of the stack's functions; yields a sentence for each that leads to AWS all the same.

    Functions of nested stacks are among them.
    """
    client = aws.client("lambda")
    endpoint = client.meta.endpoint_url
    resources = list(_resources(aws, stack_name))
    parts = {each.physical_id: _PARTS_OF_HOSTS[each.type] for each in resources if each.type in _PARTS_OF_HOSTS}
    for name in (each.physical_id for each in resources if each.type == "AWS::Lambda::Function"):
        environment = client.get_function_configuration(FunctionName=name).get("Environment") or {}
        variables: Mapping[str, str] = environment.get("Variables") or {}
        changed = guarded({key: led_back(value, endpoint) for key, value in variables.items()})
        if changed != variables:
            client.update_function_configuration(FunctionName=name, Environment={"Variables": changed})
            _move_aliases(client, name)
        for key, value in changed.items():
            yield from (f"the variable {key} of {name} {problem}" for problem in _problems(value, parts))


def _move_aliases(functions: Any, name: str) -> None:
    """Have the aliases of a function call what it is now; the versions that they called cannot be changed."""
    for alias in functions.list_aliases(FunctionName=name)["Aliases"]:
        version = functions.publish_version(FunctionName=name)["Version"]
        functions.update_alias(FunctionName=name, Name=alias["Name"], FunctionVersion=version)


def led_back(value: str, endpoint: str) -> str:
    """The value with the URLs of AWS in it replaced by those at which the sandbox answers, where it does."""
    host = urlsplit(endpoint).netloc
    schemes = {"https": "http", "wss": "ws"}
    value = _DATA_PLANE.sub(lambda url: f"{schemes[url[1]]}://{host}/_aws/{url[3]}/{url[2]}", value)
    value = _GRAPHQL.sub(lambda url: f"http://{host}/v1/apis/{url[1]}/graphql", value)
    value = _KEYS.sub(lambda url: f"http://{host}{url[1]}", value)
    return _SIGN_IN.sub(f"http://{host}", value)


def aws_hosts(value: str) -> list[str]:
    """The hosts of AWS in a value, in their order; ARNs and service principals (`sns.amazonaws.com`) are none."""
    hosts = (match[0] for match in _HOST.finditer(value))
    return [host for host in hosts if is_aws_host(host) and len(host.split(".")) >= _LABELS_OF_AN_ENDPOINT]


def _problems(value: str, parts: Mapping[str, str]) -> Iterator[str]:
    for host in aws_hosts(value):
        yield f"names {host}: the function cannot reach it in the sandbox"
    if value in parts:
        yield f"is the ID of {parts[value]}: a URL of AWS that is made of it leads nowhere in the sandbox; give the URL"


def _resources(aws: Aws, stack: str) -> Iterator[_Resource]:
    """The resources of the stack and of the stacks in it."""
    pages = aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    for page in pages:
        for summary in page["StackResourceSummaries"]:
            resource = _Resource(summary["ResourceType"], summary.get("PhysicalResourceId", ""))
            yield resource
            if resource.type == "AWS::CloudFormation::Stack" and resource.physical_id:
                yield from _resources(aws, resource.physical_id)
