"""The names that a step's templates may use, and the secrets that come with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct, field

from awsit.actions.registry import BY_TYPE
from awsit.engine.files import RunFiles
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.texts import texts
from awsit.engine.services import Services
from awsit.engine.step import kept
from awsit.engine.step.context import Values, index_of, root_of, seen_by, values_of, with_secrets
from awsit.engine.store.records import RunRecord, RunStore, StepRecord
from awsit.errors import ExpressionError, NotFoundError
from awsit.expressions.fake_data import FakeData
from awsit.expressions.jsonpath import query
from awsit.expressions.templates.names import EnvironmentVariables, NoSuite
from awsit.expressions.templates.random_string import random_strings
from awsit.model.action.abilities import MayFindNothing
from awsit.model.files import NO_FILES, FileSource
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan, Step
from awsit.model.sources import SecretSource, StoredParameter
from awsit.model.text.secret_names import is_secret_name
from awsit.patterns import lazy_pattern

_PART = lazy_pattern(r"#\d+:\d+$")


class Scope(Struct):
    """Names for templates, and what may be shown nowhere.

    `seen_secrets` are the secret values that rendering came across. `marked` are the run's own: values that `redact`
    names, secrets that were captured, and secret variables. `context` is the run's, with what no template sees.
    """

    names: dict[str, object]
    seen_secrets: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    files: FileSource = NO_FILES
    context: Mapping[str, Json] = field(default_factory=dict)
    contract: str = ""
    """The name of the scenario's OpenAPI document, empty for none."""
    trace_id: str = ""
    """The trace that HTTP calls carry, empty for none."""
    seed: str = ""
    """What fake data are drawn from."""
    limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Requests a second that actions may make, by kind and name."""

    @property
    def visible(self) -> dict[str, Json]:
        """The value of `context` in templates."""
        context = self.names["context"]
        assert isinstance(context, dict)
        return context

    def capture(self, captured: Mapping[str, Json]) -> None:
        """Let an action see what it computed and captured."""
        self.visible.update(captured)

    def mark(self, hidden: Iterable[str]) -> None:
        """Let nothing show what stands at these places of the context (`Redactor.hides`)."""
        self.marked |= texts([value for place in hidden for value in _at(place, self.visible)])

    def holds_secret(self, text: str) -> bool:
        """Whether a text holds a secret that is known by now, or looks like a credential."""
        return Redactor(self.seen_secrets, self.marked).text(text) != text


def make_scope(
    services: Services, plan: Plan, run: RunRecord, results: Mapping[str, StepRecord], step: Step | None = None
) -> Scope:
    """The scope of one step, or of the final assertions: `results` holds the records of the actions that are named."""
    context = dict(Values(plan, run, run.context)) if step is None else seen_by(step, plan, run)
    files = RunFiles(plan.files, services.files)
    suite = suite_of(services.store, plan)
    secrets = marked(plan, run) | suite.marked
    if results:
        secrets |= texts([each for record in results.values() for each in selected(plan, record)])
    scope = Scope({}, set(services.tokens.texts), marked=secrets, files=files, context=context)
    scope.contract, scope.limits = plan.contract, plan.limits
    scope.trace_id = run.trace_id if plan.trace else ""
    scope.seed = f"{plan.seed or plan.run_id}:{f'{step.phase}[{step.index}]' if step else 'assertions'}"
    scope.names = {
        "vars": {**plan.variables, **run.given.variables},
        "context": kept.visible(context),
        "actions": {name: action_view(record) for name, record in results.items()},
        "run": run_view(run),
        "env": EnvironmentVariables({**plan.env, **run.given.env}),
        "suite": suite.values,
        "stack": _stack_reader(plan),
        "secret": _noting(services.secrets.secret, scope.seen_secrets),
        "parameter": _parameter_reader(services.secrets, scope.seen_secrets),
        "now": services.clock.now,
        "uuid": services.randomness.uuid,
        "random_string": random_strings(services.randomness),
        "fake": FakeData(scope.seed),
    }
    return scope


class SuiteValues(Struct, frozen=True):
    """What the setup around the suite of a run captured: the value of `suite` in templates.

    `marked` are the texts of the secrets among the values.
    """

    values: Mapping[str, Json] = field(default_factory=NoSuite)
    marked: frozenset[str] = frozenset()


def suite_of(store: RunStore, plan: Plan) -> SuiteValues:
    """The values of a run's suite; none where there is no `suite.yaml`. Raises NotFoundError when it is over."""
    if not plan.suite_run:
        return SuiteValues()
    try:
        run, setup = store.run(plan.suite_run), store.plan(plan.suite_run)
    except NotFoundError as error:
        message = f"the setup {plan.suite_run} around {plan.run_id} is not kept any more, so `suite` has no values"
        hint = f"undo by hand what the run left, then: awsit cleanup {plan.run_id} --forget"
        raise NotFoundError(message, code=error.code, hint=hint) from error
    return SuiteValues(values_of(setup, run), frozenset(marked(setup, run)))


def marked(plan: Plan, run: RunRecord) -> set[str]:
    """The texts of the run's own secrets."""
    redacted = index_of(plan).redacted
    if not redacted and not run.hidden:
        return set(run.given.secrets)
    context: Json = with_secrets(plan, run)
    named = [context.get(name) for name in redacted]
    captured = [value for place in run.hidden for value in _at(place, context)]
    return texts([*named, *captured]) | set(run.given.secrets)


def _at(place: str, context: Json) -> Sequence[Json]:
    """The values at a place that `Redactor.hides` gave: a JSONPath, after which `#3:9` selects a part of a text."""
    path, _, part = place.rpartition("#") if _PART.search(place) else (place, "", "")
    try:
        values = query.find(path, context).values
    except ExpressionError:  # longer than a path may be: all of what was captured under the name counts as secret
        return query.find(f"$['{root_of(path)}']", context).values
    if not part:
        return values
    start, end = map(int, part.split(":"))
    return [value[start:end] for value in values if isinstance(value, str)]


def selected(plan: Plan, record: StepRecord) -> Iterator[Json]:
    """What the JSONPaths of a step's `redact` select in its result; nothing where that is not kept."""
    redact = () if record.kind is Phase.CLEANUP else plan.steps[record.index].redact
    for path in redact:
        if path.startswith("$"):
            yield from query.find(path, record.kept).values


def run_view(run: RunRecord) -> dict[str, Json]:
    """The value of `run` in templates and final assertions."""
    return {"id": run.run_id, "scenario": run.scenario, "started_at": run.started_at}


def action_view(record: StepRecord) -> dict[str, Json]:
    """The value of `actions.<name>` in templates and final assertions."""
    result = record.result
    return {"status": str(result.status), "attempts": len(result.attempts), "result": record.kept}


def absent_members(action_type: str, result: Json, place: str = "$") -> frozenset[str]:
    """The normalized paths of the nulls in a result, which stands at `place`, that mean that nothing was found."""
    names = _nothing_when_null(action_type)
    if not names:
        return frozenset()
    members = result if isinstance(result, Mapping) else {}
    return frozenset(f"{place}['{name}']" for name in names if members.get(name, place) is None)


@cache
def _nothing_when_null(action_type: str) -> tuple[str, ...]:
    action = BY_TYPE[action_type]
    return action.nothing_when_null if isinstance(action, MayFindNothing) else ()


def _stack_reader(plan: Plan) -> Callable[[str], Mapping[str, str]]:
    def stack(name: str) -> Mapping[str, str]:
        reason = plan.stacks_not_read.get(name)
        if reason:
            raise ExpressionError(reason.message, code=reason.code, hint=reason.hint)
        if name not in plan.stacks:
            raise ExpressionError(f"stack {name!r} was not read when the plan was made.", code="unknown_stack")
        return plan.stacks[name]

    return stack


def is_secret_parameter(name: str, stored: StoredParameter) -> bool:
    """Whether nothing may show it: an encrypted value, and one that is called a secret, as `/orders/db_password` is.

    A version or label may follow the name, after a colon (Systems Manager API reference, "GetParameter", `Name`).
    """
    last_name = name.rpartition("/")[2].partition(":")[0]
    return stored.is_secret or is_secret_name(last_name)


def _parameter_reader(source: SecretSource, seen: set[str]) -> Callable[[str], str]:
    def parameter(name: str) -> str:
        stored = source.parameter(name)
        if is_secret_parameter(name, stored):
            seen.update(texts(stored.value))
        return stored.value

    return parameter


def _noting(read: Callable[[str], Json], seen: set[str]) -> Callable[[str], Json]:
    def noted(name: str) -> Json:
        value = read(name)
        seen.update(texts(value))
        return value

    return noted
