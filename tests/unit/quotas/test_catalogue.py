"""The catalogue of quotas."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from awsit.quotas import catalogue
from awsit.quotas.catalogue import API_REQUESTS, QUOTAS, START_EXECUTION, Amount, Quota


def test_the_catalogue_lists_each_quota_that_is_defined_once() -> None:
    defined = [value for value in vars(catalogue).values() if isinstance(value, Quota)]
    assert sorted(quota.name for quota in QUOTAS) == sorted(quota.name for quota in defined)
    assert len({quota.name for quota in QUOTAS}) == len(QUOTAS)


@pytest.mark.parametrize("quota", QUOTAS, ids=lambda quota: quota.name)
def test_a_quota_says_where_it_comes_from_and_never_allows_less_in_a_large_region(quota: Quota) -> None:
    assert urlsplit(quota.page).hostname == "docs.aws.amazon.com"
    assert not quota.code or quota.code.partition("/")[2].startswith("L-")
    assert quota.amount("us-east-1").value >= quota.amount("eu-central-1").value > 0


def test_the_architectures_table_is_in_it() -> None:
    values = {quota.default.value for quota in QUOTAS}
    assert {25_000, 1_000, 10_000, 40_000} <= values


def test_a_region_has_its_own_amount() -> None:
    assert START_EXECUTION.amount("eu-west-1") == Amount(300, 1300)
    assert START_EXECUTION.amount("eu-central-1") == START_EXECUTION.amount() == Amount(150, 800)
    assert API_REQUESTS.amount("eu-west-1") == API_REQUESTS.amount()
