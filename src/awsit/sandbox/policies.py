"""What the emulator's check of IAM policies lacks, against an account: requests over TLS, and denials that name all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Pin = Callable[[str, bool], None]
Respond = Callable[..., tuple[Any, ...]]
Describe = Callable[[str, str, str, bool], str]

NAMELESS = frozenset({"ec2", "iot"})
"""Services whose denials have a form of their own: EC2's name no resource, the emulator has IoT's right."""


def over_tls(pin: Pin) -> Pin:
    """`pin`, which notes whence a request came for `aws:SecureTransport`: on AWS it would have come over TLS."""

    def pin_over_tls(source_ip: str, _is_secure: bool) -> None:
        pin(source_ip, True)

    return pin_over_tls


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
