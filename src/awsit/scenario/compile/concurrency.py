"""What is known of a run's concurrency before it begins: its key, and how many of its steps go on at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from awsit.errors import ExpressionError, InvalidInputError, Problem
from awsit.expressions.templates import template
from awsit.expressions.values import as_text
from awsit.model.json import Json
from awsit.model.run import ConcurrencyLimit
from awsit.scenario.files import known_variables
from awsit.scenario.limits import MAX_CONCURRENCY_KEY
from awsit.scenario.schema.keys import PARALLEL
from awsit.scenario.schema.walk import walk

_PLACE = "concurrency.key"
_HINT = "use variables and environment variables whose values need nothing of the run"


def concurrency_limit(
    document: Mapping[str, Json], variables: Mapping[str, Json], env: Mapping[str, str]
) -> ConcurrencyLimit | None:
    """How many runs with this one's key may go on at once; None for a scenario without `concurrency`.

    Raises InvalidInputError when the key is not known before the run, or is no name.
    """
    if not document.get("concurrency"):
        return None
    from awsit.scenario.schema.document import ConcurrencySpec  # the models are slow to import

    spec = ConcurrencySpec.model_validate(document["concurrency"])
    scope: dict[str, object] = {"env": dict(env)}
    try:
        key = as_text(template.render(spec.key, {**scope, "vars": known_variables(document, variables, scope)}))
    except ExpressionError as error:
        problem = Problem(error.code, error.message, _PLACE, _HINT)
        raise InvalidInputError("the key of `concurrency` must be known before the run", (problem,)) from error
    if not key.strip() or len(key) > MAX_CONCURRENCY_KEY:
        words = f"has {len(key)} characters; the limit is {MAX_CONCURRENCY_KEY}" if key.strip() else "is empty"
        problem = Problem("invalid_value", f"the key of `concurrency` {words}", _PLACE, "let its template give a name")
        raise InvalidInputError("the key of `concurrency` is no name", (problem,))
    return ConcurrencyLimit(key, spec.limit)


def steps_at_once(document: Mapping[str, Json]) -> int:
    """The most steps of a run that go on at once: the branches of its widest `parallel`."""
    return max(_widths(document), default=1)


def _widths(document: Mapping[str, Json]) -> Iterator[int]:
    for site in walk(document).sites:
        params = site.raw.get("params")
        if site.type == PARALLEL and isinstance(params, Mapping):
            branches = len(params.get("branches") or ())
            yield min(branches, int(params.get("max_concurrency") or branches))
