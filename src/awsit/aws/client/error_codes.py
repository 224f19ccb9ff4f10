"""Error codes of AWS services and the kind of each. Source: each service's API reference, page "Common Errors"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from awsit.errors import ErrorKind
from awsit.patterns import lazy_pattern

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
UNKNOWN_CREDENTIALS = frozenset(
    {"UnrecognizedClientException", "InvalidClientTokenId", "SignatureDoesNotMatch", "InvalidSignatureException",
     "InvalidAccessKeyId", "AuthFailure", "InvalidToken", "IncompleteSignature", "MissingAuthenticationToken"}
)  # fmt: skip
THROTTLED = lazy_pattern(
    r"[Tt]hrottl|^TooManyRequests?([A-Z]|$)|^RequestLimitExceeded|ProvisionedThroughputExceeded"
    r"|^(SlowDown|BandwidthLimitExceeded|PriorRequestNotComplete|429)$"
)
"""How services name the error that a call came too fast for them, or for the key (KMS) that they use for the caller.

SNS says `Throttled` and `KMSThrottling`, SQS `RequestThrottled` and `KmsThrottled`, or `KMS.ThrottlingException`.
"""
DENIED = lazy_pattern(r"(?<!^EC2)AccessDenied|^(Un|Not)[Aa]uthorized|^AuthorizationError$|Forbidden|^403$")
"""How services name the error that the caller may not do something, or not use the key (KMS) of what it is done to.

Lambda's `EC2AccessDeniedException` is about the function that was called: its role may not use its network.
"""
TIMED_OUT = frozenset({"RequestTimeout", "RequestTimeoutException", "408"})
NOT_FOUND = lazy_pattern(
    r"NotFound|NotFond|^NoSuch|(Does)?NotExists?(Exception)?$|Non[eE]xist(ent|s)"
    r"|^Unknown(Resource|Monitor|Subscription|TopicOrPartition|SnapshotCopyRegion)|^InvalidDocument$|^404$"
)
"""How services name the error that something is not there, by botocore's models; `404` is the answer to a HEAD.

Systems Manager says `InvalidDocument` of a document that does not exist (its API Reference, "DescribeDocument").

Other errors with status 404, such as IAM's `ReportInProgress`, mean something else; a test asks the models for both.
"""
NOT_VALID = lazy_pattern(r"^Validation|^Invalid|^Malformed|^Missing|^Serialization|^UnsupportedMediaType|TooLarge")

_OF_A_KEY = lazy_pattern(r"\bKMS|customer master key", re.IGNORECASE)
_OF_A_CLOCK = lazy_pattern(r"^Request(TimeTooSkewed|InTheFuture)\b|^Signature (expired|not yet current)", re.MULTILINE)
"""A request is good for 5 minutes before and after its time, to S3 for 15.

Sources: IAM user guide, "Troubleshoot Signature Version 4 signed requests for AWS APIs", and Amazon S3 API Reference,
"List of error codes".
"""

_ACTION = lazy_pattern(r"not authorized to perform:? \"?(?P<action>[a-z0-9-]+:\w+)")
_RESOURCE = lazy_pattern(r"on resource:? \"?(?P<resource>[^\s\"]+)")
_S3_ACTIONS = {
    "HeadObject": "GetObject",
    "HeadBucket": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "DeleteObjects": "DeleteObject",
}
"""S3 operations whose IAM action has another name (Amazon S3 user guide, "Required permissions for API operations")."""


def kind_of(code: str, message: str = "") -> ErrorKind:
    """The kind of an error code. `message` tells a missing stack from CloudFormation's other `ValidationError`s."""
    if THROTTLED.search(code):
        return ErrorKind.THROTTLING
    if code in EXPIRED or code in UNKNOWN_CREDENTIALS or DENIED.search(code) or is_of_clock(code, message):
        return ErrorKind.ACCESS_DENIED
    if code in TIMED_OUT:
        return ErrorKind.TIMEOUT
    if NOT_FOUND.search(code) or (code == "ValidationError" and message.endswith("does not exist")):
        return ErrorKind.NOT_FOUND
    return ErrorKind.VALIDATION if NOT_VALID.search(code) else ErrorKind.SERVICE


def is_of_clock(code: str, message: str) -> bool:
    """Whether a request was refused since its time, which is this machine's, is far from that of AWS."""
    return bool(_OF_A_CLOCK.search(f"{code}\n{message}"))


def is_of_key(code: str, message: str) -> bool:
    """Whether a refusal is about a key of KMS, which what is called is encrypted with."""
    return bool(_OF_A_KEY.search(f"{code} {message}"))


def missing_permission(response: Mapping[str, Any], operation: str) -> tuple[str, str]:
    """The IAM action that was refused and its resource, each empty where the response does not say.

    Most services name both in the message. S3 names neither: its responses are known by `HostId`, and the action
    follows from the operation.
    """
    message = str(response.get("Error", {}).get("Message", ""))
    action, resource = _ACTION.search(message), _RESOURCE.search(message)
    if action:
        return action["action"], resource["resource"].rstrip(".,") if resource else ""
    if "HostId" in response.get("ResponseMetadata", {}):
        return f"s3:{_S3_ACTIONS.get(operation, operation)}", ""
    return "", resource["resource"].rstrip(".,") if resource else ""
