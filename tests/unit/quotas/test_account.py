"""The quotas of one account."""

from __future__ import annotations

from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import API_REQUESTS, QUOTAS, START_EXECUTION, Amount


def test_what_the_account_does_not_tell_is_the_default_of_its_region() -> None:
    quotas = AccountQuotas("us-east-1", {START_EXECUTION.code: 500}, is_read=True)
    assert quotas.amount(START_EXECUTION) == Amount(500, 1300)
    assert quotas.amount(API_REQUESTS) == API_REQUESTS.default
    assert [(each.name, each.value, each.default_value) for each in quotas.differences(QUOTAS)] == [
        (START_EXECUTION.name, 500, 300)
    ]


def test_a_quota_that_is_raised_to_what_it_is_by_default_is_no_difference() -> None:
    values = {START_EXECUTION.code: 150, START_EXECUTION.burst_code: 800}
    assert list(AccountQuotas("eu-central-1", values).differences(QUOTAS)) == []
