"""Keys by identity."""

from awsit.identity import Identity, remembered


def test_a_key_is_that_of_one_object_whatever_others_are_equal_to_it() -> None:
    first, same = [1], [1]

    assert Identity(first) == Identity(first)
    assert Identity(first) != Identity(same)
    assert Identity(first) != first
    assert {Identity(first): "a", Identity(same): "b"}[Identity(first)] == "a"


def test_a_key_needs_no_value_that_can_be_hashed() -> None:
    assert len({Identity([]), Identity([])}) == 2


def test_what_was_worked_out_of_an_object_is_remembered_for_it_alone() -> None:
    counted: list[list[int]] = []

    @remembered(2)
    def length(values: list[int]) -> int:
        counted.append(values)
        return len(values)

    first, same, third = [1], [1], [1, 2]
    assert [length(each) for each in (first, first, same, same, third, third)] == [1, 1, 1, 1, 2, 2]
    assert [id(each) for each in counted] == [id(each) for each in (first, same, third)]
    first.append(2)
    assert length(first) == 2, "of two objects at a time it is remembered"
