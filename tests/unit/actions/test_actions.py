"""Every action type is whole; what a new one lacks fails a test that names the part."""

from __future__ import annotations

from functools import cache

import pytest
from tests.conformance.cases import FOLDER
from tests.unit.actions.contract import HERE, PARTS, ROOT, Surroundings, missing
from tests.unit.infra.rendered import Rendered, listed

from awsit.actions.registry import BY_TYPE
from awsit.model.action.protocol import Action
from awsit.model.stack_parameters import ACTIONS, SWITCHES
from awsit.scenario.reading.load import load_file

EVERYTHING = "arn:aws:any:::any"
OF_TAPS = ("*", HERE.arn("sqs", "awsit-run-*").replace(HERE.region, "*"))
"""Resources that are granted with the source of a tap: a subscription that ends has no ARN in IAM."""


def _is_listed(resource: str) -> bool:
    return resource.startswith(EVERYTHING) or resource in OF_TAPS


@cache
def surroundings() -> Surroundings:
    """The repository's own."""
    template = Rendered(**dict.fromkeys(ACTIONS, EVERYTHING), **dict.fromkeys(SWITCHES.values(), "true"))
    granted = {
        action
        for statement in template.statements("ActionsRole")
        if statement["Effect"] == "Allow" and any(map(_is_listed, listed(statement["Resource"])))
        for action in listed(statement["Action"])
    }
    page = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs/actions").glob("*.md")))
    draft = (ROOT / "src" / "awsit" / "cli" / "drafts" / "files" / "new.yaml").read_text(encoding="utf-8")
    return Surroundings(page, draft, [load_file(path).document for path in FOLDER.rglob("*.yaml")], frozenset(granted))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("action", BY_TYPE.values(), ids=lambda action: action.type)
def test_an_action_type_has_every_part(action: Action, part: str) -> None:
    assert missing(part, action, surroundings()) == ""


def test_every_type_is_registered_once() -> None:
    assert [action.type for action in BY_TYPE.values()] == list(BY_TYPE)
