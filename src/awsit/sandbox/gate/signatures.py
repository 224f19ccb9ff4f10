"""The check of signatures: a request is signed with the keys of this start, or with ones that this sandbox issued.

The emulator itself looks at the access key ID only, and takes every key of 12 digits for the root of that account.
Source: IAM user guide, "AWS Signature Version 4 for API requests".
"""

from __future__ import annotations

import hmac
import importlib
import re
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from awsit.sandbox.gate.callers import values

Scope = MutableMapping[str, Any]

RENEW = 'set the variables of this start: eval "$(awsit sandbox env)"'
UNSIGNED = f"the request is not signed; {RENEW}"
UNKNOWN_KEY = f"the request is signed with a key that is not of this start of the sandbox; {RENEW}"

_ACCOUNT_ID = re.compile(r"\d{12}")


class StartKeys:
    """The keys of this start. `secret` is the secret access key, which awsit's own requests may carry as they are."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def refusal(self, scope: Scope, body: bytes) -> str:
        """Why the request is not of somebody who has the keys; empty when it is."""
        headers = list(scope["headers"])
        authorizations = values(headers, "authorization")
        authorization = authorizations[0] if len(authorizations) == 1 else ""
        if authorization.startswith("Bearer "):
            is_own = hmac.compare_digest(authorization.removeprefix("Bearer ").encode(), self._secret.encode())
            return "" if is_own else UNKNOWN_KEY
        query = parse_qs(scope.get("query_string", b"").decode("utf-8", "replace"), keep_blank_values=True)
        if len(authorizations) > 1 or not (authorization.startswith("AWS") or _signs(query)):
            return UNSIGNED
        is_signed = _is_signed(scope, authorization, query, body)
        return "" if is_signed else UNKNOWN_KEY


def _signs(query: Mapping[str, list[str]]) -> bool:
    return "X-Amz-Signature" in query or "Signature" in query


def _is_signed(scope: Scope, authorization: str, query: Mapping[str, list[str]], body: bytes) -> bool:
    sigv4: Any = importlib.import_module("ministack.core.sigv4")
    headers = _joined(scope["headers"], sigv4.decode_header_value)
    method = scope.get("method", "GET")
    raw_path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    by_query = not authorization.startswith("AWS4-") and "X-Amz-Signature" in query
    if not by_query and not authorization.startswith("AWS4-"):
        return _is_signed_the_old_way(method, raw_path, query, headers)
    signature = sigv4.parse_query_signature(query) if by_query else sigv4.parse_header_signature(headers)
    if isinstance(signature, tuple) or "host" not in signature.signed_headers.split(";"):
        return False
    secret = _secret_of(signature.access_key_id)
    failure = sigv4.header_signature_failure
    return bool(secret) and not failure(signature, secret, method, raw_path, query, headers, body, presigned=by_query)


def _joined(headers: Iterable[tuple[bytes, bytes]], decode: Any) -> dict[str, str]:
    """One value a header: SigV4 signs a header of several lines as its values with commas between them."""
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.decode("latin-1").lower()
        joined[key] = f"{joined[key]},{decode(value)}" if key in joined else decode(value)
    return joined


def _secret_of(access_key_id: str) -> str:
    """The secret of a key that is known: of this start, a user or a session; empty for others."""
    if not access_key_id:
        return ""
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    credential = evaluator.resolve_credential(access_key_id, _account_of(access_key_id))
    return str(credential.secret_access_key) if isinstance(credential, evaluator.ResolvedCredential) else ""


def _account_of(access_key_id: str) -> str:
    responses: Any = importlib.import_module("ministack.core.responses")
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    if _ACCOUNT_ID.fullmatch(access_key_id):
        return access_key_id
    account = responses._account_from_sts_session(access_key_id)  # noqa: SLF001 - the pinned version has no other way
    return str(account or evaluator.find_iam_access_key_account(access_key_id) or responses.get_account_id())


def _is_signed_the_old_way(
    method: str, raw_path: str, query: Mapping[str, list[str]], headers: Mapping[str, str]
) -> bool:
    """Whether it has a signature of version 2, as presigned URLs of S3 have by default in many SDKs."""
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    app: Any = importlib.import_module("ministack.app")
    router: Any = importlib.import_module("ministack.core.router")
    key = router.extract_access_key_id(headers, query)
    if not key or not _secret_of(key):
        return False
    bucket = app._extract_s3_vhost_bucket(headers.get("host", ""))  # noqa: SLF001 - the pinned version has no hook
    signed_path = f"/{bucket}{raw_path}" if bucket else raw_path
    request = evaluator.SignedRequest(key, method, raw_path, query, headers, sigv2=True, auth_path=signed_path)
    checked = evaluator._sigv2_check(request, _account_of(key))  # noqa: SLF001 - the pinned version has no hook
    return isinstance(checked, evaluator.ResolvedCredential)
