from typing import Any

import pytest

from awsit.actions.http_call.headers import header_texts
from awsit.model.http import HttpResponse


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"x-a": 1, "X-A": "default", "X-B": True}, {"x-a": "1", "X-B": "true"}),
        ({"accept": None, "Accept": "text/plain"}, {}),
        ({"Accept": "text/plain", "accept": None}, {"Accept": "text/plain"}),
        ({"a": 1, "b": None}, {"a": "1"}),
    ],
)
def test_of_names_in_different_case_the_first_is_sent(headers: dict[str, Any], sent: dict[str, str]) -> None:
    assert header_texts(headers) == sent


def test_a_default_that_the_action_leaves_out_is_not_held_against_another_param(bench: Any) -> None:
    params = {"url": "https://x.test/", "cookies": {"a": "1"}, "headers": {"cookie": None, "Cookie": "b=2"}}
    bench.answers(HttpResponse(200, {}, b"", ""))
    bench.run("http_call", params)
    assert bench.http.requests[0].headers["Cookie"] == "a=1"
