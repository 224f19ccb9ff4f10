"""Before runs in a sandbox: what it or an account would deny them by the policies that are deployed; what allows it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from awsit.cli.references import flags_of
from awsit.cli.running.planning import Planner
from awsit.cli.selection.waiting.shelf import ShelvedRun
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import AwsitError
from awsit.model.permissions import Permission
from awsit.model.result import RunWarning
from awsit.model.stack_parameters import POLICIES, SWITCHES, comes_with_another, parameter_for
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.aws.actions_role import ActionsRole

CODE = "would_be_denied"
FREE_PARTS = ("AllowedApiArns", "AllowedStackArns")
"""Parameters whose ARNs end with `*` because they are made so, and not because a name is not known yet."""

NOT_THE_ROLE = (
    "The engine `local` acts with your own credentials, and not with the role of the account's actions: "
    "no policy is enforced for its actions."
)


def with_warnings(session: Session, settings: Settings, runs: Sequence[ShelvedRun]) -> list[ShelvedRun]:
    """The runs, each with what an account would deny it; all of that is said once.

    Nothing is said of the engine `local`, which acts with the person's credentials.
    """
    if not settings.uses_step_functions:
        if settings.enforce_policies:
            session.say(NOT_THE_ROLE)
        return list(runs)
    running = session.wiring.sandbox(settings).status()
    is_enforced = running is not None and running.enforces_policies
    try:
        advisor = Advisor(session, settings, session.wiring.actions_role(settings), is_enforced=is_enforced)
    except AwsitError:
        return list(runs)
    denied = [advisor.denied(run) for run in runs]
    for warning in advisor.warnings(dict.fromkeys(permission for each in denied for permission in each)):
        session.say(f"warning: {warning.message}\n  hint: {warning.hint}")
    return [replace(run, warnings=advisor.warnings(each)) for run, each in zip(runs, denied, strict=True)]


class Advisor:
    """What the role of actions lacks for a run, and how to deploy awsit's stack with it.

    What cannot be found out is left out: the run itself will say it.
    """

    def __init__(self, session: Session, settings: Settings, role: ActionsRole, *, is_enforced: bool) -> None:
        self._settings, self._role, self._is_enforced = settings, role, is_enforced
        self._planner = Planner(session, settings, offline=False)

    def denied(self, run: ShelvedRun) -> tuple[Permission, ...]:
        """The permissions that a run needs and the role surely lacks."""
        from awsit.forecast.policies.denials import denied

        try:
            return denied(self._planner.needed(run.request, self._role.location), self._role.policies)
        except AwsitError:
            return ()

    def warnings(self, denied: Iterable[Permission]) -> tuple[RunWarning, ...]:
        """The warning of these denials; none without one."""
        missing = list(denied)
        if not missing:
            return ()
        actions: dict[str, list[str]] = {}
        for each in missing:
            actions.setdefault(each.resource, []).append(each.action)
        listed = "".join(f"\n  {', '.join(names)} on {resource}" for resource, names in actions.items())
        denies = "an account would deny these calls, which the sandbox allows without --enforce-policies"
        if self._is_enforced:
            denies = "the policies of the role of actions do not allow these calls"
        return (RunWarning(CODE, f"{denies}:{listed}", self._how_to_allow(missing)),)

    def _how_to_allow(self, missing: Sequence[Permission]) -> str:
        """The command that deploys the stack with the parameters that allow all of them."""
        wanted: dict[str, list[str]] = {}
        for name, arn in (parameter_for(each) for each in missing if not comes_with_another(each)):
            wanted.setdefault(name, []).append(_named(name, arn))
        lists = {name: ",".join(dict.fromkeys([*self._listed(name), *arns])) for name, arns in wanted.items()}
        options = [f"--parameter {shlex.quote(f'{name}={arns}')}" for name, arns in lists.items()]
        flags = flags_of(self._settings, "stack", "region", "profile")
        policy = "; ARN is that of a managed policy, which `awsit plan --policy` writes" if POLICIES in wanted else ""
        return f"{' '.join(['awsit deploy', *flags, *options])}{policy}; in an account the same, with its own ARNs"

    def _listed(self, parameter: str) -> list[str]:
        """What the parameter of the stack lists now; nothing of one that is no list."""
        if parameter in SWITCHES.values():
            return []
        return [arn for arn in self._role.parameters.get(parameter, "").split(",") if arn]


def _named(parameter: str, arn: str) -> str:
    """The ARN as a person completes it: `NAME` in the place of a name that is not known before the run."""
    if parameter == POLICIES:
        return "ARN"
    is_open = parameter not in FREE_PARTS and arn.endswith(("/*", ":*"))
    return f"{arn[:-1]}NAME" if is_open else arn
