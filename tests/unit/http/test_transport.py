"""The real transport against real servers on loopback."""

import datetime as dt
import gzip
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest
from backports import zstd
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.measured import measured
from urllib3.exceptions import InvalidHeader

from awsit.errors import ActionError, Effect, ErrorKind
from awsit.http.errors import InterruptedResponse, as_action_error
from awsit.http.transport import Urllib3Transport
from awsit.model.http import HttpRequest


class Handler(BaseHTTPRequestHandler):
    """Answers by path; what it was sent is in the server's `seen`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append((self.command, self.path, dict(self.headers.items()), body))
        self.server.ports.add(self.client_address[1])
        getattr(self, self.path.strip("/").split("/")[0] or "hello")()

    def do_POST(self) -> None:
        self.do_GET()

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def hello(self) -> None:
        self.reply(200, b"hello")

    def loop(self) -> None:
        self.reply(302, Location="/loop")

    def hop(self) -> None:
        self.reply(302, Location="hello")

    def hop_cut(self) -> None:
        self.reply(302, gzip.compress(b"moved")[:-8], Location="hello", Content_Encoding="gzip")

    def see_other(self) -> None:
        self.reply(303, Location="/hello")

    def away(self) -> None:
        self.reply(307, Location=f"{self.server.elsewhere}/hello")

    def file(self) -> None:
        self.reply(302, Location="file:///etc/passwd")

    def two_places(self) -> None:
        self.send_response(302)
        for place in ("/hello", "/hello?token=x", "/busy"):
            self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def zipped(self) -> None:
        self.reply(200, gzip.compress(b"x" * 100_000), Content_Encoding="gzip")

    def brotli(self) -> None:
        self.reply(200, brotli.compress(b"x" * 100_000), Content_Encoding="br")

    def zstandard(self) -> None:
        self.reply(200, zstd.compress(b"x" * 100_000), Content_Encoding="zstd")

    def zipped_and_cut(self) -> None:
        self.reply(200, gzip.compress(b"hello, world")[:-8], Content_Encoding="gzip")

    def hollow(self) -> None:
        self.reply(200, gzip.compress(gzip.compress(b"") * 200_000, 1), Content_Encoding="gzip, gzip")

    def part_of_zipped(self) -> None:
        self.reply(206, gzip.compress(b"hello, world")[:-8], Content_Encoding="gzip")

    def not_zipped(self) -> None:
        self.reply(200, b"plain", Content_Encoding="gzip")

    def cut(self) -> None:
        self.reply(200, b"half", Content_Length="8")
        self.close_connection = True

    def gone(self) -> None:
        self.close_connection = True

    def refused(self) -> None:
        self.reply(421, x_awsit_refused="the sandbox has no API a")

    def busy(self) -> None:
        self.reply(503, Retry_After="30")

    def silent(self) -> None:
        self.server.over.wait(5)
        self.close_connection = True

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self._drip(b"x" * 1000)

    def drip_head(self) -> None:
        self._drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000)

    def _drip(self, data: bytes) -> None:
        self.close_connection = True
        for byte in data:
            if self.server.over.wait(0.02):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.ports: set[int] = set()
        self.over = threading.Event()
        self.elsewhere = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *args: Any) -> None:
        """A client that hangs up is what these tests are about."""


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Server()) as running:
        yield running


@pytest.fixture
def transport() -> Iterator[Urllib3Transport]:
    with closing(Urllib3Transport()) as made:
        yield made


def failure(transport: Urllib3Transport, url: str, **options: Any) -> ActionError:
    with pytest.raises(ActionError) as caught:
        transport.send(HttpRequest("GET", url, **options))
    return caught.value


def test_connections_are_kept(server: Server, transport: Urllib3Transport) -> None:
    bodies = {transport.send(HttpRequest("POST", server.url, body=b"x")).body for _ in range(5)}
    assert bodies == {b"hello"}
    assert len(server.ports) == 1


@pytest.mark.parametrize("path", ["drip", "drip_head", "silent"])
def test_one_deadline_bounds_the_whole_answer(server: Server, transport: Urllib3Transport, path: str) -> None:
    with measured() as took:
        error = failure(transport, f"{server.url}/{path}", timeout_seconds=0.2)
    assert took.own_seconds < 2
    assert error.kind is ErrorKind.TIMEOUT
    assert error.message == f"GET {server.url}/{path}: no complete answer within 0.2 s"


def test_a_time_out_is_named_by_what_was_allowed(server: Server, transport: Urllib3Transport) -> None:
    error = failure(transport, f"{server.url}/silent", timeout_seconds=0.19, allowed_seconds=0.2)
    assert error.message == f"GET {server.url}/silent: no complete answer within 0.2 s"


def test_the_deadline_bounds_what_takes_long_to_decode(server: Server, transport: Urllib3Transport) -> None:
    error = failure(transport, f"{server.url}/hollow", timeout_seconds=0.1)
    assert error.kind is ErrorKind.TIMEOUT


def test_redirects_are_followed_and_the_last_url_is_told(server: Server, transport: Urllib3Transport) -> None:
    response = transport.send(HttpRequest("GET", f"{server.url}/hop"))
    assert (response.status, response.body, response.url) == (200, b"hello", f"{server.url}/hello")


def test_the_body_of_a_redirect_is_passed_over(server: Server, transport: Urllib3Transport) -> None:
    assert transport.send(HttpRequest("GET", f"{server.url}/hop_cut")).body == b"hello"
    assert failure(transport, f"{server.url}/hop_cut", follow_redirects=False).kind is ErrorKind.CONNECTION


def test_see_other_turns_a_post_into_a_get(server: Server, transport: Urllib3Transport) -> None:
    transport.send(HttpRequest("POST", f"{server.url}/see_other", body=b"x"))
    assert [(method, body) for method, _, _, body in server.seen] == [("POST", b"x"), ("GET", b"")]


def test_a_redirect_may_be_left_alone(server: Server, transport: Urllib3Transport) -> None:
    response = transport.send(HttpRequest("GET", f"{server.url}/hop", follow_redirects=False))
    assert (response.status, response.headers["location"]) == (302, "hello")


def test_a_loop_of_redirects_ends(server: Server, transport: Urllib3Transport) -> None:
    error = failure(transport, f"{server.url}/loop")
    assert (error.kind, len(server.seen)) == (ErrorKind.VALIDATION, 6)
    assert "more than 5 redirects" in error.message
    assert error.effect is Effect.UNKNOWN


def test_credentials_are_not_sent_on_to_another_host(server: Server, transport: Urllib3Transport) -> None:
    with serving(Server()) as other:
        server.elsewhere = other.url
        headers = {"Authorization": "a", "X-Api-Key": "b", "X-Amz-Security-Token": "c", "X-Trace": "d"}
        transport.send(HttpRequest("GET", f"{server.url}/away", headers))
        assert headers.items() <= server.seen[0][2].items()
        assert headers.keys() & other.seen[0][2].keys() == {"X-Trace"}


def test_a_redirect_to_another_scheme_is_refused(server: Server, transport: Urllib3Transport) -> None:
    error = failure(transport, f"{server.url}/file")
    assert error.message == (
        "the URL 'file:///etc/passwd' cannot be called: the scheme 'file' is not supported"
        f" (a redirect of GET {server.url}/file led there)"
    )
    assert "`Location`" in error.hint
    assert (error.kind, error.effect) == (ErrorKind.VALIDATION, Effect.UNKNOWN)


def test_a_redirect_to_several_places_is_refused(server: Server, transport: Urllib3Transport) -> None:
    error = failure(transport, f"{server.url}/two_places")
    assert error.message.endswith("/two_places: a redirect leads to several places: /hello and /hello and /busy")
    assert (error.kind, error.effect) == (ErrorKind.VALIDATION, Effect.UNKNOWN)
    response = transport.send(HttpRequest("GET", f"{server.url}/two_places", follow_redirects=False))
    assert response.headers["location"] == "/hello, /hello?token=x, /busy"


@pytest.mark.parametrize("proxy", ["127.0.0.1:1", "socks5://127.0.0.1:1", "http://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used_is_said_to_be_it(server: Server, proxy: str) -> None:
    with closing(Urllib3Transport(http_proxy=proxy)) as transport:
        error = failure(transport, server.url)
    assert "the proxy cannot be used: " in error.message
    assert "object at" not in error.message
    assert (error.kind, error.effect, error.hint[:16]) == (ErrorKind.CONNECTION, Effect.NONE, "check HTTP_PROXY")


def test_no_header_is_added(server: Server, transport: Urllib3Transport) -> None:
    transport.send(HttpRequest("GET", server.url))
    assert set(server.seen[0][2]) == {"Host", "Accept-Encoding"}


def test_a_busy_server_is_not_asked_again(server: Server, transport: Urllib3Transport) -> None:
    assert transport.send(HttpRequest("GET", f"{server.url}/busy")).headers["retry-after"] == "30"
    assert len(server.seen) == 1


def test_a_large_answer_is_not_read_to_the_end(server: Server, transport: Urllib3Transport) -> None:
    error = failure(transport, f"{server.url}/zipped", max_response_bytes=1000)
    assert (error.kind, error.hint) == (ErrorKind.VALIDATION, "ask for less, or raise `max_response_bytes`")
    assert "larger than 1000 bytes" in error.message
    assert transport.send(HttpRequest("GET", f"{server.url}/zipped", max_response_bytes=100_000)).body == b"x" * 100_000


@pytest.mark.parametrize("path", ["zipped", "brotli", "zstandard"])
def test_a_compressed_body_is_read(server: Server, transport: Urllib3Transport, path: str) -> None:
    assert transport.send(HttpRequest("GET", f"{server.url}/{path}")).body == b"x" * 100_000


@pytest.mark.parametrize(
    ("path", "kind", "told"),
    [
        ("cut", ErrorKind.CONNECTION, "closed before the whole response had arrived"),
        ("gone", ErrorKind.CONNECTION, "the connection failed"),
        ("zipped_and_cut", ErrorKind.CONNECTION, "the compressed body of the response is cut off"),
        ("not_zipped", ErrorKind.VALIDATION, "the content-encoding of the response does not fit its body"),
    ],
)
def test_broken_answers_are_told(
    server: Server, transport: Urllib3Transport, path: str, kind: ErrorKind, told: str
) -> None:
    error = failure(transport, f"{server.url}/{path}")
    assert (error.kind, error.effect) == (kind, Effect.UNKNOWN)
    assert told in error.message


@pytest.mark.parametrize("path", ["cut", "gone"])
def test_who_ends_a_connection_was_reached(server: Server, transport: Urllib3Transport, path: str) -> None:
    hint = failure(transport, f"{server.url}/{path}").hint
    assert hint.startswith("the service was reached: look in its log")
    assert "security groups" not in hint


def test_what_came_of_a_compressed_body_is_kept(server: Server, transport: Urllib3Transport) -> None:
    with pytest.raises(InterruptedResponse) as caught:
        transport.send(HttpRequest("GET", f"{server.url}/zipped_and_cut"))
    assert (caught.value.partial.status, caught.value.partial.body) == (200, b"hello, world")
    assert transport.send(HttpRequest("GET", f"{server.url}/part_of_zipped")).body == b"hello, world"


def test_contradicting_headers_are_told() -> None:
    request = HttpRequest("GET", "http://service/x")
    error = as_action_error(InvalidHeader("Content-Length contained multiple unmatching values (4, 8)"), request)
    assert error.kind is ErrorKind.VALIDATION
    assert error.message.startswith("GET http://service/x: the response's headers contradict each other")


def test_a_refused_connection_names_the_host(transport: Urllib3Transport) -> None:
    with socket.socket() as deaf:  # bound, so that nobody else has the port, and not listening
        deaf.bind(("127.0.0.1", 0))
        port = deaf.getsockname()[1]
        error = failure(transport, f"http://127.0.0.1:{port}/x?token=secret")
    assert error.kind is ErrorKind.CONNECTION
    assert error.message == f"GET http://127.0.0.1:{port}/x: 127.0.0.1:{port} refused the connection"
    assert error.effect is Effect.NONE


def test_a_name_that_does_not_resolve(transport: Urllib3Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure(transport, "https://orders.example.invalid/")
    assert error.kind is ErrorKind.CONNECTION
    assert "the host name orders.example.invalid cannot be resolved" in error.message
    assert error.effect is Effect.NONE


def test_a_connection_that_is_not_made_in_time(transport: Urllib3Transport) -> None:
    with socket.socket() as full, socket.socket() as first:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        first.connect(full.getsockname())  # the queue is full now: the next one is not answered
        host = f"127.0.0.1:{full.getsockname()[1]}"
        error = failure(transport, f"http://{host}", timeout_seconds=1, connect_timeout_seconds=0.1)
    assert error.kind is ErrorKind.TIMEOUT
    assert error.message == f"GET http://{host}: no connection to {host} within 0.1 s"
    assert error.effect is Effect.NONE


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "cert.pem"
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path


@pytest.fixture
def tls_url(certificate: Path) -> Iterator[str]:
    server = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with serving(server):
        yield f"https://127.0.0.1:{server.server_port}"


def test_an_unknown_certificate_is_refused_with_the_way_out(tls_url: str, transport: Urllib3Transport) -> None:
    error = failure(transport, tls_url)
    assert error.kind is ErrorKind.VALIDATION
    assert "the TLS certificate is not accepted: self-signed certificate" in error.message
    assert error.effect is Effect.NONE
    assert "verify_tls" in error.hint


def test_a_ca_file_or_no_check_lets_it_pass(tls_url: str, transport: Urllib3Transport, certificate: Path) -> None:
    assert transport.send(HttpRequest("GET", tls_url, verify=str(certificate))).body == b"hello"
    assert transport.send(HttpRequest("GET", tls_url, verify=False)).body == b"hello"
    assert failure(transport, tls_url).kind is ErrorKind.VALIDATION


def test_nothing_is_sent_where_no_tls_is_spoken(server: Server, transport: Urllib3Transport) -> None:
    error = failure(transport, server.url.replace("http:", "https:"))
    assert (error.kind, error.effect) == (ErrorKind.CONNECTION, Effect.NONE)
    assert "does not speak TLS" in error.message


def test_nothing_is_sent_where_the_handshake_is_cut_off(transport: Urllib3Transport) -> None:
    def cut() -> None:
        listening.accept()[0].close()

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        cutting = threading.Thread(target=cut)
        cutting.start()
        error = failure(transport, f"https://127.0.0.1:{listening.getsockname()[1]}/")
        cutting.join()
    assert (error.kind, error.effect) == (ErrorKind.CONNECTION, Effect.NONE)
    assert "TLS" in error.message


def test_a_redirect_that_leads_nowhere_does_not_undo_the_act(server: Server, transport: Urllib3Transport) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        server.elsewhere = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        assert failure(transport, f"{server.url}/away").effect is Effect.UNKNOWN
    assert transport.send(HttpRequest("POST", f"{server.url}/see_other")).redirects == (303,)


def test_the_deadline_holds_over_tls(tls_url: str, transport: Urllib3Transport) -> None:
    assert failure(transport, f"{tls_url}/drip", verify=False, timeout_seconds=0.2).kind is ErrorKind.TIMEOUT


def test_a_ca_file_must_exist_and_hold_certificates(transport: Urllib3Transport, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    errors = [
        failure(transport, "https://127.0.0.1:1", verify=str(tmp_path / name)) for name in ("no.pem", "empty.pem")
    ]
    assert [error.kind for error in errors] == [ErrorKind.VALIDATION] * 2
    assert errors[0].message == f"there is no CA file {tmp_path / 'no.pem'}"
    assert errors[1].message.startswith(f"the CA file {tmp_path / 'empty.pem'} cannot be used")


def test_a_ca_file_that_hardly_ends_is_not_read(transport: Urllib3Transport, tmp_path: Path) -> None:
    with (tmp_path / "sparse.pem").open("wb") as file:
        file.truncate(3 << 30)
    assert (
        "larger than 4096 KiB" in failure(transport, "https://127.0.0.1:1", verify=str(tmp_path / "sparse.pem")).message
    )


def test_https_to_a_port_that_speaks_http(server: Server, transport: Urllib3Transport) -> None:
    error = failure(transport, server.url.replace("http", "https"), verify=False)
    assert (error.kind, error.hint) == (ErrorKind.CONNECTION, "check the port, or use http://")


@pytest.mark.parametrize(
    ("no_proxy", "seen"),
    [
        ("", "http://orders.example.invalid/x"),
        ("example.invalid", ""),
        (".other, orders.example.invalid", ""),
        ("*", ""),
    ],
)
def test_a_proxy_is_used_when_given(server: Server, no_proxy: str, seen: str) -> None:
    with closing(Urllib3Transport(http_proxy=server.url, no_proxy=no_proxy)) as transport:
        request = HttpRequest("GET", "http://orders.example.invalid/x")
        if seen:
            with pytest.raises(ActionError):
                transport.send(request)
            assert [path for _, path, _, _ in server.seen] == [seen]
        else:
            with pytest.raises(ActionError, match="cannot be resolved"):
                transport.send(request)


def test_an_emulated_aws_is_called_instead_of_aws_without_a_proxy(server: Server) -> None:
    proxy = "http://127.0.0.1:9"
    with closing(Urllib3Transport(proxy, proxy, aws_endpoint=server.url)) as transport:
        url = "https://a.execute-api.eu-west-1.amazonaws.com/hello"
        response = transport.send(HttpRequest("GET", url))

    assert (response.status, response.url) == (200, url)
    assert server.seen[0][2]["Host"] == "a.execute-api.eu-west-1.amazonaws.com"


def test_what_the_emulated_aws_refuses_is_no_response(server: Server) -> None:
    with closing(Urllib3Transport(aws_endpoint=server.url)) as transport:
        error = failure(transport, "https://a.execute-api.eu-west-1.amazonaws.com/refused")

    assert error.kind is ErrorKind.VALIDATION
    assert "the sandbox has no API a; nothing was sent to AWS" in str(error)
    assert "outputs" in error.hint
