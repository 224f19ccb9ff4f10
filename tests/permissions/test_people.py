"""What the policies for people do not allow: those who only look, and the secrets of runs."""

from __future__ import annotations

import pytest
from tests.permissions.calls import Need
from tests.permissions.policies import HERE, is_allowed, statements
from tests.unit.infra.rendered import ARNS, STATE_MACHINE

TABLE, BUCKET = ARNS["RunsTable"], ARNS["Bucket"]
RUN = HERE.arn("states", "execution:awsit-test-flow:RUN")


def of(key: str) -> dict[str, tuple[str, ...]]:
    return {"dynamodb:LeadingKeys": (key,)}


@pytest.mark.parametrize("key", ["given#RUN", "context#RUN", "RUN", "inverses#RUN", "suite#RUN", "historical"])
@pytest.mark.parametrize("action", ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"])
def test_who_only_looks_sees_no_records_of_runs(action: str, key: str) -> None:
    assert not is_allowed(Need(action, TABLE, of(key)), statements("look"))


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("states:StartExecution", STATE_MACHINE),
        ("states:StopExecution", RUN),
        ("lambda:InvokeFunction", ARNS["AtomicLambdaInvoker"]),
        ("s3:PutObject", f"{BUCKET}/scenarios/orders.json"),
        ("s3:GetObject", f"{BUCKET}/runs/RUN/given.json"),
        ("s3:GetObject", f"{BUCKET}/runs/RUN/values/token-TOKEN.json"),
        ("s3:GetObject", f"{BUCKET}/runs/RUN/records/action#00000.json"),
        ("s3:GetObjectVersion", f"{BUCKET}/runs/RUN/report.json"),
        ("dynamodb:Scan", f"{TABLE}/index/open-runs"),
        ("dynamodb:Scan", TABLE),
        ("dynamodb:PartiQLSelect", TABLE),
    ],
)
def test_who_only_looks_starts_nothing_and_reads_no_secrets(action: str, resource: str) -> None:
    assert not is_allowed(Need(action, resource), statements("look"))


@pytest.mark.parametrize(
    ("action", "keys"),
    [
        ("dynamodb:GetItem", of("given#RUN")),
        ("dynamodb:Query", of("given#RUN")),
        ("dynamodb:DeleteItem", of("given#RUN")),
        ("dynamodb:PutItem", of("RUN")),
        ("dynamodb:UpdateItem", {"dynamodb:Attributes": ("run_id", "sk", "ledger")}),
        ("dynamodb:UpdateItem", {"dynamodb:Attributes": ("run_id", "sk", "given")}),
    ],
)
def test_who_runs_scenarios_reads_no_secrets_that_wait_for_a_run_and_writes_no_records(
    action: str, keys: dict[str, tuple[str, ...]]
) -> None:
    assert not is_allowed(Need(action, TABLE, keys), statements("run"))
