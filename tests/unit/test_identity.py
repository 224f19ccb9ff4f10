"""Keys by identity."""

from awsit.identity import Identity


def test_a_key_is_that_of_one_object_whatever_others_are_equal_to_it() -> None:
    first, same = [1], [1]

    assert Identity(first) == Identity(first)
    assert Identity(first) != Identity(same)
    assert Identity(first) != first
    assert {Identity(first): "a", Identity(same): "b"}[Identity(first)] == "a"


def test_a_key_needs_no_value_that_can_be_hashed() -> None:
    assert len({Identity([]), Identity([])}) == 2
