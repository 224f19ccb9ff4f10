from __future__ import annotations

import pytest

from awsit.errors import Position
from awsit.scenario.reading.load import load_text
from awsit.scenario.reading.source import Source

TEXT = """\
name: n
actions:
  - name: A
    params: {url: "http://x", headers: {content-type: a}}
  - name: B
    params:
      body: |
        two
        lines
shared: &shared {deep: [1]}
copy: *shared
"""


@pytest.mark.parametrize(
    ("path", "key", "line", "column", "length"),
    [
        ("name", False, 1, 7, 1),
        ("name", True, 1, 1, 4),
        ("actions[0].params.url", False, 4, 19, 10),
        ("actions[0].params.url", True, 4, 14, 3),
        ("actions[0].params.headers.content-type", False, 4, 55, 1),
        ("actions[0].params", False, 4, 5, 6),
        ("actions[1]", False, 5, 5, 1),
        ("actions[1].params.body", False, 7, 13, 1),
        ("actions[1].params.missing.deep", False, 6, 5, 6),
        ("actions[7].name", False, 2, 1, 7),
        ("nowhere", False, 1, 1, 1),
        ("copy.deep[0]", False, 10, 25, 1),
    ],
)
def test_a_path_is_found_in_the_text(path: str, key: bool, line: int, column: int, length: int) -> None:
    assert load_text(TEXT, "s.yaml").position(path, key=key) == Position("s.yaml", line, column, length)


def test_a_source_without_positions_points_at_the_file() -> None:
    assert Source({}, "s.json").position("a.b") == Position("s.json", 1, 1)
