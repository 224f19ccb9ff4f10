"""URLs of AWS in the environment variables of deployed functions, led back to the sandbox.

A function calls them by itself, without the gate that awsit's own requests pass. Its variables are therefore changed
after each deployment: the values are known only then, whatever intrinsic functions made them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from awsit.http.addressing.aws_hosts import is_aws_host
from awsit.model.ports import Aws

_DATA_PLANE = re.compile(
    r"(https|wss)://([a-z0-9-]+)\.(execute-api|lambda-url)\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)(?![\w.-])"
)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w.-])")


def lead_back(aws: Aws, stack_name: str) -> Iterator[str]:
    """Change the variables of the stack's functions; yields a sentence for each that still names AWS."""
    functions = aws.client("lambda")
    endpoint = functions.meta.endpoint_url
    for name in _functions(aws, stack_name):
        environment = functions.get_function_configuration(FunctionName=name).get("Environment") or {}
        variables: Mapping[str, str] = environment.get("Variables") or {}
        changed = {key: led_back(value, endpoint) for key, value in variables.items()}
        if changed != variables:
            functions.update_function_configuration(FunctionName=name, Environment={"Variables": changed})
            _move_aliases(functions, name)
        for key, value in changed.items():
            for host in aws_hosts(value):
                yield f"the variable {key} of {name} names {host}: the function cannot reach it in the sandbox"


def _move_aliases(functions: Any, name: str) -> None:
    """Have the aliases of a function call what it is now; the versions that they called cannot be changed."""
    for alias in functions.list_aliases(FunctionName=name)["Aliases"]:
        version = functions.publish_version(FunctionName=name)["Version"]
        functions.update_alias(FunctionName=name, Name=alias["Name"], FunctionVersion=version)


def led_back(value: str, endpoint: str) -> str:
    """The value with the URLs of APIs and functions replaced by those at which the sandbox answers for them."""
    host = urlsplit(endpoint).netloc
    schemes = {"https": "http", "wss": "ws"}
    return _DATA_PLANE.sub(lambda url: f"{schemes[url[1]]}://{host}/_aws/{url[3]}/{url[2]}", value)


def aws_hosts(value: str) -> list[str]:
    """The hosts of AWS in a value, in their order; ARNs and service principals (`sns.amazonaws.com`) are none."""
    hosts = (match[0] for match in _HOST.finditer(value))
    return [host for host in hosts if is_aws_host(host) and host.count(".") > 2]  # noqa: PLR2004 - service.region.domain


def _functions(aws: Aws, stack_name: str) -> Iterator[str]:
    """The names of the functions of a stack and of those nested in it."""
    pages = aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack_name)
    for page in pages:
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceType"] == "AWS::Lambda::Function":
                yield resource["PhysicalResourceId"]
            elif resource["ResourceType"] == "AWS::CloudFormation::Stack":
                yield from _functions(aws, resource["PhysicalResourceId"])
