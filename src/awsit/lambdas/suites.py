"""The tasks that are about several runs: a sweep, and those of a suite, about its setups and what runs within them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsit.aws.stepfunctions.execution import OF_SUITE, cleanup_name
from awsit.aws.stepfunctions.recovery import end_kept, recover_setups, sweep_runs
from awsit.aws.stepfunctions.setups import Setups
from awsit.lambdas.host import Host
from awsit.model.json import Json
from awsit.system.clock import parse_iso

SHORTEST_WAIT, LONGEST_WAIT = 2, 60
"""Seconds between two looks. A day of the longest ones has fewer events than the history of an execution may have."""
AGES_A_WAIT = 4
"""The wait is so much shorter than the time since the runs of the suite were over."""


def sweep(host: Host) -> dict[str, Json]:
    """Finish the runs whose lease has ended and whose execution is over, and clean-ups that the platform cut short."""
    swept = sweep_runs(host.services, host.aws, host.store, host.ends, host.announce)
    return {"recovered": swept.recovered, "cleaned": swept.cleaned, "failed": swept.failures}


def look_for_open_runs(host: Host, event: Mapping[str, Any]) -> dict[str, Json]:
    """Whether runs within the setups of a suite have to end still; else the clean-ups that are to be started.

    A setup that is to be kept ends as it is. `event`: `{suite, since}`, the latter when its map was over (ISO 8601).
    """
    setups, clock = Setups(host.aws, host.store, host.services.clock), host.services.clock
    held = setups.held(event["suite"])
    if setups.open_within(*(each.run_id for each in held)):
        age = clock.now().timestamp() - parse_iso(event["since"]).timestamp()
        seconds = min(LONGEST_WAIT, max(SHORTEST_WAIT, int(age / AGES_A_WAIT)))
        return {"next": "wait", "delay_seconds": seconds, "setups": []}
    for kept in held:
        if kept.keep:
            host.announce(end_kept(host.services, kept.run_id))
    to_do = [each.run_id for each in held if not each.keep]
    return {"next": "clean_up", "setups": [{"run_id": each, "name": cleanup_name(each, OF_SUITE)} for each in to_do]}


def recover(host: Host, suite_id: str) -> dict[str, Json]:
    """Clean up the setups of a suite that was stopped, or that failed or timed out."""
    recovered: list[Json] = []
    for result in recover_setups(host.services, host.aws, host.store, suite_id, host.ends):
        host.announce(result)
        recovered.append(result.run_id)
    return {"recovered": recovered}
