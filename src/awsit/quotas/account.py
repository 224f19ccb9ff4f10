"""The quotas of one account: what it says itself, else the defaults of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from awsit.quotas.catalogue import Amount, Quota


class AccountQuota(Struct, frozen=True):
    """A quota that is not the default in an account; `burst` is what its token bucket holds, if it is one."""

    name: str
    value: float
    burst: float
    default_value: float
    default_burst: float
    unit: str

    @property
    def is_less(self) -> bool:
        """Whether the account has less than usual."""
        return self.value < self.default_value or self.burst < self.default_burst


class AccountQuotas(Struct, frozen=True):
    """What an account allows in a region. `values` are what Service Quotas told, by `ServiceCode/QuotaCode`.

    `is_read` is False where nothing was asked, or nothing told: the defaults stand for it then, and `reason` says why.
    """

    region: str = ""
    values: Mapping[str, float] = field(default_factory=dict)
    is_read: bool = False
    reason: str = ""

    def amount(self, quota: Quota) -> Amount:
        """How much a quota allows; of what the account does not tell, the default."""
        default = quota.amount(self.region)
        value, burst = self.values.get(quota.code), self.values.get(quota.burst_code)
        return Amount(default.value if value is None else value, default.burst if burst is None else burst)

    def differences(self, quotas: Iterable[Quota]) -> Iterator[AccountQuota]:
        """Those of the quotas that are not the default."""
        for quota in quotas:
            own, default = self.amount(quota), quota.amount(self.region)
            if own != default:
                yield AccountQuota(quota.name, own.value, own.burst, default.value, default.burst, quota.unit)
