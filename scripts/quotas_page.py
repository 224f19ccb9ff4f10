"""The page of quotas: the catalogue from which plans, paces and checks take their numbers."""

from awsit.quotas.catalogue import LARGE_REGIONS, QUOTAS, Amount, Quota

INTRO = """# Quotas

What AWS allows an account in a region, as far as runs meet it, and what awsit does with it. These are the defaults;
those of your account may be higher, or lower while it is new. `awsit plan --suite` with a stack reads your account's,
and so does `awsit run`, once, before a suite in the account or at the 50th run that it starts: from then on calls come
at their pace. Both need `servicequotas:ListServiceQuotas`, which the CLI policy has, and else take the defaults.
Where two numbers stand, the first is for {regions}, the second for all other regions. A burst is what a full token
bucket holds: so many calls may come at once, then as many a second as come back. The code is what Service Quotas calls
it, the second one that of the burst:
`aws service-quotas get-service-quota --service-code lambda --quota-code L-B99A9384`.

| quota | default | adjustable | code | used |
|---|---|---|---|---|
"""


def quotas_page() -> str:
    """The text of the page."""
    *most, last = sorted(LARGE_REGIONS)
    return INTRO.format(regions=f"{', '.join(most)} and {last}") + "\n".join(map(_row, QUOTAS)) + "\n"


def _row(quota: Quota) -> str:
    amounts = filter(None, (quota.large_regions, quota.default))
    default = f"{' / '.join(map(_words, amounts))} {quota.unit}"
    code = ", ".join(f"`{each}`" for each in (quota.code, quota.burst_code) if each)
    cells = (f"[{quota.name}]({quota.page})", default, "yes" if quota.adjustable else "no", code, quota.use)
    return f"| {' | '.join(cells)} |"


def _words(amount: Amount) -> str:
    return f"{amount.value:,g}" + (f" (burst {amount.burst:,g})" if amount.burst else "")
