"""`eventbridge`: put events on a bus."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import Field, model_validator

from awsit.actions.arns import arn_pattern
from awsit.actions.aws_errors import calling
from awsit.actions.batches import EntryBatch
from awsit.actions.documents import to_text
from awsit.actions.expected_error import EXPECT_ERROR, ExpectedError, expecting, misspelt_codes
from awsit.actions.params import IsoTime, Params
from awsit.expressions.values import as_text
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.evidence import Traffic
from awsit.model.json import Json, dumps
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions
from awsit.validation.errors import findings

_LARGEST_BATCH = 10
"""Events of one call (EventBridge API Reference, "PutEvents")."""
_DEFAULT_BUS = "default"


class BusEvent(Params):
    """One event."""

    source: str = Field(min_length=1, description="Source of the event.", examples=["orders"])
    detail_type: str = Field(min_length=1, description="What kind of event it is.", examples=["OrderPlaced"])
    detail: dict[str, Any] = Field(default_factory=dict, description="The event itself.", examples=[{"order": 7}])
    resources: list[str] = Field(default_factory=list, description="ARNs that the event is about.")
    time: IsoTime | None = Field(default=None, description="When it happened, in ISO 8601; default: now.")


class EventBridgeParams(Params):
    """Params of `eventbridge`."""

    bus: str = Field(default=_DEFAULT_BUS, min_length=1, description="Name or ARN of the event bus.")
    events: list[BusEvent] = Field(min_length=1, max_length=_LARGEST_BATCH, description="1 to 10 events.")
    expect_error: ExpectedError | None = EXPECT_ERROR

    @model_validator(mode="after")
    def _expects_known_errors(self) -> Self:
        if self.expect_error and (misspelt := list(misspelt_codes("events", self.expect_error))):
            raise findings(misspelt)
        return self


class EventBridgeAction:
    """Put events on a bus of EventBridge; one that the bus did not take fails the action."""

    type = "eventbridge"
    params_model = EventBridgeParams
    resource_kind = "event bus"
    not_found_means_gone = False
    """What EventBridge does not find is the bus."""
    carries_trace = True

    def execute(self, params: EventBridgeParams, context_data: ActionContext) -> ActionResult:
        """Put the events once.

        Result: `{event_ids, failed: [{index, code, message}]}`, the ID null of an event that the bus did not take,
        which fails the action. An expected error is `{error: {code, message}}`. Raises ActionError when no event was
        put.
        """
        request: Json = params.model_dump(exclude_unset=True, exclude_none=True)
        operation = f"put events on bus {params.bus}"

        def call() -> ActionResult:
            batch = EntryBatch("PutEvents", params.events, context_data.kept.own)
            entries = [_entry(params.bus, params.events[index], index) for index in batch.to_send]
            with calling(context_data.aws, operation):
                answered = context_data.aws.client("events").put_events(Entries=entries)["Entries"]
                taken, refused = batch.in_order(answered)
                ids = {index: each.get("EventId") for index, each in taken.items()}
                return batch.result(ids, refused, all_ids, request)

        def all_ids(taken: Mapping[int, Json]) -> dict[str, Json]:
            return {"event_ids": [taken.get(index) for index in range(len(params.events))]}

        return expecting(operation, params.expect_error, request, call)

    def is_safe_to_repeat(self, _params: EventBridgeParams) -> bool:
        """Never: the second event is another one."""
        return False

    def only_reads(self, _params: EventBridgeParams) -> bool:
        """Never."""
        return False

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """The permission to put events on the bus (Service Authorization Reference, list_amazoneventbridge.html)."""
        known = arn_pattern(str(params.get("bus", _DEFAULT_BUS)))
        arn = known if known.startswith("arn:") or known == ANY else location.arn("events", f"event-bus/{known}")
        return RequiredPermissions((Permission("events:PutEvents", arn),))

    def traffic(self, request: Mapping[str, Json]) -> Traffic:
        """The events."""
        bus, events = request.get("bus", _DEFAULT_BUS), request.get("events", ())
        return Traffic(tuple(_shown_entry(bus, each) for each in events if isinstance(each, Mapping)))

    def summary(self, params: PlannedParams) -> Summary:
        """The kinds of events, and the bus."""
        bus = as_text(params.get("bus", _DEFAULT_BUS))
        events = params.get("events")
        kinds = (
            dict.fromkeys(as_text(each.get("detail_type")) for each in events if isinstance(each, dict))
            if isinstance(events, list)
            else {}
        )
        return Summary(f"put {', '.join(kinds) or 'events'} on {bus}", bus)


ACTION = EventBridgeAction()


def _shown_entry(bus: Json, event: Mapping[str, Json]) -> Json:
    """The entry of an event, as far as rules look at it, from what reports show."""
    detail = event.get("detail", {})
    return {
        "EventBusName": bus,
        "Source": event.get("source"),
        "DetailType": event.get("detail_type"),
        "Detail": detail if isinstance(detail, str) else dumps(detail),
        "Resources": event.get("resources", []),
    }


def _entry(bus: str, event: BusEvent, index: int) -> dict[str, Any]:
    """An entry of the request. Raises ActionError of kind validation."""
    entry: dict[str, Any] = {
        "EventBusName": bus,
        "Source": event.source,
        "DetailType": event.detail_type,
        "Detail": to_text(event.detail, f"events[{index}].detail"),
    }
    if event.resources:
        entry["Resources"] = event.resources
    if event.time is not None:
        entry["Time"] = datetime.fromisoformat(event.time)
    return entry
