"""Which OpenAPI documents a run is held to, and which of their operations it called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from awsit.actions.registry import BY_TYPE
from awsit.engine.files import RunFiles
from awsit.engine.services import Services
from awsit.engine.store.records import StepRecord
from awsit.errors import ActionError, ExpressionError
from awsit.expressions.templates import template
from awsit.model.action.abilities import KeepsContract
from awsit.model.files import digest_of
from awsit.model.plan import Plan, PlannedContract, Step
from awsit.model.result import ContractCall, ContractCoverage
from awsit.openapi.document import Document, parse, read_files, version_of


def planned_contracts(services: Services, plan: Plan) -> tuple[PlannedContract, ...]:
    """The documents that steps of the plan are held to.

    One that cannot be used, or whose name is not known before the run, is left out: the step that needs it says why.
    """
    files = RunFiles(plan.files, services.files)
    names = dict.fromkeys(name for step in (*plan.steps, *plan.cleanup) for name in _names(step, plan))
    return tuple(planned for name in names for planned in _planned(name, files))


def coverage(plan: Plan, records: Iterable[StepRecord]) -> tuple[ContractCoverage, ...]:
    """How much of each document the records show as called."""
    calls = Counter(record.contract_call for record in records)
    return tuple(
        ContractCoverage(
            contract.document,
            contract.digest,
            {name: calls[ContractCall(contract.document, name)] for name in contract.operations},
            calls[ContractCall(contract.document)],
        )
        for contract in plan.contracts
    )


def _names(step: Step, plan: Plan) -> Iterator[str]:
    action = _contract_keeper(step.type)
    if action is None or not isinstance(step.params, dict):
        return
    own = action.contract(step.params)
    try:
        name = plan.contract if own is None else template.render(own, {"vars": plan.variables})
    except ExpressionError:
        return
    if isinstance(name, str) and name:
        yield name


@cache
def _contract_keeper(action_type: str) -> KeepsContract | None:
    action = BY_TYPE.get(action_type)
    return action if isinstance(action, KeepsContract) else None


def _planned(name: str, files: RunFiles) -> Iterator[PlannedContract]:
    try:
        contents = read_files(name, files.read)
        document = Document(name, {file: parse(file, content) for file, content in contents.items()})
        version_of(name, document.root)
    except (ActionError, ImportError):
        return
    yield PlannedContract(name, digest_of(contents[name]), tuple(document.operations()))
