"""Checks of `defaults`, `libraries` and `use`, by which scenarios and libraries write things once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from awsit.errors import Problem
from awsit.expressions.templates import template
from awsit.model.action.protocol import Action
from awsit.model.json import Json
from awsit.model.text.paths import child_path
from awsit.records import replace
from awsit.scenario.schema.keys import CONTROL_TYPES, REUSE_KEYS
from awsit.suggestions import suggestion


def own_problems(document: Json, actions: Mapping[str, Action]) -> Iterator[Problem]:
    """What is wrong with `defaults` and `libraries` themselves, whether anything uses them or not."""
    if not isinstance(document, Mapping):
        return
    reuse = {key: document[key] for key in REUSE_KEYS if key in document}
    if reuse:
        from awsit.scenario.schema.document import ReuseSpec  # the models are slow to import
        from awsit.validation.problems import model_problems

        yield from model_problems(ReuseSpec, reuse, "", "it")
    defaults = reuse.get("defaults")
    for kind, values in defaults.items() if isinstance(defaults, Mapping) else ():
        path = child_path("defaults", kind)
        if kind in CONTROL_TYPES:
            yield Problem("misplaced_key", f"`{kind}` takes no defaults", path, "give them to the actions inside it")
        elif kind not in actions:
            yield Problem("unknown_key", f"action type `{kind}` is not known{suggestion(kind, actions)}", path)
        elif isinstance(values, Mapping):
            yield from _params_problems(actions[kind], values.get("params"), f"{path}.params")


def _params_problems(action: Action, params: Json, path: str) -> Iterator[Problem]:
    """What is wrong with an action's default params; what is missing is not, for the action can have it."""
    if not isinstance(params, Mapping):
        return
    from awsit.validation.problems import params_problems  # brings pydantic, which is slow to import

    problems = params_problems(action.type, action.params_model, params, path, rendered=False)
    yield from (each for each in problems if each.code != "missing_key" and each.path != path)
    for problem in template.problems(params):
        yield replace(problem, path=f"{path}.{problem.path}")


def unresolved(paths: Iterable[str]) -> Iterator[Problem]:
    """The problem of each `use` in a scenario that is read without its libraries."""
    for path in paths:
        hint = "push it with `awsit push`, or run the file: awsit puts the library's actions in"
        yield Problem("not_expanded", "a `use` means nothing where there are no library files", path, hint)
