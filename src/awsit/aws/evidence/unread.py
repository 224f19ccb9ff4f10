"""What could not be read, and the permission that is missing."""

from __future__ import annotations

import re

from botocore.exceptions import ClientError

from awsit.aws.client.error_codes import DENIED, missing_permission
from awsit.aws.client.errors import code_of
from awsit.model.evidence import Evidence, EvidenceKind

_ARN = re.compile(r"arn:[\w-]+:[\w-]+:[\w-]*:\d*:(?:log-group:)?(?P<rest>[^\s\"]+?)(?::log-stream:.*|:\*)?")


def denied(error: ClientError) -> Evidence | None:
    """The evidence that a permission is missing: `logs:FilterLogEvents on /aws/lambda/x`; None for another error."""
    if not DENIED.search(code_of(error)):
        return None
    action, resource = missing_permission(error.response, error.operation_name)
    arn = _ARN.fullmatch(resource)
    place = f" on {arn['rest'] if arn else resource}" if resource else ""
    return Evidence(EvidenceKind.NOT_READ, "", f"{action or error.operation_name}{place}")
