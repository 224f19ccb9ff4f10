from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.model.action.protocol import Summary


@pytest.mark.parametrize(("when", "branch"), [(True, "then"), (False, "else")])
def test_the_condition_names_the_branch(bench: Any, when: bool, branch: str) -> None:
    assert bench.run("choice", {"when": when}).result == {"branch": branch}


@pytest.mark.parametrize("when", ["true", "false", "", 1, 0, None, []])
def test_only_true_and_false_are_conditions(bench: Any, when: Any) -> None:
    assert "`when` must be true or false" in bench.refused("choice", {"when": when}).message


def test_the_summary_is_the_condition() -> None:
    assert BY_TYPE["choice"].summary({"when": "{{ context.total > 100 }}"}) == Summary("if {{ context.total > 100 }}")
