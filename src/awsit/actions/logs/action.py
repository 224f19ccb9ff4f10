"""`logs`: the events of a log group of CloudWatch since a time, or what a query says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from awsit.actions.aws_errors import calling
from awsit.actions.logs import query
from awsit.actions.logs.events import named, plain, streams_arn
from awsit.actions.logs.params import MOST, LogsParams
from awsit.errors import ActionError, ErrorKind
from awsit.expressions.values import as_text
from awsit.model.action.abilities import Resumptions
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions


class LogsAction:
    """Read the events of a CloudWatch log group, with lines that are JSON parsed, or ask a query of Logs Insights."""

    type = "logs"
    params_model = LogsParams
    resource_kind = "log group"
    not_found_means_gone = True

    def execute(self, params: LogsParams, context_data: ActionContext) -> ActionResult:
        """Read them once.

        Result: `{events: [{message, timestamp, stream}], count, truncated}`, a message that is a JSON list or mapping
        as that. With `query` it is `{rows: [{FIELD: value}], count, truncated}`, when the query has ended. Raises
        ActionError when they could not be read; of kind timeout when that took too long.
        """
        request: Json = params.model_dump(exclude_unset=True, exclude_none=True)
        events: list[Json] = []
        with calling(context_data.aws, f"read log group {params.group}"):
            if params.query is not None:
                return query.look(params, context_data, request)
            for event in _events(params, context_data):
                if len(events) == params.limit:
                    return ActionResult(_result(events, truncated=True), request=request)
                events.append(plain(event))
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
        """The permission to filter the group's events, or to query them; an answer to a query has no resource.

        Source: Service Authorization Reference, list_amazoncloudwatchlogs.html.
        """
        arn = streams_arn(str(params.get("group", ANY)), location)
        if params.get("query") is None:
            return RequiredPermissions((Permission("logs:FilterLogEvents", arn),))
        answers = (Permission(f"logs:{name}", ANY) for name in ("GetQueryResults", "StopQuery"))
        return RequiredPermissions((Permission("logs:StartQuery", arn), *answers))

    def summary(self, params: PlannedParams) -> Summary:
        """The group, and the pattern or query."""
        group = as_text(params.get("group"))
        if asked := params.get("query"):
            return Summary(f"query {group}, {as_text(asked)}", group)
        pattern = f", {as_text(params['pattern'])}" if params.get("pattern") else ""
        return Summary(f"read {group}{pattern}", group)

    def resumptions(self, params: PlannedParams) -> Resumptions | None:
        """The looks at a query after the first call."""
        if params.get("query") is None:
            return None
        return Resumptions(query.MOST_LOOKS, query.LOOK_SECONDS, polls=False)


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
    request: dict[str, Any] = {
        **named(params.group),
        "startTime": int(params.starts(run_id).timestamp() * 1000),
        "limit": min(params.limit + 1, MOST),
    }
    return request if params.pattern is None else {**request, "filterPattern": params.pattern}


def _result(events: list[Json], *, truncated: bool) -> Json:
    return {"events": events, "count": len(events), "truncated": truncated}
