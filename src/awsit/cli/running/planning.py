"""From requests to forecasts: plans compiled without starting anything; AWS is asked for stacks and the account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from awsit.cli.selection.paths import SelectedScenario
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import AwsitError, InvalidInputError, Problem
from awsit.forecast.document import Forecast
from awsit.forecast.make import Circumstances, forecast
from awsit.forecast.placeholders import ReachableStacks
from awsit.forecast.quotas import check, check_request
from awsit.model.permissions import UNKNOWN_ACCOUNT, UNKNOWN_REGION, AwsLocation
from awsit.model.plan import Plan
from awsit.model.run import RunRequest

if TYPE_CHECKING:
    from awsit.aws.client.clients import AwsClients
    from awsit.scenario.reading.source import Source

REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
_ACCOUNT_OF_ARN = 4


class Planner:
    """Makes forecasts; stacks are read in the account of the settings unless `offline`."""

    def __init__(self, session: Session, settings: Settings, *, offline: bool) -> None:
        self._session = session
        self._settings = settings
        self._account = None if offline else _Account(session, settings)

    def forecast(self, request: RunRequest, chosen: SelectedScenario) -> Forecast:
        """What a run would do. Raises InvalidInputError and NotFoundError as a run would, before its first action."""
        stacks = ReachableStacks(self._account, request.document)
        plan = self._compile(request, stacks)
        size = len(chosen.source.text.encode()) if chosen.source and chosen.source.text else None
        made = forecast(plan, request, Circumstances(self._location(), size, stacks.not_read))
        return replace(made, problems=_placed(made.problems, chosen.source))

    def quota_problems(self, request: RunRequest) -> list[Problem]:
        """The quotas that the run could break; none when it cannot be planned without its stacks."""
        try:
            plan = self._compile(request, ReachableStacks(self._account, request.document))
        except InvalidInputError:
            return check_request(request)
        return [*check(plan), *check_request(request)]

    def _compile(self, request: RunRequest, stacks: ReachableStacks) -> Plan:
        from awsit.scenario.compile.compile import PlanInputs, compile_plan
        from awsit.system.clock import iso

        wiring = self._session.wiring
        inputs = PlanInputs(request.run_id, iso(wiring.clock().now()), request.variables, request.env)
        try:
            return compile_plan(request.document, inputs, stacks, wiring.randomness(), wiring.actions())
        except InvalidInputError as error:
            if not stacks.not_read:
                raise
            hint = f"the stack {', '.join(stacks.not_read)} was not read: plan with AWS in reach, or give --var"
            raise InvalidInputError(error.message, error.problems, code=error.code, hint=hint) from error

    def _location(self) -> AwsLocation:
        found = (self._session.variables.get(name, "") for name in REGION_VARIABLES)
        asked = self._account.place if self._account else ("", "")
        named = self._settings.state_machine_arn.split(":")
        region, account = (named[3], named[4]) if len(named) > _ACCOUNT_OF_ARN else ("", "")
        region = asked[0] or self._settings.region or region or next(filter(None, found), "")
        return AwsLocation.of(region or UNKNOWN_REGION, asked[1] or account or UNKNOWN_ACCOUNT)


def refuse_beyond_quota(session: Session, settings: Settings, requests: Sequence[RunRequest]) -> None:
    """Raise InvalidInputError, naming the quota, for a run that Step Functions could end before its clean-up."""
    planner = Planner(session, settings, offline=True)
    for request in requests:
        problems = _placed(planner.quota_problems(request), session.asked[request.run_id].source)
        if problems:
            raise InvalidInputError(f"{request.name} is too large for Step Functions", problems, code="quota")


class _Account:
    """A `StackSource` that makes its clients when it is first asked: most scenarios read no stack."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self._session = session
        self._settings = settings
        self._aws: AwsClients | None = None
        self.place = "", ""
        """Region and account ID, once a stack was read."""

    def outputs(self, stack_name: str) -> Mapping[str, str]:
        """Outputs and physical IDs of the stack."""
        from awsit.aws.stacks import CloudFormationStacks  # brings boto3

        if self._aws is None:
            self._aws = self._session.wiring.aws(self._settings)
        outputs = CloudFormationStacks(self._aws).outputs(stack_name)
        self.place = _place_of(self._aws)
        return outputs


def _place_of(aws: AwsClients) -> tuple[str, str]:
    """Region and account; STS tells the account to everyone who has credentials."""
    try:
        return aws.region, aws.account
    except AwsitError:
        return aws.region, ""


def _placed(problems: Iterable[Problem], source: Source | None) -> tuple[Problem, ...]:
    """The problems, with their places in the file; a scenario from the bucket has none."""
    if source is None:
        return tuple(problems)
    return tuple(replace(problem, position=source.position(problem.path)) for problem in problems)
