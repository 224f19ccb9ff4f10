"""`awsit deploy`: upload the local files that a template names, and create or update its stack.

The template is awsit's own, or any other; local files are named by properties such as CodeUri and DefinitionUri.
"""

from __future__ import annotations

import copy
import shlex
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from awsit.aws.client import errors
from awsit.aws.client.clients import AwsClients
from awsit.aws.deployment import cdk, package, template
from awsit.aws.deployment.artifacts import Artifacts
from awsit.aws.deployment.changeset import ChangeSet
from awsit.aws.deployment.destroy import delete_stack
from awsit.aws.deployment.events import StackState, StackWatch, state_of
from awsit.aws.deployment.failures import explain, first_failure
from awsit.aws.deployment.limits import check_limits, check_stack_name
from awsit.aws.deployment.model import Deployed, DeployEvent, DeployOptions, StackNote, StackWarning
from awsit.aws.deployment.role_change import changes_role, note_after, notes_before
from awsit.aws.deployment.template.compact import compact
from awsit.aws.deployment.template.function_version import named_version
from awsit.aws.deployment.template.parameters import check_value
from awsit.aws.deployment.upload import upload
from awsit.errors import EnvironmentFailure, UsageError
from awsit.model import json
from awsit.model.ports import Clock
from awsit.records import replace

LARGEST_BODY = 51_200
"""Bytes of a template in a request; a larger one is passed by its URL in S3 (AWS CloudFormation quotas)."""


def deploy(aws: AwsClients, clock: Clock, options: DeployOptions) -> Iterator[DeployEvent]:
    """Deploy the stack; the last event is Deployed.

    Raises InvalidInputError for a bad template, UsageError for an unknown parameter, and EnvironmentFailure when the
    stack was rolled back (with the first resource that failed, and why) or is in a state that allows no update.
    """
    path = options.template or package.infra_folder() / "template.yaml"
    document = template.read(path)
    if cdk.is_synthesised(path, document) and not options.target.emulated:
        raise cdk.refusal(path)
    check_stack_name(options.stack_name)
    _check_parameters(document, options)
    current = _updatable(aws, options.stack_name)
    if current and current.status == "REVIEW_IN_PROGRESS":  # no change set was ever executed: it has no resources
        current = None
    failed = current if current and current.status in {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED"} else None
    current = None if failed else current
    _check_given(document, current, options)
    values = _parameter_values(document, current, options)
    if options.template is None:
        check_limits(aws, options.stack_name, values, current.parameters if current else {})
    document = options.target.expanded(document, values)
    artifacts = Artifacts(aws)
    if cdk.is_synthesised(path, document):
        yield from _publish(aws, path, document, values, options)
    else:
        yield from upload(artifacts, document, path.parent, values, options)
    options = _with_version(options, document, values)
    if failed:
        yield StackNote(options.stack_name, "its creation had failed: it is removed and made again")
        yield from delete_stack(aws, clock, options.stack_name, options.timeout_seconds)
    if current and changes_role(current, document.get("Outputs") or {}):
        yield from (StackWarning(options.stack_name, note) for note in notes_before(aws, current))
    change_set = ChangeSet(aws, clock, options.stack_name, current)
    prepared = options.target.prepared(document, values)
    if change_set.create(_source(artifacts, prepared), _parameters(values, current, options)):
        yield from _execute(aws, clock, options, change_set, current)
    else:
        yield StackNote(options.stack_name, "it is up to date")
        yield Deployed(options.stack_name, current.outputs if current else {}, changed=False)


def _execute(
    aws: AwsClients, clock: Clock, options: DeployOptions, change_set: ChangeSet, before: StackState | None
) -> Iterator[DeployEvent]:
    watch = StackWatch(aws, clock, change_set.stack_id, options.timeout_seconds)
    change_set.execute()
    yield StackNote(options.stack_name, "it is created" if change_set.is_new else "it is updated")
    yield from watch.follow()
    outputs = _outputs(aws, options.stack_name, watch)
    with errors.reported(f"finish the deployment of the stack {options.stack_name}"):
        notes = list(options.target.finish(aws, options.stack_name))
    notes += [note_after(outputs)] if changes_role(before, outputs) else []
    yield from (StackWarning(options.stack_name, note) for note in notes)
    yield Deployed(options.stack_name, outputs, changed=True, is_new=change_set.is_new)


def _outputs(aws: AwsClients, stack_name: str, watch: StackWatch) -> dict[str, str]:
    state = watch.settled()
    if state and state.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        return dict(state.outputs)
    reason = explain(aws, first_failure(watch.events), state.reason if state else "")
    raise EnvironmentFailure(
        f"the stack {stack_name} was not deployed and is {state.status if state else 'deleted'}: {reason}",
        code="rollback",
        hint="mend what it says and deploy again; what it had made is rolled back",
    )


def _updatable(aws: AwsClients, stack_name: str) -> StackState | None:
    """The stack, None when there is none. Raises EnvironmentFailure in a state that allows no change set."""
    state = state_of(aws, stack_name)
    if state and not state.is_settled:
        raise EnvironmentFailure(
            f"the stack {stack_name} is {state.status}: another operation goes on",
            code="stack_busy",
            hint="wait until it has ended, then deploy again",
        )
    if state and state.status == "UPDATE_ROLLBACK_FAILED":
        raise EnvironmentFailure(
            f"the stack {stack_name} is UPDATE_ROLLBACK_FAILED: {state.reason}",
            code="stack_stuck",
            hint=f"run `aws cloudformation continue-update-rollback --stack-name {shlex.quote(stack_name)}` first",
        )
    if state and state.status == "DELETE_FAILED":
        raise EnvironmentFailure(
            f"the stack {stack_name} is DELETE_FAILED: {state.reason}",
            code="stack_stuck",
            hint=f"run `awsit destroy --stack {shlex.quote(stack_name)}` first",
        )
    return state


def _publish(
    aws: AwsClients, path: Path, document: template.Document, values: Mapping[str, str], options: DeployOptions
) -> Iterator[DeployEvent]:
    """Upload the assets of a template of CDK. Raises InvalidInputError before, for what the target does not take."""
    options.target.prepared(copy.deepcopy(document), values)
    assets = cdk.assets(path)
    cdk.check_code(document, assets, options.target)
    yield from cdk.publish(aws, assets, options.target)


def _with_version(options: DeployOptions, document: template.Document, values: Mapping[str, str]) -> DeployOptions:
    """The options with the name of the function's version, if awsit's own stack has one."""
    named = named_version(document, values) if options.template is None else {}
    return replace(options, parameters={**options.parameters, **named})


def _source(artifacts: Artifacts, document: template.Document) -> dict[str, str]:
    body = json.dumps(compact(document))
    if len(body.encode()) <= LARGEST_BODY:
        return {"TemplateBody": body}
    key, _ = artifacts.put(body.encode(), ".json")
    return {"TemplateURL": artifacts.url(key)}


def _parameter_values(
    document: template.Document, current: StackState | None, options: DeployOptions
) -> dict[str, str]:
    """The value of each parameter: that of `options`, else of the last deployment, else the template's default."""
    values, previous = {}, _previous(current, options)
    for name, declared in (document.get("Parameters") or {}).items():
        values[name] = str(options.parameters.get(name, previous.get(name, declared.get("Default", ""))))
        if name in options.parameters:
            check_value(name, declared, values[name])
    return values


def _previous(current: StackState | None, options: DeployOptions) -> Mapping[str, str]:
    """The parameters of the last deployment that keep their values."""
    return current.parameters if current and options.keep_parameters else {}


def _parameters(values: Mapping[str, str], current: StackState | None, options: DeployOptions) -> list[dict[str, Any]]:
    """The request's parameters. Previous values are kept by CloudFormation: those of NoEcho ones cannot be read."""
    new = [{"ParameterKey": name, "ParameterValue": value} for name, value in options.parameters.items()]
    previous = _previous(current, options)
    kept = [name for name in values if name in previous and name not in options.parameters]
    return [*new, *({"ParameterKey": name, "UsePreviousValue": True} for name in kept)]


def _check_given(document: template.Document, current: StackState | None, options: DeployOptions) -> None:
    """Raise UsageError for parameters that have no value from anywhere."""
    kept = _previous(current, options)
    missing = [
        name
        for name, declared in (document.get("Parameters") or {}).items()
        if "Default" not in declared and name not in options.parameters and name not in kept
    ]
    if missing:
        raise UsageError(
            f"the template needs a value of {', '.join(missing)}",
            code="missing_parameter",
            hint=f"add {' '.join(f'--parameter {name}=VALUE' for name in missing)}",
        )


def _check_parameters(document: template.Document, options: DeployOptions) -> None:
    known = list(document.get("Parameters") or {})
    for name in options.parameters:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'no parameters'}"
            raise UsageError(f"the template has no parameter {name}", code="unknown_parameter", hint=hint)
