"""When the function gets a version, and when that gets another name."""

from __future__ import annotations

from typing import Any

import pytest

from awsit.aws.deployment import package, template
from awsit.aws.deployment.template.function_version import PARAMETER, named_version

DOCUMENT = template.read(package.infra_folder() / "template.yaml")


def name(document: Any = DOCUMENT, /, **given: str) -> str | None:
    values = {name: str(given.get(name, each.get("Default", ""))) for name, each in DOCUMENT["Parameters"].items()}
    return named_version(document, values).get(PARAMETER)


def test_a_function_of_which_no_version_is_needed_has_none() -> None:
    assert name() is None
    assert name(ProvisionedConcurrency="0", FunctionSnapStart="off", LogLevel="DEBUG") is None


@pytest.mark.parametrize(
    "given", [{"FunctionSnapStart": "on"}, {"ProvisionedConcurrency": "2"}, {"FunctionVersion": "0f1e2d"}]
)
def test_a_version_has_another_name_when_anything_has_changed(given: dict[str, str]) -> None:
    named = name(**given)

    assert named
    assert len(named) == 16
    assert name(**given | {"FunctionVersion": named}) == named
    assert name({**DOCUMENT, "Description": "another package"}, **given) != named
    assert name(**given, LogLevel="DEBUG") != named
