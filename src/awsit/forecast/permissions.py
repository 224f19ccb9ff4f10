"""The IAM permissions that a plan needs: those of its actions, and those of the look-ups in its templates.

ARNs hold `*` for what is not known before the run; an account or region that is not known is `*` too, which IAM allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from awsit.actions.arns import arn_pattern
from awsit.actions.registry import BY_TYPE, uses_aws
from awsit.forecast.calls import look_ups
from awsit.forecast.known import Known
from awsit.model.action.abilities import FollowsAction
from awsit.model.action.protocol import Action, PlannedParams
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions
from awsit.model.plan import Plan, Step
from awsit.records import replace
from awsit.scenario.checks.usage import templates_of

LOOK_UPS: Mapping[str, tuple[str, ...]] = {
    "stack": ("cloudformation:DescribeStacks", "cloudformation:ListStackResources"),
    "secret": ("secretsmanager:GetSecretValue",),
    "parameter": ("ssm:GetParameter",),
}
"""The IAM actions of the functions of templates: stacks are read with the plan, the others with a step.

Source: Service Authorization Reference, one page a service ("Actions, resources, and condition keys for ...").
"""


def of_actions(plan: Plan, known: Known, location: AwsLocation) -> list[tuple[str, RequiredPermissions]]:
    """The permissions of each step and clean-up step, with its name."""
    return [(step.name, of_step(step, known, location, plan.steps)) for step in (*plan.steps, *plan.cleanup)]


def of_step(step: Step, known: Known, location: AwsLocation, steps: Sequence[Step] = ()) -> RequiredPermissions:
    """The permissions of a step: to assume the role of its `at`, to which everything else has to be allowed.

    `steps` are those of the plan, of which one that is followed may need the permissions in its place.
    """
    at, params = known.fill(dict(step.at)), known.fill(step.params)
    if "role_arn" in at and uses_aws(step.type, params):
        return RequiredPermissions((Permission("sts:AssumeRole", arn_pattern(at["role_arn"])),))
    if not _needs_own(BY_TYPE[step.type], params, known, steps):
        return RequiredPermissions()
    there = replace(location, region=arn_pattern(at["region"])) if "region" in at else location
    return BY_TYPE[step.type].permissions(params, there)


def _needs_own(action: Action, params: PlannedParams, known: Known, steps: Sequence[Step]) -> bool:
    """Whether an action needs permissions, as far as those that it follows tell."""
    if not isinstance(action, FollowsAction):
        return True
    names = {params.get(key) for key in action.followed}
    followed = [each for each in steps if each.name in names]
    return not followed or any(action.needs_permissions(known.fill(each.params)) for each in followed)


def of_look_ups(plan: Plan, location: AwsLocation) -> list[Permission]:
    """The permissions of the look-ups in all templates of the plan, and of the stacks that it was compiled with."""
    templates = [templates_of(step) for step in (*plan.steps, *plan.cleanup)]
    named = [(each.function, each.name) for each in look_ups([*templates, list(plan.assertions)])]
    named = [each for each in named if each[0] != "stack"] + [("stack", name) for name in plan.stacks]
    return [permission for function, name in named for permission in look_up(function, name, location)]


def look_up(function: str, name: str | None, location: AwsLocation) -> tuple[Permission, ...]:
    """The permissions of `stack(name)`, `secret(name)` or `parameter(name)`; None: an expression computes the name."""
    known = ANY if name is None else arn_pattern(name)
    arns = {
        "stack": location.arn("cloudformation", f"stack/{known}/*"),
        "secret": location.arn("secretsmanager", f"secret:{_with_suffix(known)}"),
        "parameter": location.arn("ssm", f"parameter/{known.lstrip('/')}"),
    }
    arn = known if known.startswith("arn:") else arns[function]
    return tuple(Permission(action, arn) for action in LOOK_UPS[function])


def _with_suffix(secret: str) -> str:
    """A secret's ARN ends with a hyphen and six random characters (Secrets Manager user guide, "IAM policies")."""
    return secret if secret.endswith(ANY) else f"{secret}-??????"
