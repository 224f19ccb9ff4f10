"""`logs`: the events of a log group of CloudWatch since a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter

from awsit.actions.arns import arn_pattern
from awsit.actions.aws_errors import calling
from awsit.actions.documents import from_text, iso_time
from awsit.actions.params import IsoTime, Params
from awsit.errors import ActionError, ErrorKind
from awsit.expressions.values import as_text
from awsit.model.json import Json
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions
from awsit.model.ports import ActionContext, ActionResult, PlannedParams, Summary
from awsit.system.ulid import milliseconds_of

_RUN = "run"
_DEFAULT_LIMIT = 1000


def _since(value: str) -> str:
    return value if value == _RUN else TypeAdapter(IsoTime).validate_python(value)


class LogsParams(Params):
    """Params of `logs`."""

    group: str = Field(min_length=1, description="Name or ARN of the log group.", examples=["/aws/lambda/orders"])
    pattern: str | None = Field(
        default=None,
        max_length=1024,
        description="Only the events that match this filter pattern of CloudWatch Logs; default: all.",
        examples=['{ $.level = "ERROR" }'],
    )
    since: Annotated[str, AfterValidator(_since)] = Field(
        default=_RUN, description="Only later events: an ISO 8601 time, or `run`, when the run started."
    )
    limit: int = Field(default=_DEFAULT_LIMIT, ge=1, le=10_000, description="Events at most, the oldest first.")


class LogsAction:
    """Read the events of a CloudWatch log group, with lines that are JSON parsed."""

    type = "logs"
    params_model = LogsParams
    resource_kind = "log group"
    not_found_means_gone = True

    def execute(self, params: LogsParams, context_data: ActionContext) -> ActionResult:
        """Read them once.

        Result: `{events: [{message, timestamp, stream}], count, truncated}`, a message that is a JSON list or mapping
        as that. Raises ActionError when they could not be read; of kind timeout when that took too long.
        """
        request: Json = params.model_dump(exclude_unset=True, exclude_none=True)
        events: list[Json] = []
        with calling(context_data.aws, f"read log group {params.group}"):
            for event in _events(params, context_data):
                if len(events) == params.limit:
                    return ActionResult(_result(events, truncated=True), request=request)
                events.append(_plain(event))
        return ActionResult(_result(events, truncated=False), request=request)

    def is_safe_to_repeat(self, _params: LogsParams) -> bool:
        """Always: it reads."""
        return True

    def only_reads(self, _params: LogsParams) -> bool:
        """Always."""
        return True

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """The permission to filter the group's events.

        Source: Service Authorization Reference, list_amazoncloudwatchlogs.html.
        """
        known = arn_pattern(str(params.get("group", ANY))).removesuffix(":*")
        arn = known if known.startswith("arn:") else location.arn("logs", f"log-group:{known}")
        return RequiredPermissions((Permission("logs:FilterLogEvents", f"{arn}:*"),))

    def summary(self, params: PlannedParams) -> Summary:
        """The group, and the pattern."""
        group = as_text(params.get("group"))
        pattern = f", {as_text(params['pattern'])}" if params.get("pattern") else ""
        return Summary(f"read {group}{pattern}", group)


ACTION = LogsAction()


def _events(params: LogsParams, context_data: ActionContext) -> Iterator[Mapping[str, Any]]:
    """The events, oldest first; a page may be empty though more follow."""
    deadline = context_data.clock.monotonic() + context_data.timeout_seconds
    client = context_data.aws.client("logs")
    request = _request(params, context_data.run_id)
    while True:
        page = client.filter_log_events(**request)
        yield from page["events"]
        if not page.get("nextToken"):
            return
        if context_data.clock.monotonic() > deadline:
            raise ActionError(
                f"log group {params.group}: not all events were read in time",
                kind=ErrorKind.TIMEOUT,
                hint="narrow `pattern`, begin later (`since`), or raise the action's `timeout_seconds`",
            )
        request["nextToken"] = page["nextToken"]


def _request(params: LogsParams, run_id: str) -> dict[str, Any]:
    named = "logGroupIdentifier" if params.group.startswith("arn:") else "logGroupName"
    since = _start_of(run_id) if params.since == _RUN else datetime.fromisoformat(params.since)
    request: dict[str, Any] = {
        named: params.group.removesuffix(":*"),
        "startTime": int(since.timestamp() * 1000),
        "limit": min(params.limit + 1, 10_000),
    }
    return request if params.pattern is None else {**request, "filterPattern": params.pattern}


def _start_of(run_id: str) -> datetime:
    """When a run started: its ID is a ULID, which begins with that."""
    return datetime.fromtimestamp(milliseconds_of(run_id.removeprefix("run-")) / 1000, UTC)


def _plain(event: Mapping[str, Any]) -> Json:
    moment = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    return {
        "message": from_text(event["message"].rstrip("\n")),
        "timestamp": iso_time(moment),
        "stream": event.get("logStreamName"),
    }


def _result(events: list[Json], *, truncated: bool) -> Json:
    return {"events": events, "count": len(events), "truncated": truncated}
