"""The quotas of an account, as Service Quotas tells them."""

from __future__ import annotations

from collections.abc import Iterator

from awsit.aws.client import errors
from awsit.errors import EnvironmentFailure
from awsit.model.ports import Aws
from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import QUOTAS

PERMISSION = "servicequotas:ListServiceQuotas"
_CONCURRENCY = "lambda"
"""What the function may do at once is told by Lambda itself, which knows of reservations (`function_concurrency`)."""


def account_quotas(aws: Aws) -> AccountQuotas:
    """The quotas that are in the catalogue; the defaults, with the reason, where they cannot be read.

    Only what was raised or lowered has to be there: "If the applied quota value is not available for a quota, the quota
    is not retrieved" (Service Quotas API Reference, "ListServiceQuotas").
    """
    codes = {code for quota in QUOTAS for code in (quota.code, quota.burst_code) if code}
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
