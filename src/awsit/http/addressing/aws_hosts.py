"""Hosts of AWS, and the one endpoint that stands for all of them when AWS is emulated."""

from __future__ import annotations

from urllib.parse import urlsplit

from awsit.errors import ActionError, ErrorKind
from awsit.http.validation import shown_url
from awsit.model.http import HttpRequest
from awsit.records import replace

DOMAINS = (
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "amazonwebservices.com.cn",
    "amazonwebservices.eu",
    "on.aws",
    "api.aws",
    "c2s.ic.gov",
    "api.aws.ic.gov",
    "sc2s.sgov.gov",
    "api.aws.scloud",
    "cloud.adc-e.uk",
    "api.cloud-aws.adc-e.uk",
    "csp.hci.ic.gov",
    "api.aws.hci.ic.gov",
    "amazoncognito.com",
    "cloudfront.net",
    "awsapprunner.com",
    "elasticbeanstalk.com",
)
"""Domains under which AWS answers for accounts: service endpoints, APIs, function URLs, sign-in pages.

Those of endpoints are the suffixes of all partitions in botocore's `partitions.json`, to which a test holds them.
"""

REFUSED = "x-awsit-refused"
"""The header with which an emulated AWS says why it cannot answer for a host."""


def is_aws_host(host: str) -> bool:
    """Whether the host, without port, is AWS's."""
    name = host.lower().rstrip(".")
    return any(name == domain or name.endswith(f".{domain}") for domain in DOMAINS)


def readdressed(request: HttpRequest, endpoint: str) -> HttpRequest:
    """The request as it is sent to `endpoint` if its host is AWS's: another address, the same Host. Else as it is."""
    if not endpoint:
        return request
    parts = urlsplit(request.url)
    if not is_aws_host(parts.hostname or ""):
        return request
    address = urlsplit(endpoint)
    has_host = any(name.lower() == "host" for name in request.headers)
    headers = request.headers if has_host else {**request.headers, "Host": parts.netloc}
    return replace(request, url=parts._replace(scheme=address.scheme, netloc=address.netloc).geturl(), headers=headers)


def refusal(request: HttpRequest, reason: str) -> ActionError:
    """The ActionError for a request that the emulated AWS refused; nothing was sent to AWS."""
    return ActionError(
        f"{request.method} {shown_url(request.url)}: the sandbox refuses it: {reason}; nothing was sent to AWS",
        kind=ErrorKind.VALIDATION,
        hint="deploy the stack to the sandbox and take the URL from its outputs, or run against an account",
    )
