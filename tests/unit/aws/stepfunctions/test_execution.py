import pytest

from awsit.aws.stepfunctions.execution import Execution

ARN = "arn:aws:states:eu-west-1:123456789012:execution:awsit:"
AT = "2026-01-02T03:04:05.678Z"


def of(name: str, at: str = AT) -> Execution:
    return Execution.of({"execution": {"id": ARN + name, "name": name, "started_at": at}})


def test_an_execution_of_the_cli_is_named_after_its_run() -> None:
    assert of("run-01J00000000000000000000000").run_id == "run-01J00000000000000000000000"


@pytest.mark.parametrize("name", ["nightly", "run-me", "run-01j00000000000000000000000"])
def test_any_other_has_a_run_id_of_its_own_that_never_changes(name: str) -> None:
    run_id = of(name).run_id

    assert run_id == of(name).run_id
    assert run_id.startswith("run-01KDY")
    assert len(run_id) == len("run-") + 26
    assert run_id != of(name, "2026-01-02T03:04:05.679Z").run_id
