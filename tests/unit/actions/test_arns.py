import pytest

from awsit.actions.arns import arn_pattern


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("orders", "orders"),
        ("o-{{ run.id }}-x", "o-*-x"),
        ("{{ context.a }}{{ context.b }}", "*"),
        ("<orders.Table>-x", "*-x"),
        ("broken {{ ", "*"),
    ],
)
def test_a_pattern_has_stars_for_what_is_not_known(text, expected):
    assert arn_pattern(text) == expected
