"""What masks texts that a run's engine did not bring back itself, such as lines of other functions' logs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from awsit.engine.secrets.detection import named_secrets
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.texts import texts
from awsit.engine.step.context import captured_secrets, values_of
from awsit.engine.step.scope import is_secret_parameter, marked, run_view, selected, suite_of
from awsit.engine.store.records import RunRecord, RunStore, StepRecord
from awsit.errors import ActionError, ExpressionError
from awsit.expressions.templates import template
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan
from awsit.model.run import RunRequest
from awsit.model.sources import SecretSource
from awsit.scenario.schema.keys import templated


def masker(
    store: RunStore, secrets: SecretSource, request: RunRequest, tokens: frozenset[str] = frozenset()
) -> Callable[[str], str]:
    """Masks all that a report of the run may not show: secret variables, captures, secrets that it reads, its `tokens`.

    Raises AwsitError when one of them cannot be known, since then it cannot be masked: a secret that cannot be read,
    what a `redact` selects in a result that was not kept, or one that a run had captured which is over.
    """
    plan, run, records = store.plan(request.run_id), store.run(request.run_id), store.records(request.run_id)
    own = marked(plan, run) | texts([value for record in records for value in selected(plan, record)])
    documents = (request.variables, request.env, _named(plan, run, request.document), *(each.kept for each in records))
    _refuse_unknown(plan, store.run(request.run_id), records)  # after all was read: what is there now, was there then
    used = template.references(templated(request.document))
    read = [secrets.secret(each) for each in sorted(used.secrets)]
    parameters = {name: secrets.parameter(name) for name in sorted(used.parameters)}
    read += [stored.value for name, stored in parameters.items() if is_secret_parameter(name, stored)]
    return Redactor(texts(read) | tokens, own | suite_of(store, plan).marked, documents).text


def _named(plan: Plan, run: RunRecord, document: Json) -> Json:
    """What stands in the scenario where a name is that of a secret; of its templates, those of the run's own values."""
    names = {
        "vars": {**plan.variables, **run.given.variables},
        "context": values_of(plan, run),
        "env": {**plan.env, **run.given.env},
        "run": run_view(run),
    }
    rendered: list[Json] = []
    for text in sorted(named_secrets(document)):
        with suppress(ExpressionError):
            rendered.append(template.render(text, names))
    return {"secret": rendered}


def _refuse_unknown(plan: Plan, run: RunRecord, records: Iterable[StepRecord]) -> None:
    """Raise ActionError for a secret that is not there: it was not kept, or went with a run that had left nothing."""
    for record in records:
        redact = () if record.kind is Phase.CLEANUP else plan.steps[record.index].redact
        if any(each.startswith("$") for each in redact) and record.kept is None and record.result.response is not None:
            raise ActionError(
                f"the logs: what `redact` of {record.result.name} selects is not kept, so it could not be masked in "
                "them; capture it by `pass_to_context`, and name what captured it in `redact`"
            )
        if not captured_secrets(plan, record) <= run.context.keys():
            raise ActionError(
                f"the logs: a secret that {record.result.name} captured went when the run was over and had left "
                "nothing, so it could not be masked in them"
            )
