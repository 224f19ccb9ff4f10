"""The pace of calls to AWS: each request of an operation with a bucket, repetitions included, waits for its token.

So many runs side by side neither start nor look faster than the account may, and what a throttled call is repeated for
comes as slowly as all else: a process cannot keep up a storm. Where the account's other callers use the quota too,
refusals slow this one down (`TokenBucket`).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from awsit.aws.client.deadline import seconds_left
from awsit.aws.client.error_codes import THROTTLED
from awsit.model.ports import Clock
from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import (
    DESCRIBE_EXECUTION,
    EXECUTION_HISTORY,
    PUT_METRIC_DATA,
    START_EXECUTION,
    Quota,
)
from awsit.quotas.token_bucket import TokenBucket
from awsit.system.clock import SystemClock

QUOTAS: Mapping[str, Quota] = {
    "StartExecution": START_EXECUTION,
    "DescribeExecution": DESCRIBE_EXECUTION,
    "GetExecutionHistory": EXECUTION_HISTORY,
    "PutMetricData": PUT_METRIC_DATA,
}
"""The quota of each operation that is paced."""
SERVICES = ("stepfunctions", "cloudwatch")
"""botocore's names of the services that have them."""


class Pace:
    """The buckets of one account and region, which all clients of a process for it share."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._buckets: dict[str, TokenBucket] = {}
        self._quotas = AccountQuotas()

    def keep_to(self, quotas: AccountQuotas) -> None:
        """Go on with what the account allows, where it was read, and not with the region's defaults."""
        self._quotas = quotas
        for name, bucket in self._buckets.items():
            bucket.change(quotas.amount(QUOTAS[name]))

    def keep(self, client: Any) -> None:
        """Make a botocore client of one of `SERVICES` keep the pace of its account and region."""
        quotas = self._quotas if self._quotas.is_read else AccountQuotas(client.meta.region_name)
        events, service = client.meta.events, client.meta.service_model.service_id.hyphenize()
        for name in QUOTAS.keys() & set(client.meta.service_model.operation_names):
            bucket = TokenBucket(quotas.amount(QUOTAS[name]), self._clock)
            self._buckets.setdefault(name, bucket)
            events.register_first(f"request-created.{service}.{name}", self._wait)
            events.register_first(f"needs-retry.{service}.{name}", self._learn)

    def _wait(self, operation_name: str, **_: Any) -> None:
        seconds, left = self._buckets[operation_name].take(), seconds_left()
        if seconds > 0:
            self._clock.sleep(seconds if left is None else max(0.0, min(seconds, left)))

    def _learn(self, operation: Any, response: Any, **_: Any) -> None:
        """Tell the bucket what became of a request; one without an answer says nothing of the quota."""
        if response is None:
            return
        http_response, parsed = response
        bucket = self._buckets[operation.name]
        if http_response.status_code < HTTPStatus.BAD_REQUEST:
            bucket.accepted()
        elif THROTTLED.search(parsed.get("Error", {}).get("Code", "")):
            bucket.refused()
