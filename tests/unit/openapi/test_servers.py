"""Which URLs belong to the servers of a document."""

import pytest

from awsit.openapi.servers import is_below, is_on_host, servers_of

API = "https://api.example.com/v1"


@pytest.mark.parametrize(
    ("root", "servers"),
    [
        ({}, ("/",)),
        ({"servers": []}, ("/",)),
        ({"servers": [{}, "text", {"url": API}]}, (API,)),
        ({"servers": {"url": API}}, ("/",)),
    ],
)
def test_a_document_without_servers_is_at_the_root(root, servers):
    assert servers_of(root) == servers


@pytest.mark.parametrize(
    ("server", "url", "on_host", "below"),
    [
        (API, f"{API}/pets", True, True),
        (API, API, True, True),
        (f"{API}/", f"{API}/pets", True, True),
        (API, "https://API.example.com/v1/pets", True, True),
        (API, "https://api.example.com/v12/pets", True, False),
        (API, "https://api.example.com/users/v1", True, False),
        (API, "https://api.example.com.evil.test/v1/pets", False, False),
        (API, "https://other.example.com/v1/pets", False, False),
        ("/v1", "https://other.example.com/v1/pets", True, True),
        ("/v1", "https://other.example.com/v2/pets", True, False),
        ("/", "https://other.example.com/pets", True, True),
        ("https://{env}.example.com:{port}/{base}/v1", "https://dev.example.com:8443/shop/v1/pets", True, True),
        ("https://{env}.example.com/v1", "https://a/b.example.com/v1/pets", True, False),
        ("https://api.example.com/a.c", "https://api.example.com/abc", True, False),
    ],
)
def test_a_url_on_the_host_of_a_server_and_below_it(server, url, on_host, below):
    assert is_on_host([server], url) is on_host
    assert is_below([server], url) is below
    assert is_below(["https://elsewhere.test/", server], url) is below


def test_variables_without_an_end_take_no_time():
    path = "{a}x" * 30
    assert not is_below([f"https://a.test/{path}q"], f"https://a.test/{'x' * 200}")
    assert is_below([f"https://a.test/{path}q"], f"https://a.test/{'x' * 200}q")
    assert is_below(["https://{a}b{c}b.test/"], "https://bbbb.test/pets")
