"""What looks like a credential, wherever it stands."""

import time

import pytest

from awsit.engine.secrets.detection import named_secrets, without_patterns

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r"


@pytest.mark.parametrize("before", ["", "token-", "token_name=", "abcdefghijkl.", "(", "x eyJ "])
def test_a_web_token_is_masked_whatever_stands_before_it(before):
    assert without_patterns(f"{before}{TOKEN} after") == f"{before}*** after"


@pytest.mark.parametrize("text", ["x" + TOKEN, TOKEN.rpartition(".")[0], "eyJ.eyJ.abc"])
def test_what_is_no_web_token_stays(text):
    assert without_patterns(text) == text


@pytest.mark.parametrize("url", ["http://user:{}@a.test/", "say postgres+psycopg://u:{}@h:5432/db", "git+ssh://a:{}@b"])
def test_the_password_of_a_url_is_masked(url):
    assert without_patterns(url.format("s3cret:word")) == url.format("***")


@pytest.mark.parametrize("text", ["a.b+c" * 50_000 + "://", "eyJ-" * 60_000, "eyJaaaaaaaa.a" * 15_000])
def test_a_long_text_is_looked_through_once(text):
    began = time.thread_time()
    assert without_patterns(text) == text
    assert time.thread_time() - began < 2, "in proportion to its length it takes some hundredths of a second"


@pytest.mark.parametrize("name", ["api%5Fkey", "%61pi_key", "user%5Bpassword%5D", "api_key"])
def test_a_parameter_is_a_secret_however_its_name_is_encoded(name: str) -> None:
    url = f"https://shop.example/orders?page=2&{name}=s3cr3t-value&limit=5"

    assert without_patterns(url) == f"https://shop.example/orders?page=2&{name}=***&limit=5"
    assert named_secrets({"url": url}) == {"s3cr3t-value"}
