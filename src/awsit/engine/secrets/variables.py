"""Secret variables and environment: kept in the run's record, and left out of plans, requests and histories."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from awsit.engine.secrets.detection import MASK, named_secrets
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.texts import texts
from awsit.engine.store.records import SecretInputs
from awsit.model.json import OBJECTS, Json
from awsit.model.plan import Plan
from awsit.model.run import RunRequest
from awsit.model.text.secret_names import is_secret_name
from awsit.records import replace


def split(plan: Plan) -> tuple[Plan, SecretInputs]:
    """The plan without its secret variables and environment, and those by themselves."""
    entries = {entry for step in (*plan.steps, *plan.cleanup) for entry in step.redact}
    variables = _secret(plan.variables, entries, "vars")
    env = _secret(plan.env, entries, "env")
    redactor = Redactor((), texts([variables, env]), (plan.variables,))
    others = {name: value for name, value in plan.variables.items() if name not in variables}
    derived = {name: value for name, value in others.items() if [*redactor.hides(value)]}
    if not (variables or env or derived):
        return plan, SecretInputs()
    secrets = texts([variables, env]) | named_secrets(derived)
    secrets |= {text for text in texts(derived) if redactor.text(text) != text}
    shown = {name: value for name, value in others.items() if name not in derived}
    plain = {name: value for name, value in plan.env.items() if name not in env}
    return replace(plan, variables=shown, env=plain), SecretInputs(
        {**variables, **derived}, env, tuple(sorted(secrets))
    )


def masked(plan: Plan) -> Plan:
    """The plan with `***` for what is secret in its variables and environment."""
    _, hidden = split(plan)
    variables = {name: MASK if name in hidden.variables else value for name, value in plan.variables.items()}
    return replace(plan, variables=variables, env={**plan.env, **dict.fromkeys(hidden.env, MASK)})


def secrets_of(request: RunRequest) -> SecretInputs:
    """The secret ones among the variables and the environment of a request."""
    named = redacted_names(request.document)
    return SecretInputs(secret_variables(request.variables, named), _secret(request.env, named, "env"))


def secret_variables(variables: Mapping[str, Json], named: Container[str]) -> dict[str, Json]:
    """The secret ones among variables; `named` are the `redacted_names` of their scenario."""
    inside = {name: value for name, value in variables.items() if named_secrets(value)}
    return {**inside, **_secret(variables, named, "vars")}


def redacted_names(document: Json) -> frozenset[str]:
    """The entries of every `redact` list in a document, such as `vars.code`."""
    return frozenset(_redacted(document))


def _secret(values: Mapping[str, Json], named: Container[str], kind: str) -> dict[str, Json]:
    """The values whose name is that of a secret, or that a `redact` names, as in `vars.code`."""
    return {name: value for name, value in values.items() if f"{kind}.{name}" in named or is_secret_name(name)}


def _redacted(document: Json) -> Iterable[str]:
    """The entries of every `redact` list in the document, wherever it stands."""
    if isinstance(document, OBJECTS):
        for name, item in document.items():
            if name == "redact" and isinstance(item, list):
                yield from (entry for entry in item if isinstance(entry, str))
            elif not isinstance(item, str):
                yield from _redacted(item)
    elif isinstance(document, list):
        for item in document:
            yield from _redacted(item)
