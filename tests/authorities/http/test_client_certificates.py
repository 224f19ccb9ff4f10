"""Client certificates: a server asks for one in TLS, and curl is shown the same files."""

import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.authorities import curl
from tests.authorities.pki import PASSWORD, Authority, authority, serving_tls
from tests.authorities.scripted import Request, scripted

from awsit.errors import ActionError, ErrorKind
from awsit.http.transport import Urllib3Transport
from awsit.model.http import ClientCertificate, HttpRequest

ADA = authority().issue("ada")
STRANGER = Authority("another authority").issue("stranger")
OLD = authority().issue("old", days=-1)
USES = {
    "certificate and key": (ADA.certificate, ADA.key, ""),
    "both in one": (ADA.key + ADA.certificate, "", ""),
    "a key with a password": (ADA.certificate, ADA.locked, PASSWORD),
    "with the authority's": (ADA.certificate + authority().pem, ADA.key, ""),
    "of another authority": (STRANGER.certificate, STRANGER.key, ""),
    "expired": (OLD.certificate, OLD.key, ""),
}
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.fixture(scope="module", params=VERSIONS, ids=["TLS 1.2", "TLS 1.3"])
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    with serving_tls(newest=request.param) as url:
        yield url


def by_awsit(url: str, use: ClientCertificate | None) -> str | ActionError:
    with closing(Urllib3Transport()) as transport:
        try:
            return transport.send(HttpRequest("GET", url, verify=False, client_certificate=use)).body.decode()
        except ActionError as error:
            return error


@pytest.mark.parametrize("name", USES)
def test_a_server_knows_the_client_that_it_knows_with_curl(server: str, name: str, tmp_path: Path) -> None:
    certificate, key, password = USES[name]
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    files[0].write_text(certificate)
    files[1].write_text(key or certificate)
    theirs = curl.run("-k", "--cert", str(files[0]), "--key", str(files[1]), "--pass", password, server)
    ours = by_awsit(server, ClientCertificate(certificate.encode(), key.encode(), password))
    assert (ours if isinstance(ours, str) else "") == theirs.stdout.decode()
    if isinstance(ours, ActionError):
        assert theirs.returncode
        assert_refused(ours)


def assert_refused(error: ActionError) -> None:
    """In TLS 1.3 the server may be gone before its reason is read: the client's part of the handshake was over."""
    ended = error.kind is ErrorKind.CONNECTION and "connection" in error.message
    told = error.kind is ErrorKind.VALIDATION and "does not accept the client's certificate" in error.message
    assert told or ended
    assert "`client_certificate`" in error.hint or "reset" in error.message


def test_without_one_the_error_names_the_param(server: str) -> None:
    error = by_awsit(server, None)
    assert isinstance(error, ActionError)
    assert_refused(error)


@pytest.mark.parametrize(
    ("certificate", "message"),
    [
        (ClientCertificate(ADA.certificate.encode(), STRANGER.key.encode()), "does not belong to the certificate"),
        (ClientCertificate(ADA.certificate.encode(), ADA.locked.encode(), "wrong"), "the password of the private key"),
        (ClientCertificate(ADA.certificate.encode(), ADA.locked.encode()), "the private key needs a password"),
        (ClientCertificate(ADA.certificate.encode()), "cannot be read as PEM"),
        (ClientCertificate(b"", ADA.key.encode()), "cannot be read as PEM"),
        (ClientCertificate(b"certs/client.pem", ADA.key.encode()), "cannot be read as PEM"),
        (ClientCertificate(b"\x30\x82\x00", ADA.key.encode()), "cannot be read as PEM"),
    ],
)
def test_what_is_wrong_with_them_is_told(server: str, certificate: ClientCertificate, message: str) -> None:
    error = by_awsit(server, certificate)
    assert isinstance(error, ActionError)
    assert error.kind is ErrorKind.VALIDATION
    assert message in error.message
    assert error.hint


def test_two_clients_of_one_process_are_told_apart() -> None:
    ben, uses = authority().issue("ben"), []
    with serving_tls(asks=ssl.CERT_OPTIONAL) as url, closing(Urllib3Transport()) as transport:
        for identity in (ADA, ben, None, ADA):
            use = ClientCertificate(identity.certificate.encode(), identity.key.encode()) if identity else None
            request = HttpRequest("GET", url, verify=False, client_certificate=use)
            uses.append(transport.send(request).body.decode())
    assert uses == ["ada", "ben", "nobody", "ada"]


def test_another_origin_does_not_see_it() -> None:
    def answer(_: Request) -> bytes:
        return b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %s/\r\n\r\n" % url.encode()

    use = ClientCertificate(ADA.certificate.encode(), ADA.key.encode())
    with (
        serving_tls(asks=ssl.CERT_OPTIONAL) as url,
        scripted(answer) as first,
        closing(Urllib3Transport()) as transport,
    ):
        request = HttpRequest("GET", first.url, verify=False, client_certificate=use)
        assert transport.send(request).body == b"nobody"
