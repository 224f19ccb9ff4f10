"""Signature Version 4 as a service checks it: from the bytes of a request, by AWS's own description.

Source: IAM user guide, "Create a signed AWS API request"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
"""

import hashlib
import hmac
import posixpath
import re
from urllib.parse import quote, unquote_to_bytes

from tests.authorities.scripted import Request

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=[^/]+/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)"
)


def encoded(text: bytes | str) -> str:
    return quote(text, safe="-_.~")


def canonical_path(path: str) -> str:
    """The path as it was sent, normalized and encoded once more: every service but S3 does so."""
    resolved = re.sub("/+", "/", posixpath.normpath(path)) + ("/" if re.search(r"(/|/\.\.?)$", path) else "")
    return "/".join(encoded(segment) for segment in re.sub("//$", "/", resolved).split("/"))


def canonical_query(query: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    found = sorted((encoded(unquote_to_bytes(name)), encoded(unquote_to_bytes(value))) for name, _, value in pairs)
    return "&".join(f"{name}={value}" for name, value in found)


def signature_of(request: Request, secret: str) -> tuple[str, str]:
    """The signature that a request carries, and the one that it should carry."""
    found = _AUTHORIZATION.fullmatch(request.header("authorization") or "")
    assert found, "no signature"
    day, region, service, signed, signature = found.groups()
    path, _, query = request.target.partition("?")
    headers = "".join(f"{name}:{_value(request, name)}\n" for name in signed.split(";"))
    digest = hashlib.sha256(request.body).hexdigest()
    canonical = "\n".join([request.method, canonical_path(path), canonical_query(query), headers, signed, digest])
    scope = f"{day}/{region}/{service}/aws4_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    key = ("AWS4" + secret).encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = f"AWS4-HMAC-SHA256\n{request.header('x-amz-date')}\n{scope}\n{hashed}"
    return signature, hmac.new(key, text.encode(), "sha256").hexdigest()


def _value(request: Request, name: str) -> str:
    return ",".join(" ".join(value.split()) for key, value in request.headers if key.lower() == name)
