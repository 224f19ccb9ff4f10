"""The templates of `awsit.toml`, as stacks of the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from awsit.cli.session import Session
from awsit.config import FILE_NAME, Settings, environment
from awsit.config_sandbox import ALLOW, ENTRY, PARAMETERS, PATH, SandboxTemplate
from awsit.errors import AwsitError, InvalidInputError, Problem, UsageError
from awsit.user_folders import user_cache_folder

if TYPE_CHECKING:
    from awsit.aws.deployment.model import Deployed, DeployOptions

GO_ON = "The sandbox goes on running: when it is mended, run `awsit sandbox start`"
_INSTEAD_OF_FLAGS = {
    "unsupported_in_sandbox": f"deploy without it: `{ALLOW} = true` below {ENTRY}",
    "missing_parameter": f"add it to `{PARAMETERS}` below {ENTRY}",
}
"""What to do about errors whose own hints name a flag of `awsit deploy`, by their codes."""
IS_THERE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


def check_files(templates: Sequence[SandboxTemplate]) -> None:
    """Raise InvalidInputError for templates that are not there; told before anything is started."""
    problems = tuple(_missing(template) for template in templates if not template.path.is_file())
    if problems:
        raise InvalidInputError(
            f"{FILE_NAME} names templates that are not there",
            problems,
            code="invalid_configuration",
            hint=f"a path is seen from the folder of {FILE_NAME}; a template that a tool writes has to be built first",
        )


def deploy_missing(session: Session, settings: Settings) -> None:
    """Deploy those templates whose stacks are not in the sandbox, as after a start that did not come to its end."""
    from awsit.aws.deployment.events import state_of

    if not settings.sandbox_templates:
        return
    aws = session.wiring.aws(settings)
    states = {template.stack: state_of(aws, template.stack) for template in settings.sandbox_templates}
    there = {stack for stack, state in states.items() if state and state.status in IS_THERE}
    missing = [template for template in settings.sandbox_templates if template.stack not in there]
    check_files(missing)
    deploy_templates(session, settings, missing)


def deploy_templates(session: Session, settings: Settings, templates: Sequence[SandboxTemplate]) -> None:
    """Deploy each template in its order, for a later one may need what an earlier one exports; a line for each.

    Raises AwsitError for the first one that is not deployed; the sandbox goes on running, with those before it.
    """
    from awsit.reporting.terminal.terminal import duration

    clock = session.wiring.clock()
    for template in templates:
        begun = clock.monotonic()
        try:
            outcome = _deploy(session, settings, template)
        except AwsitError as error:
            raise _failure(error, template) from error
        session.say(f"{template.stack}: {outcome} ({duration(clock.monotonic() - begun)})")


def _deploy(session: Session, settings: Settings, template: SandboxTemplate) -> str:
    """Deploy one template, telling what will not work; returns what became of the stack."""
    from awsit.aws.deployment.model import Deployed, StackWarning
    from awsit.cli.session import QUIET

    outcome = ""
    live = session.err.live if session.verbosity > QUIET else None
    with live.status(f"deploying {template.stack} ...") if live else nullcontext():
        for event in session.wiring.deploy(settings, _options(template)):
            if isinstance(event, StackWarning):
                session.say(f"{event.stack_name}: {event.text}")
            if isinstance(event, Deployed):
                outcome = _outcome(event)
    return outcome


def _options(template: SandboxTemplate) -> DeployOptions:
    """What `awsit.toml` says of a template is all: a parameter that it does not name has the template's default."""
    from awsit.aws.deployment.model import DeployOptions
    from awsit.sandbox.deployment.target import SandboxTarget

    return DeployOptions(
        cache_folder=user_cache_folder(environment()),
        stack_name=template.stack,
        template=template.path,
        parameters=template.parameters,
        keep_parameters=False,
        dependencies=False,
        target=SandboxTarget(template.allow_unsupported),
    )


def _outcome(deployed: Deployed) -> str:
    if not deployed.changed:
        return "up to date"
    return "created" if deployed.is_new else "updated"


def _failure(error: AwsitError, template: SandboxTemplate) -> AwsitError:
    """The error of a deployment, with what to do next; one of the command line's kind is one of `awsit.toml` here."""
    error.hint = _INSTEAD_OF_FLAGS.get(error.code, error.hint)
    hint = f"{error.hint}. {GO_ON}" if error.hint else GO_ON
    if isinstance(error, UsageError):
        problem = Problem(error.code, error.message, PARAMETERS, error.hint, template.parameters_at)
        return InvalidInputError(f"{FILE_NAME} does not fit {template.path.name}", (problem,), hint=GO_ON)
    error.hint = hint
    return error


def _missing(template: SandboxTemplate) -> Problem:
    from awsit.cli.path_names import shown
    from awsit.suggestions import close_matches

    folder = template.path.parent
    names = close_matches(template.path.name, [file.name for file in folder.iterdir()] if folder.is_dir() else ())
    near = f"; did you mean {' or '.join(f'`{name}`' for name in names)}?" if names else ""
    reason = "is a folder" if template.path.is_dir() else "does not exist"
    return Problem("not_found", f"{shown(template.path)} {reason}{near}", PATH, position=template.position)
