import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.engine.secrets.redaction import Redactor
from awsit.expressions.values import show

SECRETS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=8, max_size=60).filter(
    lambda text: len(text.strip()) >= 8
)
LONG = "c4nary" + "aé%/" * 15_000


@given(SECRETS, st.integers(min_value=1, max_value=200))
def test_of_a_secret_that_a_message_cuts_off_the_beginning_is_masked_too(secret: str, limit: int) -> None:
    """A message shows the first characters of a value (`show`): what is left of the secret is its beginning."""
    for written in (secret, quote(secret, safe=""), "".join(f"%{byte:02x}" for byte in secret.encode())):
        shown = show(f"{written} and more than that", limit)
        beginning = shown.partition("…")[0][1:]
        if "…" in shown and len(beginning.encode()) >= 16:
            assert beginning[:12] not in Redactor([secret]).text(shown)


@given(SECRETS)
def test_a_secret_is_masked_in_json_that_is_a_text_in_json_whatever_its_characters(secret: str) -> None:
    for ascii_only in (True, False):
        once = json.dumps(secret, ensure_ascii=ascii_only)
        twice = json.dumps(once, ensure_ascii=ascii_only)
        for text in (once, twice, show(once), show(twice)):
            assert secret.strip()[:8] not in Redactor([secret]).text(text)
            assert Redactor([secret]).text(text).count("***") == 1


def test_a_secret_that_ends_with_a_blank_is_masked_once_where_only_that_is_cut_off() -> None:
    secret = "c4nary-secret\x1f"
    written = json.dumps(json.dumps(secret))
    shown = show(written, len(json.dumps(written)) - 8)
    assert "c4nary-secret\\\\\\\\u001… (" in shown
    assert Redactor([secret]).text(shown).startswith('"\\"\\\\\\"***… (')


@pytest.mark.parametrize(
    "written",
    [
        r"Zk8\u002BSec/ab=😀Q",
        r"Zk8\u002bSec\u002Fab\u003d\ud83d\ude00Q",
        r"Zk8+Sec\/ab=😀Q",
        r"Zk8+Sec\\/ab=\\ud83d\\ude00Q",
        "Zk8&#43;Sec&#x2F;ab&#x3D;&#128512;Q",
        "Zk8&#x2b;Sec&#x2f;ab&#61;&#x1F600;Q",
    ],
)
def test_a_secret_that_json_or_html_escapes_is_masked_whatever_is_escaped(written: str) -> None:
    assert Redactor(["Zk8+Sec/ab=😀Q"]).text(f"<{written}>&#1114112;&#x0;\\u00") == "<***>&#1114112;&#x0;\\u00"


def test_a_secret_beside_entities_with_names_is_masked() -> None:
    assert Redactor(['a&b<c>"d=e']).text("x a&amp;b&lt;c&gt;&quot;d&#x3D;e y") == "x *** y"


@pytest.mark.parametrize("secret", ["c4n%40ry-secret", "%c4nary-%d0-secret", "c4n%2Bry+secret%2525"])
def test_of_a_secret_that_holds_percent_codes_the_beginning_is_masked_too(secret: str) -> None:
    for written in (secret, quote(secret, safe="")):
        for cut in range(8, len(written)):
            assert Redactor([secret]).text(f"<{written[:cut]}… (99 characters)") == "<***… (99 characters)"


@pytest.mark.parametrize(
    "write", [quote, str.lower, str, lambda text: "".join(f"%{byte:02X}" for byte in text.encode())]
)
def test_a_very_long_secret_is_masked_to_its_end(write) -> None:
    assert Redactor([LONG]).text(f"<{write(LONG)}>") == "<***>"


def test_what_is_cut_off_and_no_secret_stays() -> None:
    assert Redactor(["c4nary-secret"]).text('"c4n… (99 characters), "c4mera… (99 characters)') == (
        '"c4n… (99 characters), "c4mera… (99 characters)'
    )
    assert Redactor(["c4nary-secret"]).text('"c4nary… (99 characters)') == '"***… (99 characters)'
