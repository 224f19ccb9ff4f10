import pytest

from awsit.scenario.reading.extensions import without_extensions


def test_keys_at_the_top_go_and_those_below_stay():
    document = {"name": "s", "x-base": {"a": 1}, "x-": 2, "metadata": {"x-ticket": 3}}
    assert without_extensions(document) == {"name": "s", "metadata": {"x-ticket": 3}}


@pytest.mark.parametrize("document", [{"xname": 1, "X-Upper": 2, 3: 4}, ["x-a"], "x-a", None])
def test_all_else_is_as_it_was(document):
    assert without_extensions(document) == document
