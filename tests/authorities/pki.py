"""Certificates for tests, made anew each time: an authority, a server for this machine, a client, and odd ones."""

import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASSWORD = "open sesame"


@dataclass(frozen=True)
class Identity:
    """A certificate and its key in PEM; `locked` is the key with a password."""

    certificate: str
    key: str
    locked: str = ""


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _key_pem(key: ec.EllipticCurvePrivateKey, how: serialization.KeySerializationEncryption) -> str:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how).decode()


class Authority:
    """Issues certificates."""

    def __init__(self, name: str = "test authority") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        self.pem = self._issue(name, self._key, is_authority=True, days=1)

    def issue(self, name: str, days: int = 1) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        locked = _key_pem(key, serialization.BestAvailableEncryption(PASSWORD.encode()))
        return Identity(self._issue(name, key, days=days), _key_pem(key, serialization.NoEncryption()), locked)

    def _issue(self, name: str, key: ec.EllipticCurvePrivateKey, *, days: int, is_authority: bool = False) -> str:
        now = dt.datetime.now(dt.UTC)
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        made = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=2))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(address, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM).decode()


@cache
def authority() -> Authority:
    return Authority()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Tell who the client is: the common name of its certificate."""
        certificate = self.connection.getpeercert() or {}
        name = next((each[0][1] for each in certificate.get("subject", ())), "nobody")
        self.send_response(200)
        self.send_header("Content-Length", str(len(name)))
        self.end_headers()
        self.wfile.write(name.encode())

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


@contextmanager
def serving_tls(*, asks: ssl.VerifyMode = ssl.CERT_REQUIRED, newest: ssl.TLSVersion | None = None) -> Iterator[str]:
    """The URL of a server that asks its clients for certificates of the authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if newest:
        context.maximum_version = newest
    with TemporaryDirectory() as folder:
        own, path = authority().issue("127.0.0.1"), Path(folder) / "server.pem"
        path.write_text(own.certificate + own.key)
        context.load_cert_chain(path)
    context.verify_mode = asks
    context.load_verify_locations(cadata=authority().pem)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
