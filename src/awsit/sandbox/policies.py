"""What the emulator lacks when it checks IAM policies: requests over TLS, and denials that name the resource."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Pin = Callable[[str, bool], None]
Enforce = Callable[..., Any]
Respond = Callable[..., tuple[Any, ...]]
Describe = Callable[[str, str, str, bool], str]

NAMELESS = frozenset({"ec2", "iot"})
"""Services whose denials have a form of their own: EC2's name no resource, the emulator has IoT's right."""


def over_tls(pin: Pin) -> Pin:
    """`pin`, which notes whence a request came for `aws:SecureTransport`: on AWS it would have come over TLS."""

    def pin_over_tls(source_ip: str, _is_secure: bool) -> None:
        pin(source_ip, True)

    return pin_over_tls


def naming_own(enforce: Enforce) -> Enforce:
    """`enforce`, which checks calls of APIs, function URLs and objects, with their resources named in its denials."""

    def enforce_naming(*call: Any, resource_arn: str = "*", named_resource: str = "", **details: Any) -> Any:
        named = named_resource or resource_arn.removeprefix("*")
        return enforce(*call, resource_arn=resource_arn, named_resource=named, **details)

    return enforce_naming


def naming_resources(respond: Respond, describe: Describe) -> Respond:
    """`respond`, which makes a denial's response, with the resource in the message, as in `describe`'s.

    Source: IAM user guide, "Troubleshoot access denied error messages".
    """

    def respond_naming(service: str, action: str, principal: str, request_id: str, **details: Any) -> tuple[Any, ...]:
        resource, is_explicit = details.get("resource_arn", "*"), details.get("explicit_deny", False)
        said = details.get("message") or details.get("error_code") or details.get("resource_policy_arn")
        if not said and resource != "*" and service not in NAMELESS:
            details["message"] = describe(action, principal, resource, is_explicit)
        return respond(service, action, principal, request_id, **details)

    return respond_naming
