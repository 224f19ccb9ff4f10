"""TLS settings of HTTP calls."""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path

from urllib3.util.ssl_ import create_urllib3_context

from awsit.errors import ActionError, ErrorKind


@cache
def tls_context(verify: bool | str) -> ssl.SSLContext:
    """The settings for `verify`: the system's authorities (certifi's where there are none), a CA file, or no check.

    Made once, because reading the authorities takes tens of milliseconds.
    Raises ActionError of kind validation for a CA file that cannot be used.
    """
    if verify is False:
        return create_urllib3_context(cert_reqs=ssl.CERT_NONE)
    context = create_urllib3_context()
    if isinstance(verify, str):
        _trust_file(context, verify)
    else:
        context.load_default_certs()
        _trust_certifi(context)
    return context


def _trust_certifi(context: ssl.SSLContext) -> None:
    if context.cert_store_stats()["x509_ca"]:
        return
    try:
        import certifi
    except ImportError:
        return
    context.load_verify_locations(certifi.where())


def _trust_file(context: ssl.SSLContext, path: str) -> None:
    hint = "`verify_tls` takes true, false, or the path of a file of certificates in PEM format"
    if not Path(path).is_file():
        raise ActionError(f"there is no CA file {path}", kind=ErrorKind.VALIDATION, hint=hint)
    try:
        context.load_verify_locations(cafile=path)
    except OSError as error:
        raise ActionError(
            f"the CA file {path} cannot be used: {error}", kind=ErrorKind.VALIDATION, hint=hint
        ) from error
