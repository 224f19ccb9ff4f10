"""JSON of services: JSONTestSuite says what is JSON (`y_`), what is not (`n_`), and what is left open (`i_`)."""

import base64
import json
from decimal import Decimal
from pathlib import Path

import pytest

from awsit.actions.http_call.body import decode_body
from awsit.model.http import HttpResponse
from awsit.model.json import Json

FILES = sorted((Path(__file__).parent / "data").glob("*.json"), key=lambda file: file.name)

EXACT = "numbers are exact, up to 4,300 digits"
SURROGATE = "a surrogate without its pair is kept as it came"
NOT_UTF_8 = "RFC 8259, section 8.1: JSON is UTF-8; what is not stays bytes"
TOO_LARGE = "a number of more than 4,300 digits is beyond the limits: the body stays text"
TOO_DEEP = "more than 100 levels are beyond the limits: the body stays text"
BOM = "RFC 8259, section 8.1, lets a reader pass over a byte order mark"
CHOICES = {
    "i_number_double_huge_neg_exp": (EXACT, [Decimal("123.456e-789")]),
    "i_number_huge_exp": (TOO_LARGE, None),
    "i_number_neg_int_huge_exp": (TOO_LARGE, None),
    "i_number_pos_double_huge_exp": (TOO_LARGE, None),
    "i_number_real_neg_overflow": (TOO_LARGE, None),
    "i_number_real_pos_overflow": (TOO_LARGE, None),
    "i_number_real_underflow": (TOO_LARGE, None),
    "i_number_too_big_neg_int": (EXACT, [-123123123123123123123123123123]),
    "i_number_too_big_pos_int": (EXACT, [100000000000000000000]),
    "i_number_very_big_negative_int": (EXACT, [-237462374673276894279832749832423479823246327846]),
    "i_object_key_lone_2nd_surrogate": (SURROGATE, {"\udfaa": 0}),
    "i_string_1st_surrogate_but_2nd_missing": (SURROGATE, ["\udada"]),
    "i_string_1st_valid_surrogate_2nd_invalid": (SURROGATE, ["\ud888\u1234"]),
    "i_string_UTF-16LE_with_BOM": (NOT_UTF_8, None),
    "i_string_UTF-8_invalid_sequence": (NOT_UTF_8, None),
    "i_string_UTF8_surrogate_U+D800": (NOT_UTF_8, None),
    "i_string_incomplete_surrogate_and_escape_valid": (SURROGATE, ["\ud800\n"]),
    "i_string_incomplete_surrogate_pair": (SURROGATE, ["\udd1ea"]),
    "i_string_incomplete_surrogates_escape_valid": (SURROGATE, ["\ud800\ud800\n"]),
    "i_string_invalid_lonely_surrogate": (SURROGATE, ["\ud800"]),
    "i_string_invalid_surrogate": (SURROGATE, ["\ud800abc"]),
    "i_string_invalid_utf-8": (NOT_UTF_8, None),
    "i_string_inverted_surrogates_U+1D11E": (SURROGATE, ["\udd1e\ud834"]),
    "i_string_iso_latin_1": (NOT_UTF_8, None),
    "i_string_lone_second_surrogate": (SURROGATE, ["\udfaa"]),
    "i_string_lone_utf8_continuation_byte": (NOT_UTF_8, None),
    "i_string_not_in_unicode_range": (NOT_UTF_8, None),
    "i_string_overlong_sequence_2_bytes": (NOT_UTF_8, None),
    "i_string_overlong_sequence_6_bytes": (NOT_UTF_8, None),
    "i_string_overlong_sequence_6_bytes_null": (NOT_UTF_8, None),
    "i_string_truncated-utf-8": (NOT_UTF_8, None),
    "i_string_utf16BE_no_BOM": (NOT_UTF_8, None),
    "i_string_utf16LE_no_BOM": (NOT_UTF_8, None),
    "i_structure_500_nested_arrays": (TOO_DEEP, None),
    "i_structure_UTF-8_BOM_empty_object": (BOM, {}),
}
"""Why, and the value; None: it stays text, or bytes."""


def of_kind(kind: str) -> list[Path]:
    return [file for file in FILES if file.name.startswith(kind)]


def body(content: bytes) -> Json:
    return decode_body(HttpResponse(200, {"content-type": "application/json"}, content, ""))


def as_it_came(content: bytes) -> Json:
    """The body of a response that is no JSON."""
    if not content:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


@pytest.mark.parametrize("file", of_kind("y_"), ids=lambda file: file.stem)
def test_what_is_json_is_read(file: Path) -> None:
    content = file.read_bytes()
    assert body(content) == json.loads(content, parse_float=Decimal)


@pytest.mark.parametrize("file", of_kind("n_"), ids=lambda file: file.stem)
def test_what_is_not_stays_as_it_came(file: Path) -> None:
    content = file.read_bytes()
    assert body(content) == as_it_came(content)


@pytest.mark.parametrize("file", of_kind("i_"), ids=lambda file: file.stem)
def test_what_is_left_open_is_decided(file: Path) -> None:
    content = file.read_bytes()
    _, value = CHOICES[file.stem]
    assert body(content) == (as_it_came(content) if value is None else value)


def test_the_whole_suite_is_there() -> None:
    assert len(FILES) == 318
    assert CHOICES.keys() == {file.stem for file in of_kind("i_")}
