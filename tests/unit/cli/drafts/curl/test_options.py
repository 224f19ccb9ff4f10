"""A command line is read as curl reads it."""

import pytest

from awsit.cli.drafts.curl.options import read_options
from awsit.errors import UsageError


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["-XPUT", "-d", "-x", "u"], [("request", "PUT"), ("data", "-x"), ("url", "u")]),
        (["-sSLd", "a", "u"], [("data", "a"), ("url", "u")]),
        (["--", "-d"], [("url", "-d")]),
        (["--data-u", "a=b", "--insec", "u"], [("data-urlencode", "a=b"), ("url", "u")]),
    ],
)
def test_values_stand_in_their_order(words, values):
    assert read_options(words).values == values


def test_flags_can_be_switched_off():
    options = read_options(["-L", "--get", "--no-location", "--no-buffer"])
    assert (options.has("location"), options.has("get"), options.has("no-buffer")) == (False, True, True)


def test_what_is_neither_read_nor_without_effect_is_named():
    options = read_options(["-s", "-x", "p", "--http2", "--no-http3", "--retry", "1", "--retry", "2", "u"])
    assert options.unsaid == ("--proxy", "--retry", "--http2")
    assert options.last("retry") == "2"


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        ("--data=secret", "option '--data=' is unknown", "takes no `=`"),
        ("--nope", "option '--nope' is unknown", "--help all"),
        ("--dat", "option '--dat' is ambiguous", "--help all"),
        ("--no-data", "option '--no-data' is unknown", "--help all"),
        ("-sé", "option '-é' is unknown", "--help all"),
        ("-sd", "option '-d' requires an argument", "--help all"),
        ("--digest", "--digest: an http_call cannot sign in that way", "-u"),
    ],
)
def test_what_is_no_option_is_refused(word, message, hint):
    with pytest.raises(UsageError) as raised:
        read_options([word])
    assert message in raised.value.message
    assert hint in (raised.value.hint or "")
    assert "secret" not in raised.value.message
