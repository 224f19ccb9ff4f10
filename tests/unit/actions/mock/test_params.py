"""What a mock takes, and how what is wrong is told."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from awsit.actions.mock.params import MockParams
from awsit.model.json import Json


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ({"path": "orders"}, "must begin with a slash, as 'orders' does not"),
        ({"path": "/orders?x=1"}, "must be a path alone"),
        ({"path": "/orders/a{id}"}, "must name a part in braces as a whole"),
        ({"path": "/orders/{id"}, "must name a part in braces as a whole"),
        ({"path": "/{rest+}/orders"}, "must have a part for all the rest at its end"),
        ({"path": "/{a}/b/{a}"}, "names two parts `a`"),
        ({"path": "/", "method": "get"}, "must be one of GET, HEAD"),
        ({"path": "/", "headers": {"X A": "b"}}, "'X A' is not the name of an HTTP header"),
        ({"path": "/", "headers": {"X-A": "b\nc"}}, "holds a line break"),
        ({"path": "/", "headers": {"Content-Length": "1"}}, "tells where the"),
        ({"path": "/", "status": 204, "body": "x"}, "a response of status 204 has no `body`"),
        ({"path": "/", "status": 100}, "greater than or equal to 200"),
        ({"path": "/", "delay_seconds": 61}, "less than or equal to 60"),
        ({"path": "/", "match": {"body": "#nothing"}}, "#nothing"),
        ({"path": "/", "status": 201, "responses": [{}]}, "has `responses`, and `status` beside them"),
        ({"path": "/", "responses": []}, "at least 1 item"),
    ],
)
def test_a_route_that_makes_no_sense_is_refused(route: Json, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        MockParams.model_validate({"routes": [route]})
    assert message in str(caught.value)


def test_templates_wait_for_the_run() -> None:
    route = {"path": "{{ vars.p }}", "method": "{{ vars.m }}", "headers": {"A": "{{ x }}\n"}}

    kept = MockParams.model_validate({"routes": [route]}).model_dump(exclude_defaults=True)

    assert kept == {"routes": [route]}
