"""Rendered params as actions take them, and plain messages for what does not fit."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeGuard

from awsit.errors import ActionError, ErrorKind, Problem
from awsit.model.action.abilities import ReadsPlainParams
from awsit.model.action.protocol import Action
from awsit.model.json import Json


def read_params(action: Action, params: Json) -> Any:
    """Params as `action.execute` takes them. Raises ValueError, in pydantic's words, for what does not fit."""
    plain = action.plain_params(params, rendered=True) if _reads_plain(action) else None
    return action.params_model.model_validate(params) if plain is None else plain


def _reads_plain(action: Action) -> TypeGuard[ReadsPlainParams]:
    return _is_reader(type(action))


@cache
def _is_reader(kind: type) -> bool:
    """Kept, since to look for the methods of a protocol takes longer than to read most params."""
    return issubclass(kind, ReadsPlainParams)


def check_params(action: Action, params: Json) -> Any:
    """Rendered params as `action.execute` takes them.

    Raises ActionError of kind validation with everything that is wrong, in the words of `awsit validate`.
    """
    try:
        return read_params(action, params)
    except ValueError as error:
        raise _refused(action, params) from error


def _refused(action: Action, params: Json) -> ActionError:
    from awsit.validation.problems import params_problems  # brings pydantic, which is slow to import

    problems = params_problems(action.type, action.params_model, params, rendered=True)
    message = "; ".join(map(_sentence, problems))
    hints = "; ".join(dict.fromkeys(problem.hint for problem in problems if problem.hint))
    return ActionError(
        f"the params of {action.type} are not right: {message}",
        kind=ErrorKind.VALIDATION,
        hint=hints or "correct the action's params; values are checked after their templates are filled in",
    )


def _sentence(problem: Problem) -> str:
    """What is wrong, with the place when it is not one of the action's own params."""
    return f"{problem.message} (at `{problem.path}`)" if "." in problem.path else problem.message
