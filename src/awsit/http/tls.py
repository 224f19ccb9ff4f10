"""TLS settings of HTTP calls."""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from urllib3.util.ssl_ import create_urllib3_context

from awsit.errors import ActionError, ErrorKind
from awsit.model.http import ClientCertificate
from awsit.system.files import read_regular

MOST_CA_BYTES = 4 * 1024 * 1024
"""Of a file with certificates of CAs: those of systems have less than 1 MiB."""


@cache
def tls_context(verify: bool | str) -> ssl.SSLContext:
    """The settings for `verify`: the system's authorities (certifi's where there are none), a CA file, or no check.

    Made once, because reading the authorities takes tens of milliseconds.
    Raises ActionError of kind validation for a CA file that cannot be used.
    """
    return _new_context(verify)


def _new_context(verify: bool | str) -> ssl.SSLContext:
    if verify is False:
        return create_urllib3_context(cert_reqs=ssl.CERT_NONE)
    context = create_urllib3_context()
    if isinstance(verify, str):
        _trust_file(context, verify)
    else:
        context.load_default_certs()
        _trust_certifi(context)
    return context


def client_context(verify: bool | str, certificate: ClientCertificate) -> ssl.SSLContext:
    """The settings for `verify`, with the certificate that the client shows when the server asks for one.

    Raises ActionError of kind validation for a certificate or key that cannot be used.
    """
    context = _new_context(verify)
    with TemporaryDirectory(prefix="awsit-") as folder:  # of this user alone; OpenSSL reads them from files
        names = [Path(folder, name) for name in ("certificate.pem", "key.pem")]
        for name, content in zip(
            names, (certificate.certificate, certificate.key or certificate.certificate), strict=True
        ):
            name.write_bytes(content)
        password = _Password(certificate.password)
        try:
            context.load_cert_chain(names[0], names[1], password)
        except (ssl.SSLError, ValueError) as error:
            raise _unusable(error, password) from error
    return context


class _Password:
    """Answers OpenSSL's question for the private key's password."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.was_needed = False

    def __call__(self) -> str:
        self.was_needed = True
        return self.text


def _unusable(error: ssl.SSLError | ValueError, password: _Password) -> ActionError:
    reason = error.reason if isinstance(error, ssl.SSLError) else ""
    if reason == "KEY_VALUES_MISMATCH":
        message, hint = "the private key does not belong to the certificate", "give the two of one pair"
    elif password.was_needed:
        message = "the password of the private key is wrong" if password.text else "the private key needs a password"
        hint = "check `password`"
    else:
        message = f"certificate or key cannot be read as PEM ({reason or error})"
        hint = "a block of PEM begins with -----BEGIN; a file is given as `certificate_file` and `key_file`"
    return ActionError(f"client_certificate: {message}", kind=ErrorKind.VALIDATION, hint=hint)


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
        read_regular(Path(path), MOST_CA_BYTES)  # OpenSSL would wait for the content of some files of /proc
        context.load_verify_locations(cafile=path)
    except OSError as error:
        raise ActionError(
            f"the CA file {path} cannot be used: {error}", kind=ErrorKind.VALIDATION, hint=hint
        ) from error
