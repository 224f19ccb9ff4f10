"""Running a query of CloudWatch Logs Insights.

Source: Amazon CloudWatch Logs API reference, `StartQuery` and `GetQueryResults`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from awsit.aws.client import errors
from awsit.errors import EnvironmentFailure
from awsit.model.ports import Aws, Clock

POLL_SECONDS = 1.0
LIMIT_SECONDS = 60.0
_UNDER_WAY = frozenset({"Scheduled", "Running", "Unknown"})

Row = Mapping[str, str]


def run_query(aws: Aws, clock: Clock, log_groups: Sequence[str], text: str, last_seconds: float) -> list[Row]:
    """The rows of a query over the last seconds. Raises EnvironmentFailure when it fails or takes too long."""
    logs, now = aws.client("logs"), int(clock.now().timestamp())
    with errors.reported(f"query {', '.join(log_groups)}"):
        query = logs.start_query(
            logGroupNames=list(log_groups), startTime=now - int(last_seconds), endTime=now, queryString=text
        )["queryId"]
    ends = clock.monotonic() + LIMIT_SECONDS
    while True:
        with errors.reported("read the answer to a query"):
            answer = logs.get_query_results(queryId=query)
        if answer["status"] == "Complete":
            return [_row(fields) for fields in answer["results"]]
        if answer["status"] not in _UNDER_WAY:
            raise EnvironmentFailure(f"the query ended as {answer['status']}", code="query_failed", hint=_HINT)
        if clock.monotonic() + POLL_SECONDS > ends:
            raise EnvironmentFailure(f"the query took more than {LIMIT_SECONDS:g} s", code="query_failed", hint=_HINT)
        clock.sleep(POLL_SECONDS)


_HINT = "query a shorter time with --last; the console of CloudWatch, under Logs Insights, has the same queries"


def _row(fields: Sequence[Mapping[str, str]]) -> Row:
    """A row without the pointer to the whole record, which is for machines."""
    return {each["field"]: each["value"] for each in fields if each["field"] != "@ptr"}
