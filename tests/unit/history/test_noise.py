"""What differs between any two runs is replaced by names."""

import pytest
from tests.unit.reporting.runs import PASSED

from awsit.history.noise import Normalizer


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("/orders/6f1c0d3e-0000-4000-8000-0000000000aa", "/orders/<uuid>"),
        ("created 2030-01-01T09:30:00.250Z", "created <time>"),
        ("trace 1a2b3c4d5e6f7a8b9c", "trace <hex>"),
        (PASSED.run_id, "<run.id>"),
        (f"order {PASSED.context['order_id']}", "order <context.order_id>"),
        ("2 of 3 are shipped", "2 of 3 are shipped"),
    ],
)
def test_ids_and_times_have_names(text, normalized):
    assert Normalizer.of(PASSED).normalize({"body": [text]}) == {"body": [normalized]}


def test_with_noise_nothing_is_replaced():
    assert Normalizer.of(PASSED, noise=True).normalize({"headers": {"Date": "x"}}) == {"headers": {"Date": "x"}}


def test_a_body_may_have_fields_that_are_called_like_headers():
    normalizer = Normalizer({})
    assert normalizer.normalize({"body": {"date": "monday"}, "headers": {"date": "x"}}) == {
        "body": {"date": "monday"},
        "headers": {},
    }
