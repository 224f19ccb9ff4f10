import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from awsit.engine.secrets.redaction import Redactor


def _mime(text: str) -> str:
    return base64.encodebytes(b"x" * 50 + text.encode() + b"y" * 30).decode()


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


HELD = 'c4nary-p@ss/w%rd &é"q\\x'


@pytest.mark.parametrize(
    "text",
    [
        _mime(HELD),
        _mime(HELD).replace("\n", "\r\n"),
        json.dumps({"content": _mime(HELD)}),
        json.dumps(json.dumps({"content": _mime(HELD).replace("\n", "\r\n")})),
        _base64(json.dumps({"a": 1, "note": HELD})),
        _base64(json.dumps({"a": 1, "note": HELD}, ensure_ascii=False)),
        _base64("a=b&note=" + quote_plus(HELD)),
        "/files/" + _base64("a=b&note=" + quote(HELD)),
        _base64(f"Basic {_base64(f'user:{HELD}')}"),
        _base64(_base64(json.dumps(HELD))),
        *(_base64(zeros + json.dumps({"note": HELD}) + zeros) for zeros in ("\0" * 99, "\0\0\0\5" * 40, "\0")),
        base64.urlsafe_b64encode(json.dumps(["ÿÿÿ???", HELD], ensure_ascii=False).encode()).decode()[:-2],
    ],
)
def test_a_secret_is_masked_in_what_base64_holds_however_it_is_written_there(text: str) -> None:
    shown = Redactor([HELD]).text(text)

    assert "***" in shown
    for first in range(0, len(HELD) - 8, 4):
        part = HELD[first : first + 8]
        assert all(core not in shown for core in (_base64(f"{'a' * n}{part}")[4:-4] for n in range(3)))
    assert "".join(shown.split("***")) != ""


def test_inside_base64_of_json_the_rest_stays() -> None:
    text = _base64(json.dumps({"order": "A-1", "pin": 'c4"nary-canary', "shop": "at the corner"}))
    before, _, after = Redactor(['c4"nary-canary']).text(text).partition("***")

    assert text.startswith(before)
    assert text.endswith(after)
    assert "order" in base64.b64decode(before[: len(before) // 4 * 4]).decode()
    assert "at the corner" in base64.b64decode(after[len(after) % 4 :]).decode(errors="ignore")


def test_what_only_looks_like_base64_stays() -> None:
    text = (
        "01234567-89ab-cdef-0123-456789abcdef /usr/local/share/applications\\nnext-line AAAAAAAAAAAAAAAAAAAA\nBBBBBBBB"
    )

    assert Redactor([HELD]).text(text) == text


def test_of_a_secret_in_base64_of_json_the_place_is_told_and_hides_it() -> None:
    text = _base64(json.dumps({"note": HELD}))
    places = [*Redactor([HELD]).hides({"body": text})]

    (start, end) = map(int, places[0].partition("#")[2].split(":"))
    assert places[0].startswith("['body']#")
    assert Redactor([HELD]).text(text) == f"{text[:start]}***{text[end:]}"
