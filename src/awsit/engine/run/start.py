"""The moment at which an iteration of a load begins in the account."""

from __future__ import annotations

from awsit.engine.services import Services
from awsit.model.plan import Plan

LONGEST_SECONDS = 10.0
"""How long a function waits at most; the Wait state before it waits for longer times, and costs nothing meanwhile."""


def await_start(services: Services, plan: Plan) -> None:
    """Wait until the first action of the run is to begin. Later steps find that time over."""
    early = plan.start_at - services.clock.now().timestamp()
    if early > 0:
        services.clock.sleep(min(early, LONGEST_SECONDS))
