from __future__ import annotations

import pytest

from awsit.model.text.paths import child_path, is_within, join_path, outer_paths, parent_path


def test_paths_are_made_of_keys_and_indexes() -> None:
    assert child_path("", "a") == "a"
    assert child_path("a", 2) == "a[2]"
    assert join_path("a", "[0].b") == "a[0].b"
    assert join_path("a", "b") == "a.b"
    assert join_path("a", "") == "a"
    assert [parent_path("a[2].b"), parent_path("a[2]"), parent_path("a")] == ["a[2]", "a", ""]


@pytest.mark.parametrize(
    ("path", "place", "within"),
    [
        ("a.b", "a", True),
        ("a[0]", "a", True),
        ("a", "a", True),
        ("ab", "a", False),
        ("a", "a.b", False),
        ("a", "", True),
    ],
)
def test_what_leads_into_a_place_is_within_it(path: str, place: str, within: bool) -> None:
    assert is_within(path, place) is within


def test_an_entry_lies_within_its_outer_paths() -> None:
    assert list(outer_paths("a[2].b")) == ["", "a", "a[2]"]
    assert list(outer_paths("[0]")) == [""]
    assert list(outer_paths("")) == []
