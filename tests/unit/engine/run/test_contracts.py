"""Contracts of a run: which documents its steps are held to, and what of them it called."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

from awsit.engine.run.contracts import coverage, planned_contracts
from awsit.engine.services import Services
from awsit.engine.store.records import Directive, Next, StepRecord
from awsit.errors import InvalidInputError
from awsit.model.files import digest_of
from awsit.model.plan import Phase, Plan, PlannedContract, Step
from awsit.model.result import ContractCall, ContractCoverage, Status, StepResult

ORDERS = b"openapi: 3.0.3\npaths: {/orders: {get: {}, post: {}}, '/orders/{id}': {delete: {}}}"
FILES = {"orders.yaml": ORDERS, "users.yaml": b"openapi: 3.1.0\npaths: {/users: {get: {}}}", "broken.yaml": b"a: ["}


class Disk:
    """Files by their paths."""

    def read(self, reference: str) -> bytes:
        if reference not in FILES:
            raise InvalidInputError("missing")
        return FILES[reference]


def documents(*contracts: Any, contract: str = "", variables: Mapping[str, Any] | None = None) -> list[str]:
    services = cast("Services", SimpleNamespace(files=Disk()))
    steps = [Step(index, f"S{index}", "http_call", params={"contract": each}) for index, each in enumerate(contracts)]
    *actions, last = [*steps, Step(9, "Wait", "wait", params={"seconds": 0})]
    files = {name: name for name in [*FILES, "missing.yaml"]}
    plan = Plan(
        "run-1", "s", steps=tuple(actions), cleanup=(last,), contract=contract, variables=variables or {}, files=files
    )
    return [each.document for each in planned_contracts(services, plan)]


def test_the_nearest_contract_of_each_step_counts() -> None:
    assert documents(None, contract="orders.yaml") == ["orders.yaml"]
    assert documents(None, False, "users.yaml", None, contract="orders.yaml") == ["orders.yaml", "users.yaml"]
    assert documents("{{ vars.api }}.yaml", variables={"api": "users"}) == ["users.yaml"]
    assert documents(False, contract="orders.yaml") == []
    assert documents(None) == []


def test_a_plan_whose_steps_take_no_contract_has_none() -> None:
    assert documents(contract="orders.yaml") == []


def test_a_document_that_cannot_be_used_is_left_to_the_step_that_needs_it() -> None:
    assert documents("broken.yaml", "missing.yaml", "unknown.yaml", "{{ context.later }}", 1) == []


def test_operations_are_listed_with_the_digest_of_the_document() -> None:
    services = cast("Services", SimpleNamespace(files=Disk()))
    step = Step(0, "A", "http_call", params={"contract": "orders.yaml"})
    plan = Plan("run-1", "s", steps=(step,), files={"orders.yaml": "orders.yaml"})
    assert planned_contracts(services, plan) == (
        PlannedContract("orders.yaml", digest_of(ORDERS), ("GET /orders", "POST /orders", "DELETE /orders/{id}")),
    )


def record(index: int, operation: str | None, phase: Phase = Phase.ACTIONS) -> StepRecord:
    result = StepResult(index, str(phase), f"S{index}", "http_call", Status.PASSED)
    call = None if operation is None else ContractCall("orders.yaml", operation)
    return StepRecord(phase, index, 1, Directive(Next.SUCCEEDED), result, contract_call=call)


def test_steps_of_all_phases_are_counted_by_operation() -> None:
    plan = Plan(
        "run-1", "s", contracts=(PlannedContract("orders.yaml", "sha256:0", ("GET /orders", "DELETE /orders")),)
    )
    records = [record(0, "GET /orders"), record(1, "GET /orders"), record(2, ""), record(3, None)]
    records += [record(0, "DELETE /orders", Phase.CLEANUP)]

    assert coverage(plan, records) == (
        ContractCoverage("orders.yaml", "sha256:0", {"GET /orders": 2, "DELETE /orders": 1}, 1),
    )
    assert coverage(plan, [])[0].not_called == ("GET /orders", "DELETE /orders")
