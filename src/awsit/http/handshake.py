"""Errors of a TLS handshake: nothing of the request was sent before them."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from urllib3.exceptions import SSLError


class HandshakeError(SSLError):
    """The handshake failed. urllib3 raises the same error for TLS records of a response that cannot be read."""


@contextmanager
def handshake() -> Iterator[None]:
    """Raise HandshakeError for what TLS itself, or the end of the connection, did to the handshake in the block."""
    try:
        yield
    except (ssl.SSLError, ssl.CertificateError, ConnectionError) as error:
        raise HandshakeError(error) from error
