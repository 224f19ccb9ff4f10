"""`awsit plan`: what a run would do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from awsit.cli import completion
from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import as_json, compact, installation, tags, timeout
from awsit.cli.session import Session
from awsit.config_values import MOST_JOBS
from awsit.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from awsit.cli.selection.requested_run import RequestedRun
    from awsit.cli.selection.run_requests import RunOptions
    from awsit.cli.selection.selected import SelectedScenario
    from awsit.config import Settings
    from awsit.forecast.document import Forecast
    from awsit.forecast.suite import SuiteForecast
    from awsit.quotas.account import AccountQuotas

EPILOG = """
awsit plan scenarios/order_is_stored.yaml
awsit plan order_is_stored --offline --json
awsit plan scenarios/ --policy > policy.json
awsit plan scenarios/ --stack-cost
awsit plan scenarios/ --suite
"""


@click.command("plan", cls=ExampleCommand, epilog=EPILOG)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...", shell_complete=completion.files)
@installation
@click.option("--var", "assignments", multiple=True, metavar="NAME=VALUE", help="A variable; JSON or text; repeatable.")
@tags
@compact
@timeout
@click.option("--offline", is_flag=True, help="Do not ask AWS; outputs of stacks are shown as <stack.Output>.")
@click.option("--policy", is_flag=True, help="Write the IAM policy document that the runs need, and nothing else.")
@click.option("--stack-cost", is_flag=True, help="What the stack costs in a month, idle and with 100 runs an hour.")
@click.option("--suite", is_flag=True, help="What all of them come to, and 10 to 100,000 like them; which quota binds.")
@click.option(
    "--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="With --suite: N runs at once; default: 100."
)
@as_json
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    session: Session,
    /,
    *,
    scenarios: tuple[str, ...],
    assignments: tuple[str, ...],
    tags: tuple[str, ...],
    exclude_tags: tuple[str, ...],
    timeout: float | None,
    offline: bool,
    policy: bool,
    stack_cost: bool,
    suite: bool,
    jobs: int | None,
    as_json: bool,
    **flags: Any,
) -> ExitCode:
    """Show what a run would do, without doing it.

    Steps in order, resources, clean-up, IAM permissions, events and state transitions, sizes, an estimate of the cost.
    AWS is asked for outputs of stacks that a scenario names, the account's ID, and the quotas that --suite meets.

    Exits with 3 when a scenario is not valid, or a run could break a quota.
    """
    from awsit.cli.options import variables
    from awsit.cli.running.planning import Planner
    from awsit.cli.selection.run_requests import RunOptions, check
    from awsit.cli.selection.selection import Selector
    from awsit.cli.selection.tags import Tags
    from awsit.forecast.suite import suite_forecast

    _check_options(suite=suite, jobs=jobs, only_one=(policy, stack_cost), policy_and_json=policy and as_json)
    settings = session.settings(scenarios, **flags)
    options = RunOptions(variables(assignments), timeout, compact=False if stack_cost else None)
    selected = Selector(session, settings).select(scenarios, Tags(tags, exclude_tags))
    check(session, selected)
    planner, runs = Planner(session, settings, offline=offline), _runs(session, settings, selected, options)
    forecasts = [planner.forecast(run) for run in runs]
    if policy:
        _write_policy(session, forecasts)
    elif stack_cost:
        _show_stack_cost(session, forecasts, as_json=as_json)
    elif suite:
        quotas, concurrency = _allowed(session, settings, planner.region, offline=offline)
        _show_suite(session, suite_forecast(forecasts, quotas, jobs or MOST_JOBS, concurrency), as_json=as_json)
    elif as_json:
        _write_json(forecasts)
    else:
        _show(session, forecasts)
    return _refuse(session, forecasts, runs, suite=suite)


def _runs(
    session: Session, settings: Settings, scenarios: Sequence[SelectedScenario], options: RunOptions
) -> list[RequestedRun]:
    """The runs of the scenarios, after the setups around them."""
    from awsit.cli.selection.run_requests import requested_runs
    from awsit.cli.selection.waiting.setups import setups_around

    setups = setups_around(session, settings, scenarios, options)
    return [*setups, *requested_runs(session, settings, scenarios, options)]


def _check_options(*, suite: bool, jobs: int | None, only_one: tuple[bool, bool], policy_and_json: bool) -> None:
    """Raise UsageError for options that contradict each other; `only_one` of --policy and --stack-cost may be given."""
    if policy_and_json or all(only_one):
        raise UsageError("--policy writes nothing else", hint="leave out --json and --stack-cost")
    if suite and any(only_one):
        raise UsageError("--suite shows nothing else", hint="leave out --policy and --stack-cost")
    if jobs and not suite:
        raise UsageError("--jobs says how many runs of a suite go on at once", hint="add --suite")


def _write_policy(session: Session, forecasts: Sequence[Forecast]) -> None:
    from awsit.forecast.policies.document import permissions_of, policy_document
    from awsit.model import json
    from awsit.model.permissions import UNKNOWN_ACCOUNT, UNKNOWN_REGION

    together = policy_document(permission for each in forecasts for permission in permissions_of(each.policy))
    for note in dict.fromkeys(note for each in forecasts for note in each.notes):
        session.say(note)
    text = json.dumps_visible(together, indent=2)
    if UNKNOWN_ACCOUNT in text:
        session.say(f"Put the account's ID in the place of {UNKNOWN_ACCOUNT}: no stack was read that tells it.")
    if UNKNOWN_REGION in text:
        session.say(f"Put the region's name in the place of {UNKNOWN_REGION}, or give --region.")
    click.echo(text)


def _show_stack_cost(session: Session, forecasts: Sequence[Forecast], *, as_json: bool) -> None:
    from awsit.aws.deployment import package, template
    from awsit.forecast.cost.stack import stack_cost
    from awsit.model import json
    from awsit.model.codec import encode
    from awsit.reporting.terminal.plan import show_stack_cost

    cost = stack_cost(template.read(package.infra_folder() / "template.yaml")["Resources"], forecasts)
    if as_json:
        click.echo(json.dumps_visible(encode(cost), indent=2))
    else:
        show_stack_cost(cost, session.out)


def _allowed(session: Session, settings: Settings, region: str, *, offline: bool) -> tuple[AccountQuotas, int | None]:
    """The quotas of the stack's account, and how many calls of its function may go on at once, if that is known.

    The defaults without a stack, and where the account may not be asked, which is said.
    """
    from awsit.aws.account_quotas import PERMISSION, account_quotas
    from awsit.aws.function_concurrency import function_concurrency
    from awsit.errors import AwsitError
    from awsit.quotas.account import AccountQuotas

    if offline or settings.sandbox or not (settings.stack or settings.state_machine_arn):
        return AccountQuotas(region), None
    try:
        aws, installation = session.wiring.installed(settings)
    except AwsitError as error:
        session.say(f"warning: the defaults stand for the account's quotas: {error.message}")
        return AccountQuotas(region), None
    quotas, concurrency = account_quotas(aws), function_concurrency(aws, installation.function_name)
    if not quotas.is_read:
        hint = f"\n  hint: {PERMISSION} allows to read them; the stack's CLI policy has it"
        session.say(f"warning: the defaults stand for the account's quotas: {quotas.reason}{hint}")
    return quotas, concurrency.limit if concurrency else None


def _show_suite(session: Session, forecast: SuiteForecast, *, as_json: bool) -> None:
    from awsit.model import json
    from awsit.model.codec import encode
    from awsit.reporting.terminal.suite_plan import show_suite

    if as_json:
        click.echo(json.dumps_visible(encode(forecast), indent=2))
    else:
        show_suite(forecast, session.out)


def _write_json(forecasts: Sequence[Forecast]) -> None:
    from awsit.model import json
    from awsit.model.codec import encode

    documents = [encode(each) for each in forecasts]
    click.echo(json.dumps_visible(documents[0] if len(documents) == 1 else documents, indent=2))


def _show(session: Session, forecasts: Sequence[Forecast]) -> None:
    from awsit.reporting.terminal.plan import show_forecast
    from awsit.reporting.terminal.terminal import show

    for number, each in enumerate(forecasts):
        if number:
            show(session.out)
        show_forecast(each, session.out, session.verbosity)


def _refuse(session: Session, forecasts: Sequence[Forecast], runs: Sequence[RequestedRun], *, suite: bool) -> ExitCode:
    """Raise InvalidInputError when a run cannot be in the account, or a run or the setups could break a quota."""
    from awsit.cli.running.planning import NOT_IN_ACCOUNT
    from awsit.errors import InvalidInputError

    _check_setups(session, [run for run in runs if run.request.hold], suite=suite)
    refused = [each for each in forecasts if each.problems]
    if refused:
        names = ", ".join(each.scenario for each in refused)
        problems = tuple(problem for each in refused for problem in each.problems)
        if problems[0].code in NOT_IN_ACCOUNT:
            raise InvalidInputError(f"{names} cannot run in the account", problems)
        raise InvalidInputError(f"{names} could break a quota of Step Functions", problems, code="quota")
    return ExitCode.PASSED


def _check_setups(session: Session, setups: Sequence[RequestedRun], *, suite: bool) -> None:
    """Say when a suite in the account could not carry its setups. Raises InvalidInputError for the plan of a suite."""
    from awsit.cli.running.planning import refuse_setups, setup_problems

    if suite:
        refuse_setups(setups)
    for problem in setup_problems(setups):
        at = problem.position
        place = f"\n  --> {at.file}:{at.line}:{at.column}" if at else ""
        session.say(f"warning: {problem.message}{place}\n  hint: {problem.hint}")
