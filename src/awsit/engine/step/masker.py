"""What masks texts that a run's engine did not bring back itself, such as lines of other functions' logs."""

from __future__ import annotations

from collections.abc import Callable

from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.texts import texts
from awsit.engine.step.scope import is_secret_parameter, marked
from awsit.engine.store.records import RunStore
from awsit.expressions.templates import template
from awsit.model.run import RunRequest
from awsit.model.sources import SecretSource
from awsit.scenario.schema.document import templated


def masker(store: RunStore, secrets: SecretSource, request: RunRequest) -> Callable[[str], str]:
    """Masks all that a report of the run may not show: its secret variables, captures, and the secrets that it reads.

    Raises AwsitError when a secret that the scenario names cannot be read: then it cannot be masked.
    """
    used = template.references(templated(request.document))
    read = [secrets.secret(each) for each in sorted(used.secrets)]
    parameters = {name: secrets.parameter(name) for name in sorted(used.parameters)}
    read += [stored.value for name, stored in parameters.items() if is_secret_parameter(name, stored)]
    plan, run = store.plan(request.run_id), store.run(request.run_id)
    return Redactor(texts(read), marked(plan, run), (request.variables, request.env)).text
