"""From requested runs to forecasts: plans are compiled and nothing is started; AWS is asked for stack outputs only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from awsit.actions.registry import BY_TYPE
from awsit.cli.references import qualified
from awsit.cli.selection.requested_run import WaitingRun
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import AwsitError, InvalidInputError, MissingStackError, Problem
from awsit.forecast.compensations import with_compensations
from awsit.forecast.document import Forecast
from awsit.forecast.known import known
from awsit.forecast.make import Circumstances, forecast, needed
from awsit.forecast.placeholders import ReachableStacks
from awsit.forecast.quotas import check, check_request, check_setups, input_bytes, size_of
from awsit.model.action.abilities import PlaysMock, StaysHere
from awsit.model.connections.websockets import LISTEN_HERE
from awsit.model.http import DEPLOY_MOCKS
from awsit.model.http import WITHOUT_MOCKS as NO_MOCKS
from awsit.model.json import Json
from awsit.model.permissions import UNKNOWN_ACCOUNT, UNKNOWN_REGION, AwsLocation, Permission
from awsit.model.plan import Plan, Step
from awsit.model.result import ErrorInfo
from awsit.model.run import RunRequest
from awsit.model.text.visible import visible
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.aws.client.clients import AwsClients
    from awsit.scenario.reading.source import Source

REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
WITHOUT_MOCKS, ONLY_HERE = "no_mocks", "only_local"
NOT_IN_ACCOUNT = frozenset({WITHOUT_MOCKS, ONLY_HERE})
"""The codes of problems for which a run cannot be in the account."""
_ACCOUNT_OF_ARN = 4


class Planner:
    """Makes forecasts. Outputs of stacks are read in the account of the settings, unless it is `offline`."""

    def __init__(self, session: Session, settings: Settings, *, offline: bool) -> None:
        self._session = session
        self._settings = settings
        self._account = None if offline else _Account(session, settings)
        self._measured: tuple[Json, int] = (None, 0)
        self._warned: set[str] = set()

    def forecast(self, run: WaitingRun) -> Forecast:
        """What a run would do. Raises InvalidInputError and NotFoundError as a run would, before its first action."""
        request = run.request
        stacks = ReachableStacks(self._account, request.document)
        try:
            plan = self._compile(request, stacks)
        except MissingStackError as error:
            raise _with_place(error, run.source) from error
        size = len(run.source.text.encode()) if run.source and run.source.text else None
        document_bytes = self._document_bytes(request.document)
        made = forecast(plan, request, Circumstances(self._location(), size, document_bytes, stacks.not_read))
        problems = [*(_only_here(plan) if self._settings.uses_step_functions else ()), *made.problems]
        return replace(made, problems=_placed(problems, run.source))

    @property
    def region(self) -> str:
        """The region that runs go to, as far as it is known before one does; empty where it is not."""
        region = self._location().region
        return "" if region == UNKNOWN_REGION else region

    def _document_bytes(self, document: Json) -> int:
        """The size of a scenario's document, which all rows of a matrix share."""
        if self._measured[0] != document:  # parts that are the same object are not compared
            self._measured = (document, size_of(document))
        return self._measured[1]

    def needed(self, request: RunRequest, location: AwsLocation) -> list[Permission]:
        """The permissions that a run needs at the most. Raises as `forecast` does."""
        plan = self._compile(request, ReachableStacks(self._account, request.document))
        return needed(plan, request, location)

    def problems_in_account(self, request: RunRequest, plays_mocks: Callable[[], bool]) -> list[Problem]:
        """What is certain to come and cannot be done there, else the quotas that the run could break.

        Those of its request only, if it cannot be planned without its stacks. A mock that may come, where the stack
        plays none, is said.
        """
        try:
            plan = self._compile(request, ReachableStacks(self._account, request.document))
        except InvalidInputError:
            return check_request(request)
        if problems := [*_only_here(plan)]:
            return problems
        mocks = [step for step in plan.steps if isinstance(BY_TYPE[step.type], PlaysMock)]
        if mocks and not plays_mocks():
            if problems := [*_mocks(mocks, self._settings)]:
                return problems
            self._warn(mocks)
        values = known(plan, request.document, request.variables)
        plan = with_compensations(replace(plan, compact=request.compact), values)
        return [*check(plan), *check_request(request)]

    def _warn(self, mocks: Iterable[Step]) -> None:
        """Say which mocks make runs fail, if these come to them; once for all rows of a matrix."""
        for step in mocks:
            warning = f"warning: a run that comes to {visible(step.name)} fails: {_no_mocks(self._settings)}"
            if warning not in self._warned:
                self._session.say(warning)
                self._warned.add(warning)

    def _compile(self, request: RunRequest, stacks: ReachableStacks) -> Plan:
        from awsit.scenario.compile.compile import PlanInputs, compile_plan, plan_of_valid
        from awsit.system.clock import iso

        wiring = self._session.wiring
        inputs = PlanInputs(request.run_id, iso(wiring.clock().now()), request.variables, request.env)
        try:
            if request.is_valid:
                return plan_of_valid(request.document, inputs, stacks, wiring.randomness(), wiring.actions())
            return compile_plan(request.document, inputs, stacks, wiring.randomness(), wiring.actions())
        except InvalidInputError as error:
            if not stacks.not_read:
                raise
            hint = f"the stack {', '.join(stacks.not_read)} was not read: plan with AWS in reach, or give --var"
            raise InvalidInputError(error.message, error.problems, code=error.code, hint=hint) from error

    def _location(self) -> AwsLocation:
        usual = (self._session.variables.get(name, "") for name in REGION_VARIABLES)
        known = self._account.place if self._account else ("", "")
        named = self._settings.state_machine_arn.split(":")
        region, account = (named[3], named[4]) if len(named) > _ACCOUNT_OF_ARN else ("", "")
        region = known[0] or self._settings.region or region or next(filter(None, usual), "")
        return AwsLocation.of(region or UNKNOWN_REGION, known[1] or account or UNKNOWN_ACCOUNT)


def refuse_in_account(session: Session, settings: Settings, runs: Iterable[WaitingRun]) -> None:
    """Raise InvalidInputError for a run that cannot pass in Step Functions: it names the quota, or the action."""
    planner = Planner(session, settings, offline=True)
    plays_mocks = cache(lambda: _plays_mocks(session, settings))
    for run in runs:
        if problems := planner.problems_in_account(run.request, plays_mocks):
            placed = _placed(problems, run.source)
            if placed[0].code in NOT_IN_ACCOUNT:
                raise InvalidInputError(f"{run.name} cannot run in the account", placed)
            raise InvalidInputError(f"{run.name} is too large for Step Functions", placed, code="quota")


def setup_problems(setups: Sequence[WaitingRun]) -> tuple[Problem, ...]:
    """Why a suite in the account could not carry its setups, at the file of the largest one."""
    requests = [run.request for run in setups]
    largest = max(setups, key=lambda run: input_bytes(run.request), default=None)
    return _placed(check_setups(requests), largest.source if largest else None)


def refuse_setups(setups: Sequence[WaitingRun]) -> None:
    """Raise InvalidInputError for setups that a suite in the account could not carry."""
    if problems := setup_problems(setups):
        raise InvalidInputError("the setups are too large for a suite in the account", problems, code="quota")


def notes_on_account(session: Session, settings: Settings, scenarios: Iterable[tuple[str, Json]]) -> Iterator[str]:
    """What is to be said of scenarios, by their names, with actions that no run in the account can carry out."""
    plays_mocks = cache(lambda: _plays_mocks(session, settings))
    from awsit.scenario.schema.walk import walk

    for name, document in scenarios:
        for site in walk(document).sites:
            action = BY_TYPE.get(site.type)
            where = f"{visible(name)} cannot carry out {visible(site.name)} in the account"
            params = site.raw.get("params")
            if isinstance(action, StaysHere) and isinstance(params, Mapping) and action.why_only_here(params):
                yield f"{where}: {action.why_only_here(params)}"
            if isinstance(action, PlaysMock) and not plays_mocks():
                yield f"{where}: {_no_mocks(settings)}"


def _no_mocks(settings: Settings) -> str:
    return f"{NO_MOCKS}; {qualified(DEPLOY_MOCKS, settings)}"


def _only_here(plan: Plan) -> Iterator[Problem]:
    for step in plan.steps:
        action = BY_TYPE[step.type]
        reason = action.why_only_here(step.params) if isinstance(action, StaysHere) and step.is_certain else ""
        if reason:
            yield Problem(ONLY_HERE, reason, f"{step.source}.params", LISTEN_HERE)


def _mocks(steps: Iterable[Step], settings: Settings) -> Iterator[Problem]:
    """Those of the mocks that are certain to come."""
    for step in steps:
        action = BY_TYPE[step.type]
        if step.is_certain and isinstance(action, PlaysMock):
            hint = qualified(DEPLOY_MOCKS, settings)
            yield Problem(WITHOUT_MOCKS, action.without_mocks, f"{step.source}.type", hint)


def _plays_mocks(session: Session, settings: Settings) -> bool:
    """Whether the stack plays mocks; a sandbox that is not there yet gets a stack that does."""
    if settings.sandbox:
        from awsit.cli.running.sandbox_ready import make_ready

        make_ready(session, settings)
    _, installation = session.wiring.installed(settings)
    return installation.plays_mocks


class _Account:
    """A `StackSource` that makes its client with the first question, since most scenarios read no stack.

    Each stack is read once: nothing changes between the plans of one command.
    """

    def __init__(self, session: Session, settings: Settings) -> None:
        self._session = session
        self._settings = settings
        self._aws: AwsClients | None = None
        self._outputs: dict[str, Mapping[str, str]] = {}
        self.place = "", ""
        """Region and account ID, once a stack was read."""

    def outputs(self, stack_name: str) -> Mapping[str, str]:
        """Outputs and physical IDs of the stack."""
        from awsit.aws.stacks import CloudFormationStacks  # brings botocore

        if self._aws is None:
            self._aws = self._session.wiring.aws(self._settings)
        if stack_name not in self._outputs:
            self._outputs[stack_name] = CloudFormationStacks(self._aws).outputs(stack_name)
            self.place = _place_of(self._aws)
        return self._outputs[stack_name]


def _place_of(aws: AwsClients) -> tuple[str, str]:
    """Region and account ID; the latter is empty without credentials, since every identity may ask STS for it."""
    try:
        return aws.region, aws.account
    except AwsitError:
        return aws.region, ""


def _with_place(error: MissingStackError, source: Source | None) -> MissingStackError:
    """The error with the line that reads an output which is not there; as it is where no line can be named."""
    from awsit.reporting.terminal.positions import place_of_error

    place = place_of_error(ErrorInfo.of(error), source) if source else None
    if source is None or place is None:
        return error
    placed = MissingStackError(f"{source.file} cannot be planned", code=error.code)
    placed.problems = (Problem(error.code, error.message, place, error.hint, position=source.position(place)),)
    return placed


def _placed(problems: Iterable[Problem], source: Source | None) -> tuple[Problem, ...]:
    """The problems, with their places in the file; a scenario from the bucket has none."""
    if source is None:
        return tuple(problems)
    return tuple(replace(problem, position=source.position(problem.path)) for problem in problems)
