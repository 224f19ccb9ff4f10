"""Queries of CloudWatch Logs Insights: started at one call, and looked at in those that follow.

Source: CloudWatch Logs API Reference, "StartQuery" and "GetQueryResults".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from awsit.actions.documents import from_text
from awsit.actions.logs.params import MOST, LogsParams
from awsit.expressions.values import is_number
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.json import Json, loads

LOOK_SECONDS = 1.0
"""Between two looks at a query, which mostly takes one or two seconds."""
MOST_LOOKS = 60
"""Looks at one query, which is then stopped: Insights itself would go on for an hour."""

_GOES_ON = frozenset({"Scheduled", "Running", "Unknown"})
_COMPLETE = "Complete"
_MESSAGE = "@message"


def look(params: LogsParams, context_data: ActionContext, request: Json) -> ActionResult:
    """Start the query, or look at the one that an earlier call started; ask to be called again while it runs.

    One that fails, or that is stopped because it takes too long, is a failed check; the next attempt starts another.
    """
    client = context_data.aws.client("logs")
    kept = context_data.kept.own
    begun = isinstance(kept, Mapping) and bool(kept)
    query_id, looks = (str(kept["id"]), int(kept["looks"])) if begun else (_start(client, params, context_data), 0)
    answer = client.get_query_results(queryId=query_id)
    status = answer["status"]
    if status in _GOES_ON and looks < MOST_LOOKS:
        kept = {"id": query_id, "looks": looks + 1}
        return ActionResult({"status": status}, request=request, resume_after_seconds=LOOK_SECONDS, keeps=kept)
    keeps: Json = {} if begun else None
    if status == _COMPLETE:
        return ActionResult(_rows(answer["results"], params.limit), request=request, keeps=keeps)
    failure = f"the query of log group {params.group} ended as {status}"
    if status in _GOES_ON:
        client.stop_query(queryId=query_id)
        failure = f"the query of log group {params.group} had not ended after {MOST_LOOKS} looks, and was stopped"
    return ActionResult({"status": status}, request=request, failure=failure, failure_code=status, keeps=keeps)


def _start(client: Any, params: LogsParams, context_data: ActionContext) -> str:
    return str(client.start_query(**_request(params, context_data))["queryId"])


def _request(params: LogsParams, context_data: ActionContext) -> dict[str, Any]:
    """The request; its times are seconds since the epoch, and the range includes both."""
    by_arn = params.group.startswith("arn:")
    group = {"logGroupIdentifiers": [params.group.removesuffix(":*")]} if by_arn else {"logGroupName": params.group}
    return {
        **group,
        "startTime": math.floor(params.starts(context_data.run_id).timestamp()),
        "endTime": math.ceil(context_data.clock.wall().timestamp()),
        "queryString": params.query,
        "limit": min(params.limit + 1, MOST),
    }


def _rows(results: Sequence[Sequence[Mapping[str, str]]], limit: int) -> Json:
    rows: list[Json] = [
        {each["field"]: _value(each["field"], each.get("value", "")) for each in row} for row in results[:limit]
    ]
    return {"rows": rows, "count": len(rows), "truncated": len(results) > limit}


def _value(name: str, text: str) -> Json:
    """A value, which Insights gives as text: a number as that, but in Insights' own fields; a message may be JSON."""
    if name == _MESSAGE:
        return from_text(text.rstrip("\n"))
    if name.startswith("@"):
        return text
    try:
        value = loads(text)
    except ValueError:
        return text
    return value if is_number(value) else text
