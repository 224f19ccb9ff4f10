import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.engine.secrets.plain import MAX_DEPTH, MAX_ITEMS, MAX_TEXT, plain_size
from awsit.engine.secrets.redaction import Redactor

INNER = '{"password": "hunter-22"}'
TEXTS = st.sampled_from(
    [
        *(
            "",
            "created",
            "DB_PASSWORD",
            "SecureString",
            "a=b",
            "Basic instincts",
            "7 of them",
            "https://api.test/orders",
        ),
        *(INNER, f" {INNER}", base64.b64encode(INNER.encode()).decode(), '[{"total": 3}]', "{no json"),
        *("https://user:hunter-22@api.test", "https://api.test?page=2&token=hunter-22", "?toke%6e=hunter-22"),
        *("Bearer 0123456789abcdef-0123", "ba\u017fic dXNlcjpodW50ZXItMjI=", "eyJhbGciOiJI.eyJzdWIiOiIx.abcdefghij"),
        "long " * (MAX_TEXT // 5 + 1),
    ]
)
NAMES = st.sampled_from(
    ["id", "name", "value", "Name", "Value", "Type", "password", "token", "?token=hunter-22", "n" * 101]
)
DOCUMENTS = st.recursive(
    st.one_of(TEXTS, st.integers(), st.none(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)
UNRELATED = "a secret that is nowhere in it"


@given(DOCUMENTS)
def test_what_is_shown_and_hidden_is_the_same_with_a_secret_for_which_all_is_looked_through(document: Any) -> None:
    quick, thorough = (Redactor(secrets, documents=(document,)) for secrets in ((), (UNRELATED,)))
    assert quick.shown(document) == thorough.shown(document)
    assert [*quick.hides(document)] == [*thorough.hides(document)]


def test_a_plain_document_is_shown_itself() -> None:
    document = {"status": 201, "body": {"id": "o1", "items": [{"total": 3}, None]}, "url": "https://api.test/orders"}
    assert plain_size(document) == 3 + 2 + 2 + 1
    assert Redactor().shown(document) is document


@pytest.mark.parametrize(
    "document", [[1] * (MAX_ITEMS + 1), {f"n{i}": 1 for i in range(MAX_ITEMS + 1)}, "x" * 8193, {1: 2}, ("a",)]
)
def test_what_is_too_much_or_no_json_is_not_plain(document: Any) -> None:
    assert plain_size(document) is None


def test_as_many_levels_are_plain_as_are_shown() -> None:
    nested: Any = "deep"
    for _ in range(MAX_DEPTH + 1):
        nested = [nested]
    assert plain_size(nested) == MAX_DEPTH + 1
    assert Redactor((UNRELATED,)).shown(nested) == nested
    assert plain_size([nested]) is None
    assert Redactor((UNRELATED,)).shown([nested]) != [nested]
