import base64
import json
import random
import re
import time
from urllib.parse import quote

import pytest

from awsit.engine.secrets.alternatives import FEW, alternatives
from awsit.engine.secrets.redaction import Redactor


def test_the_longest_is_found_at_the_first_place_as_of_plain_alternatives() -> None:
    chosen = random.Random(1)
    for _ in range(50):
        texts = {"".join(chosen.choices("ab.\\*", k=chosen.randint(1, 6))) for _ in range(3 * FEW)}
        longest_first = sorted(texts, key=len, reverse=True)
        text = "".join(chosen.choices("ab.\\*c", k=500))

        found = [match.span() for match in re.finditer(alternatives(longest_first), text)]

        assert found == [match.span() for match in re.finditer("|".join(map(re.escape, longest_first)), text)]


def test_texts_that_go_on_from_one_another_make_a_pattern_too() -> None:
    texts = ["a" * length for length in range(400, 3, -1)]

    assert re.fullmatch(alternatives(texts), "a" * 400)
    assert re.search(alternatives(texts), "aaa") is None


@pytest.mark.parametrize(
    "written", [quote("ab%cdef", safe="") + " ", "a" * 20 + " ", base64.b64encode(b"ab%cdef" * 3).decode() + " "]
)
def test_a_service_that_repeats_a_secret_or_tells_a_hundred_does_not_hold_up_the_run(written: str) -> None:
    secrets = {f"k{number}": {"password": f'{"a" * 19}%\\{number}"'} for number in range(98)}
    document = {"first": {"password": "ab%cdef"}, **secrets, "note": written * (400_000 // len(written))}
    begun = time.process_time()

    shown = Redactor(documents=(document,)).shown(document)
    places = [*Redactor(documents=(document,)).hides(document)]

    assert "ab%" not in json.dumps(shown)
    assert places
    assert time.process_time() - begun < 5
