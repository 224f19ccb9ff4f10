"""What EventBridge knows: rules that are disabled, have no target, or match no event that the scenario put."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from awsit.aws.evidence.queues import dead_letters
from awsit.aws.evidence.resources import StackResource
from awsit.diagnosis.inquiry import Inquiry
from awsit.model import json
from awsit.model.evidence import Evidence, EvidenceKind
from awsit.model.json import Json
from awsit.model.ports import Aws

DEFAULT_BUS = "default"


def rule(aws: Aws, resource: StackResource, inquiry: Inquiry) -> Iterator[Evidence]:
    """What keeps a rule from passing on the scenario's events; else, as a hint, the pattern of what it passes on.

    The ID of a rule on another bus than the default one is `BUS|RULE` (AWS CloudFormation, `AWS::Events::Rule`).
    """
    client = aws.client("events")
    bus, _, name = resource.name.rpartition("|")
    on_bus = {"EventBusName": bus} if bus else {}
    described = client.describe_rule(Name=name, **on_bus)
    title = f"rule {name}"
    targets = client.list_targets_by_rule(Rule=name, **on_bus)["Targets"]
    for target in targets:
        yield from dead_letters(aws, target.get("DeadLetterConfig", {}).get("Arn", ""), title)
    if described.get("State") == "DISABLED":
        yield Evidence(EvidenceKind.SWITCHED_OFF, title, "it is disabled")
    elif not targets:
        yield Evidence(EvidenceKind.NO_TARGET, title, "it has no target: what it matches goes nowhere")
    elif described.get("EventPattern"):
        yield from _by_pattern(aws, title, described, inquiry)


def _by_pattern(aws: Aws, title: str, described: Mapping[str, Any], inquiry: Inquiry) -> Iterator[Evidence]:
    shown = " ".join(str(described["EventPattern"]).split())
    events = [each for each in inquiry.events if isinstance(each, Mapping)]
    bus = str(described.get("EventBusName") or DEFAULT_BUS)
    on_bus = [each for each in events if _bus(each) == bus]
    if not events:
        yield Evidence(EvidenceKind.EVENT_PATTERN, title, f"it passes on only what matches {shown}")
    elif not on_bus:
        text = f"it is a rule of the bus {bus}; the scenario put its events on {', '.join(sorted(map(_bus, events)))}"
        yield Evidence(EvidenceKind.EVENT_NOT_MATCHED, title, text)
    elif any(_matches(aws, described, each) for each in on_bus):
        yield Evidence(EvidenceKind.EVENT_MATCHED, title, f"its pattern {shown} matches the event of the scenario")
    else:
        event = on_bus[0]
        text = f"its pattern {shown} does not match the event of the scenario: source {event.get('Source')}, "
        text += f"detail-type {event.get('DetailType')}, detail {event.get('Detail')}"
        yield Evidence(EvidenceKind.EVENT_NOT_MATCHED, title, text)


def _bus(entry: Mapping[str, Json]) -> str:
    """The name of the bus that an entry went to; the API takes its ARN too."""
    return str(entry.get("EventBusName") or DEFAULT_BUS).rsplit("/", 1)[-1]


def _matches(aws: Aws, described: Mapping[str, Any], entry: Mapping[str, Json]) -> bool:
    """Whether EventBridge itself matches the event to the rule's pattern (`TestEventPattern`)."""
    region, account = str(described["Arn"]).split(":")[3:5]
    event = {
        "id": "00000000-0000-0000-0000-000000000000",
        "account": account,
        "source": entry.get("Source", ""),
        "time": str(entry.get("Time") or "2030-01-01T00:00:00Z"),
        "region": region,
        "resources": entry.get("Resources", []),
        "detail-type": entry.get("DetailType", ""),
        "detail": _detail(entry.get("Detail")),
    }
    answer = aws.client("events").test_event_pattern(EventPattern=described["EventPattern"], Event=json.dumps(event))
    return bool(answer["Result"])


def _detail(detail: Json) -> Json:
    try:
        return json.loads(detail) if isinstance(detail, str) else detail or {}
    except ValueError:
        return {}
