"""A new action type: one module and one line of the registry, and everything knows it.

What else it needs stands outside `src` (a section of the page, a scenario, a permission of the role). Each of these,
and each part of the action, is asked for by name when it is missing.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.functional.fakes import FakeAws, report_of
from tests.functional.new_action.publish import PublishAction
from tests.unit.actions.contract import PARTS, Surroundings, missing

from awsit.actions import registry
from awsit.scenario.reading.load import load_file

FOLDER = Path(__file__).parent / "new_action"
ROOT = Path(__file__).parents[2]
SCENARIO = (FOLDER / "scenario.yaml").read_text(encoding="utf-8")
TOPIC = "arn:aws:sns:eu-west-1:123456789012:orders"
AROUND = Surroundings(
    page=(FOLDER / "page.md").read_text(encoding="utf-8"),
    draft="type: http_call # or sns_publish",
    scenarios=[load_file(FOLDER / "scenario.yaml").document],
    granted=frozenset({"sns:Publish"}),
)
MEMBERS = [part for part in PARTS if hasattr(PublishAction, part)]


class Topics(FakeAws):
    """An account with a topic."""

    def __init__(self) -> None:
        super().__init__(RuntimeError("only SNS is there"))
        self.published: list[Any] = []

    def client(self, service: str) -> Any:
        return SimpleNamespace(publish=self._publish) if service == "sns" else super().client(service)

    def _publish(self, **request: Any) -> Any:
        self.published.append(request)
        return {"MessageId": f"m-{len(self.published)}"}


@pytest.fixture(autouse=True)
def topics(monkeypatch, tmp_path, wiring, scenario) -> Topics:
    monkeypatch.setitem(registry.MODULES, PublishAction.type, PublishAction.__module__)
    account = Topics()
    monkeypatch.setattr(wiring, "aws", lambda *_, **__: account)
    monkeypatch.chdir(tmp_path)
    scenario(SCENARIO, "order_is_announced.yaml")
    return account


def test_run_carries_it_out_and_every_report_shows_it(awsit, topics, tmp_path):
    done = awsit("run", "order_is_announced", "--json", "--html", "a.html", "--junit", "a.xml", "--markdown", "a.md")
    assert topics.published == [{"TopicArn": TOPIC, "Message": '{"order_id":"A-17"}'}]
    (step,) = report_of(done)["steps"]
    assert (step["type"], step["status"], step["response"]) == ("sns_publish", "passed", {"message_id": "m-1"})
    assert "sns_publish" in (tmp_path / "a.html").read_text()
    assert "order_is_announced" in (tmp_path / "a.xml").read_text()
    assert "1 passed" in (tmp_path / "a.md").read_text()


def test_validate_knows_its_type_and_its_params(awsit, scenario):
    assert awsit("validate", "scenarios").exit_code == 0
    scenario(SCENARIO.replace("message:", "mesage:"), "wrong_key.yaml")
    scenario(SCENARIO.replace("sns_publish", "sns_publsh"), "wrong_type.yaml")
    refused = awsit("validate", "scenarios")
    assert refused.exit_code == 3
    assert "did you mean `message`?" in refused.output
    assert "did you mean `sns_publish`?" in refused.output


def test_plan_says_what_it_does_and_to_what(awsit):
    assert f"publish to {TOPIC}" in awsit("plan", "order_is_announced").stdout
    forecast = report_of(awsit("plan", "order_is_announced", "--json"))
    assert forecast["resources"] == [{"kind": "topic", "name": TOPIC, "used_by": ["Announce"]}]


def test_the_policy_has_its_permission(awsit):
    (statement,) = report_of(awsit("plan", "order_is_announced", "--policy"))["Statement"]
    assert (statement["Action"], statement["Resource"]) == (["sns:Publish"], [TOPIC])


def test_the_schema_has_its_params(awsit):
    schema = json.loads(awsit("schema", "scenario").stdout)
    assert "sns_publish" in schema["$defs"]["ActionSpec"]["properties"]["type"]["enum"]
    assert set(schema["$defs"]["sns_publish"]["properties"]) == {"topic", "message"}


def test_its_page_has_a_table_of_its_params(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
    from action_pages import parameters_by_type

    page = "\n".join(parameters_by_type()["sns_publish"])
    assert "Publish one message to an SNS topic." in page
    assert "| `topic` | text | **required** | ARN of the topic. |" in page


@pytest.mark.parametrize("part", PARTS)
def test_it_is_whole(part):
    assert missing(part, PublishAction(), AROUND) == ""


@pytest.mark.parametrize("part", MEMBERS)
def test_a_part_that_is_left_out_is_named(part):
    rest = {name: value for name, value in vars(PublishAction).items() if name != part}
    assert f"sns_publish: {part} cannot be read" in missing(part, type("Incomplete", (), rest)(), AROUND)


@pytest.mark.parametrize(
    ("part", "around"),
    [
        ("docs/actions", replace(AROUND, page="# Actions\n")),
        ("src/awsit/cli/drafts/files/new.yaml", replace(AROUND, draft="type: http_call")),
        ("tests/conformance/scenarios", replace(AROUND, scenarios=[])),
        ("infra/template.yaml", replace(AROUND, granted=frozenset())),
    ],
)
def test_a_file_outside_its_folder_that_does_not_know_it_is_named(part, around):
    assert missing(part, PublishAction(), around).startswith(f"sns_publish: {part} ")
