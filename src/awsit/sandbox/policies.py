"""What the emulator lacks when it checks IAM policies: requests over TLS, secret sessions, batches, named resources."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

Pin = Callable[[str, bool], None]
Enforce = Callable[..., Any]
Respond = Callable[..., tuple[Any, ...]]
Credentials = Callable[[Mapping[str, Any]], dict[str, str]]
ActionOf = Callable[..., str | None]
ResourceOf = Callable[..., str]
Describe = Callable[[str, str, str, bool], str]

NAMELESS = frozenset({"ec2", "iot"})
"""Services whose denials have a form of their own: EC2's name no resource, the emulator has IoT's right."""


OF_PARTS: Mapping[str, str] = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sns:PublishBatch": "sns:Publish",
}
"""Batches, for which AWS asks for the permission of their parts, and the emulator for one that AWS does not know.

Source: Service Authorization Reference, list_amazonsqs.html and list_amazonsns.html.
"""


def of_parts(action_of: ActionOf) -> ActionOf:
    """`action_of`, which finds the IAM action of a request, with that of its parts for a batch."""

    def action_of_parts(*request: Any, **details: Any) -> str | None:
        action = action_of(*request, **details)
        return OF_PARTS.get(action, action) if action else action

    return action_of_parts


def whole_groups(resource_of: ResourceOf) -> ResourceOf:
    """`resource_of`, which finds the ARN of a request's resource, with `:*` after a log group's, as AWS has it.

    The operations on tags alone have none (CloudWatch Logs user guide, "CloudWatch Logs resources and operations"). A
    group that is named by its ARN is found as well.
    """

    def resource_of_whole(
        service: str, method: str, path: str, headers: Mapping[str, str], body: bytes, *request: Any, **details: Any
    ) -> str:
        resource = resource_of(service, method, path, headers, body, *request, **details)
        is_of_tags = "Tag" in headers.get("x-amz-target", "")
        if service == "logs" and resource == "*":
            resource = _identified_group(body)
        return f"{resource}:*" if service == "logs" and resource != "*" and not is_of_tags else resource

    return resource_of_whole


def _identified_group(body: bytes) -> str:
    """The ARN that names a request's log group, the first of several; `*` where there is none."""
    named = _document(body)
    first = [named.get("logGroupIdentifier"), *(named.get("logGroupIdentifiers") or ())]
    return next((each.removesuffix(":*") for each in first if isinstance(each, str) and each.startswith("arn:")), "*")


def named_streams(resource_of: ResourceOf, of_iterator: Callable[[str], str]) -> ResourceOf:
    """`resource_of`, with the stream that a request names by its ARN or by an iterator (`of_iterator`).

    Source: Service Authorization Reference, list_amazondynamodb.html and list_amazonkinesisdatastreams.html.
    """

    def resource_of_stream(
        service: str, method: str, path: str, headers: Mapping[str, str], body: bytes, *request: Any, **details: Any
    ) -> str:
        resource = resource_of(service, method, path, headers, body, *request, **details)
        if resource != "*" or service not in {"dynamodbstreams", "kinesis"}:
            return resource
        named = _document(body)
        stream, iterator = named.get("StreamArn"), named.get("ShardIterator")
        found = of_iterator(iterator) if isinstance(iterator, str) else stream
        return found if isinstance(found, str) and found else "*"

    return resource_of_stream


def _document(body: bytes) -> Mapping[str, Any]:
    """The document of a request; empty where there is none."""
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def over_tls(pin: Pin) -> Pin:
    """`pin`, which notes whence a request came for `aws:SecureTransport`: on AWS it would have come over TLS."""

    def pin_over_tls(source_ip: str, _is_secure: bool) -> None:
        pin(source_ip, True)

    return pin_over_tls


def secret_sessions(make: Credentials, sessions: MutableMapping[str, Any], secret: str) -> Credentials:
    """`make`, which gives a function the keys of its role's session, with keys that nobody can guess.

    The emulator's own follow from the ARNs alone. The `sessions` that it checks signatures against follow suit.
    """
    lock = threading.Lock()  # functions start at the same time, and one may have the same role twice

    def make_secret(function: Mapping[str, Any]) -> dict[str, str]:
        with lock:
            keys = make(function)
            session = sessions.pop(keys["AWS_ACCESS_KEY_ID"], None)
        if session is None:  # policies are not enforced: the function has the keys of the start
            return keys
        digest = hmac.new(secret.encode(), keys["AWS_SECRET_ACCESS_KEY"].encode(), hashlib.sha512).hexdigest()
        key_id = f"ASIA{digest[:16].upper()}"
        sessions[key_id] = {**session, "SecretAccessKey": digest[16:80]}
        return {**keys, "AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": digest[16:80]}

    return make_secret


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
