"""What looks like a credential, wherever it stands."""

import time

import pytest

from awsit.engine.secrets.detection import without_patterns

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
