"""All action types, and the one way to run an action by its type's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module

from awsit.actions.reading import check_params, read_params
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.action.abilities import UsesAws
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import Action, PlannedParams
from awsit.model.json import Json
from awsit.model.text.trace import XRAY
from awsit.suggestions import suggestion

MODULES: Mapping[str, str] = {
    "http_call": "awsit.actions.http_call.action",
    "dynamodb": "awsit.actions.dynamodb.action",
    "lambda_invoke": "awsit.actions.lambda_invoke",
    "sqs": "awsit.actions.sqs.action",
    "sns": "awsit.actions.sns.action",
    "eventbridge": "awsit.actions.eventbridge.action",
    "s3": "awsit.actions.s3.action",
    "kinesis": "awsit.actions.kinesis.action",
    "state_machine": "awsit.actions.state_machine.action",
    "logs": "awsit.actions.logs.action",
    "trace": "awsit.actions.trace.action",
    "aws_api": "awsit.actions.aws_api.action",
    "wait": "awsit.actions.wait",
    "choice": "awsit.actions.choice",
    "listen": "awsit.actions.taps.listen",
    "receive": "awsit.actions.taps.receive",
    "mock": "awsit.actions.mock.action",
}
"""The module of each type, which has the action as `ACTION`."""


class ActionTypes(Mapping[str, Action]):
    """The actions by type, each imported when it is first asked for: a scenario uses few of the types."""

    def __getitem__(self, action_type: str) -> Action:
        return _imported(MODULES[action_type])

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)

    def __contains__(self, action_type: object) -> bool:
        return action_type in MODULES


@cache
def _imported(module: str) -> Action:
    action: Action = import_module(module).ACTION
    return action


BY_TYPE: Mapping[str, Action] = ActionTypes()


def uses_aws(action_type: str, params: PlannedParams) -> bool:
    """Whether an action of this type calls AWS with these params."""
    action = _aws_user(action_type)
    return action is not None and action.uses_aws(params)


@cache
def _aws_user(action_type: str) -> UsesAws | None:
    action = BY_TYPE.get(action_type)
    return action if isinstance(action, UsesAws) else None


def only_reads(action_type: str, params: Json) -> bool:
    """Whether an action changes nothing with these params, as they are written; not where they do not fit its type."""
    return _has(action_type, params, lambda action, read: action.only_reads(read))


def is_safe_to_repeat(action_type: str, params: Json) -> bool:
    """Whether an action makes the same thing however often it is carried out; not where the params do not fit."""
    return _has(action_type, params, lambda action, read: action.is_safe_to_repeat(read))


def _has(action_type: str, params: Json, trait: Callable[[Action, object], bool]) -> bool:
    action = BY_TYPE[action_type]
    try:
        return trait(action, read_params(action, params))
    except ValueError:
        return False


_NOT_REPEATED = (
    "it may have taken effect, and is not safe to repeat: look at the service itself; with `retry` it is repeated all "
    "the same"
)


def dispatch_action(action_type: str, params: Json, context_data: ActionContext) -> ActionResult:
    """Check rendered params and execute the action once; its AWS calls end by `context_data.timeout_seconds`.

    Raises ActionError; of kind validation when the type is unknown or the params do not fit its model.
    """
    action = BY_TYPE.get(action_type)
    if action is None:
        raise ActionError(
            f"unknown action type {action_type!r}{suggestion(action_type, BY_TYPE)}",
            kind=ErrorKind.VALIDATION,
            hint=f"the types are {', '.join(BY_TYPE)}",
        )
    checked = check_params(action, params)
    aws, trace = context_data.aws, context_data.trace_headers.get(XRAY, "")
    with (
        aws.within(context_data.timeout_seconds),
        aws.traced(trace),
        aws.sent_once(context_data.note_repeat) as sending,
    ):
        try:
            return action.execute(checked, context_data)
        except ActionError as error:
            if sending.is_unsafe and error.effect is Effect.UNKNOWN and not action.is_safe_to_repeat(checked):
                error.hint = "; ".join(filter(None, (error.hint, _NOT_REPEATED)))
            raise
