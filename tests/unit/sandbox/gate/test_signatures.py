"""Signatures of botocore, which users' SDKs are like, checked as the gate checks them."""

from urllib.parse import urlsplit

import pytest
from botocore.auth import HmacV1Auth, HmacV1QueryAuth, S3SigV4Auth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from awsit.sandbox.gate.signatures import UNKNOWN_KEY, UNSIGNED, StartKeys

KEY, SECRET = "AKIAOFTHISSTART00000", "the secret of this start"
URL = "http://127.0.0.1:4566/a%20b/%C3%BC?list=&x=1"
SIGNERS = {
    "header": lambda keys: SigV4Auth(keys, "sqs", "eu-west-1"),
    "header of S3": lambda keys: S3SigV4Auth(keys, "s3", "eu-west-1"),
    "query": lambda keys: SigV4QueryAuth(keys, "execute-api", "eu-west-1"),
    "header of version 2": HmacV1Auth,
    "query of version 2": HmacV1QueryAuth,
}


@pytest.fixture(autouse=True)
def keys_of_the_start(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


def scope_of(kind, key=KEY, secret=SECRET, url=URL):
    data = b"" if kind in {"query", "query of version 2"} else b"abc"
    request = AWSRequest("PUT", url, data=data, headers={"Host": "127.0.0.1:4566"})
    SIGNERS[kind](Credentials(key, secret)).add_auth(request)
    parts = urlsplit(request.prepare().url)
    lines = [(name.lower().encode(), value.encode()) for name, value in request.headers.items()]
    raw, query = parts.path.encode(), parts.query.encode()
    scope = {
        "type": "http",
        "method": "PUT",
        "path": "/a b/ü",
        "raw_path": raw,
        "query_string": query,
        "headers": lines,
    }
    return scope, data


def refusal(scope, body):
    return StartKeys(SECRET).refusal(scope, body)


@pytest.mark.parametrize("kind", SIGNERS)
def test_a_signature_with_the_keys_of_this_start_is_taken(kind):
    assert refusal(*scope_of(kind)) == ""


@pytest.mark.parametrize("kind", SIGNERS)
@pytest.mark.parametrize("key", ["test", "000000000000", "AKIAOFTHESTARTBEFORE", KEY])
@pytest.mark.parametrize("secret", ["test", "the secret of the start before"])
def test_a_signature_with_other_keys_is_refused(kind, key, secret):
    assert refusal(*scope_of(kind, key, secret)) == UNKNOWN_KEY


def test_a_function_signs_with_the_id_of_its_account_and_the_secret_of_this_start():
    assert refusal(*scope_of("header", "000000000000")) == ""


@pytest.mark.parametrize("kind", SIGNERS)
def test_a_signature_is_of_one_request(kind):
    scope, body = scope_of(kind)

    assert refusal({**scope, "raw_path": b"/another"}, body) == UNKNOWN_KEY
    assert refusal({**scope, "method": "DELETE"}, body) == UNKNOWN_KEY


def test_a_signature_is_of_one_body():
    scope, _ = scope_of("header")

    assert refusal(scope, b"another body") == UNKNOWN_KEY


@pytest.mark.parametrize(
    ("authorization", "query", "reason"),
    [
        ("", "", UNSIGNED),
        ("Basic dGVzdDp0ZXN0", "", UNSIGNED),
        ("", f"X-Amz-Credential={KEY}%2F20261128%2Fus-east-1%2Fs3%2Faws4_request", UNSIGNED),
        ("", f"AWSAccessKeyId={KEY}", UNSIGNED),
        ("", f"AWSAccessKeyId={KEY}&Signature=abc", UNKNOWN_KEY),
        ("", "X-Amz-Signature=abc", UNKNOWN_KEY),
        ("AWS4-HMAC-SHA256", "", UNKNOWN_KEY),
        (
            "AWS4-HMAC-SHA256 Credential=/20261128/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=",
            "",
            UNKNOWN_KEY,
        ),
        (f"AWS4-HMAC-SHA256 Credential={KEY}/20261128/us-east-1/s3/aws4_request", "", UNKNOWN_KEY),
        ("AWS4-ECDSA-P256-SHA256 Credential=a/b/c/aws4_request, SignedHeaders=host, Signature=00", "", UNKNOWN_KEY),
        ("AWS test:abc", "", UNKNOWN_KEY),
        ("AWS :", "", UNKNOWN_KEY),
        ("Bearer test", "", UNKNOWN_KEY),
        ("Bearer ", "", UNKNOWN_KEY),
        ("Bearer \xfc", "", UNKNOWN_KEY),
        (f"Bearer {SECRET}", "", ""),
    ],
)
def test_what_only_looks_like_a_signature_is_refused(authorization, query, reason):
    lines = [
        (b"host", b"127.0.0.1:4566"),
        *([(b"authorization", authorization.encode("latin-1"))] if authorization else []),
    ]
    scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "headers": lines}

    assert refusal({**scope, "query_string": query.encode()}, b"") == reason


def test_two_authorizations_are_none():
    scope, body = scope_of("header")
    twice = [*scope["headers"], (b"authorization", b"AWS4-HMAC-SHA256 Credential=x")]

    assert refusal({**scope, "headers": twice}, body) == UNSIGNED
