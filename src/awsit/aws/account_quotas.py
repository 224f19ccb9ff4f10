"""The quotas of an account, as Service Quotas tells them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from awsit.aws.client import errors
from awsit.aws.client.pace import QUOTAS as PACED
from awsit.errors import EnvironmentFailure
from awsit.model.ports import Aws
from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import QUOTAS, STATE_TRANSITIONS, Quota

if TYPE_CHECKING:
    from awsit.aws.client.clients import AwsClients

PERMISSION = "servicequotas:ListServiceQuotas"
_CONCURRENCY = "lambda"
"""What the function may do at once is told by Lambda itself, which knows of reservations (`function_concurrency`)."""


def keep_to_quotas(aws: AwsClients) -> AccountQuotas:
    """Read what the account allows of what a suite is paced by, and pace the calls by it from now on."""
    quotas = account_quotas(aws, (*PACED.values(), STATE_TRANSITIONS))
    if quotas.is_read:
        aws.keep_to(quotas)
    return quotas


def account_quotas(aws: Aws, wanted: Iterable[Quota] = QUOTAS) -> AccountQuotas:
    """The wanted quotas, by default all of the catalogue; the defaults, with the reason, where they cannot be read.

    Only what was raised or lowered has to be there: "If the applied quota value is not available for a quota, the quota
    is not retrieved" (Service Quotas API Reference, "ListServiceQuotas").
    """
    codes = {code for quota in wanted for code in (quota.code, quota.burst_code) if code}
    services = sorted({code.partition("/")[0] for code in codes} - {_CONCURRENCY})
    try:
        with errors.reported("read the quotas of the account"):
            values = {code: value for service in services for code, value in _of(aws, service) if code in codes}
    except EnvironmentFailure as failure:
        return AccountQuotas(aws.region, reason=failure.message)
    return AccountQuotas(aws.region, values, is_read=True)


def _of(aws: Aws, service: str) -> Iterator[tuple[str, float]]:
    for page in aws.client("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode=service):
        for quota in page["Quotas"]:
            if "Value" in quota:  # one with an ErrorReason has none
                yield f"{quota['ServiceCode']}/{quota['QuotaCode']}", float(quota["Value"])
