"""Which hosts are reached without the proxy: curl decides."""

import pytest
from tests.authorities import curl
from tests.authorities.scripted import NEXT, scripted

from awsit.http.addressing.proxies import is_excluded

HOSTS = [
    "example.com",
    "api.example.com",
    "badexample.com",
    "example.com.",
    "localhost",
    "10.0.3.4",
    "192.168.1.9",
    "[::1]",
]
LISTS = [
    "",
    "*",
    "example.com",
    ".example.com",
    "EXAMPLE.com",
    "example.com.",
    ".example.com.",
    "*.example.com",
    "com",
    ".com",
    "xample.com",
    "example.com:80",
    "localhost,example.com",
    "localhost example.com",
    "localhost, example.com ,",
    "*,example.org",
    "10.0.3.4",
    "10.0.0.0/16",
    "10.0.0.0/22",
    "10.0.0.0/24",
    "10.0.0.0/0",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/x",
    "10.0.3",
    ".3.4",
    "192.168.0.0/16,10.0.0.0/8",
    "::1",
    "[::1]",
    "::/64",
    "[::1]/128",
    "fe80::/10",
]

NOT_AS_TEXT = "an IPv6 network holds its addresses, as curl's manual says; curl 7.88 compares the texts"
DIFFERENT = {
    ("10.0.0.0/0", "10.0.3.4"): "a prefix of no bits holds every address; to curl it is no prefix",
    ("10.0.0.0/0", "192.168.1.9"): "a prefix of no bits holds every address; to curl it is no prefix",
    ("[::1]", "[::1]"): NOT_AS_TEXT,
    ("::/64", "[::1]"): NOT_AS_TEXT,
    ("[::1]/128", "[::1]"): NOT_AS_TEXT,
}
"""Where awsit goes past the proxy and curl does not, on purpose."""


@pytest.fixture(scope="module")
def by_curl() -> dict[tuple[str, str], bool]:
    """Whether curl passes by the proxy, for every list and host; no address but loopback is ever connected to."""
    found = {}
    with scripted(lambda _: NEXT) as proxy, scripted(lambda _: NEXT) as direct:
        for names in LISTS:
            environment = {"http_proxy": proxy.url, "no_proxy": names}
            for host in HOSTS:
                before = len(direct.requests)
                curl.run("-g", "--connect-to", f"::127.0.0.1:{direct.port}", f"http://{host}/", environment=environment)
                found[names, host] = len(direct.requests) > before
    return found


@pytest.mark.parametrize("names", LISTS)
def test_the_same_hosts_as_curl(by_curl: dict[tuple[str, str], bool], names: str) -> None:
    ours = {host: is_excluded(host.strip("[]"), names) for host in HOSTS}
    assert ours == {host: by_curl[names, host] or (names, host) in DIFFERENT for host in HOSTS}
