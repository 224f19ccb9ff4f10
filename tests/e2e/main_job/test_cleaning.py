"""Runs in the account that left something, or were aborted: what `cleanup`, `runs` and `stop --abort` make of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.deployed import Deployed
from tests.e2e.main_job.test_commands import SLOW, Awsit, awsit, ended, environment, report_of  # noqa: F401
from tests.truth import beside

MADE = "/cleaning/"
STUBBORN = """
name: stubborn
actions:
  - name: Put
    type: aws_api
    params: {service: ssm, operation: put_parameter, params: {Name: "/cleaning/{{ run.id }}", Value: x, Type: String}}
    cleanup:
      - name: Refused
        type: aws_api
        retry: {max_attempts: 1}
        params: {service: s3, operation: delete_bucket, params: {Bucket: full}}
"""


def left(made: Deployed) -> list[str]:
    found = made.aws.client("ssm").describe_parameters()["Parameters"]
    return [each["Name"] for each in found if each["Name"].startswith(MADE)]


def quick(name: str) -> None:
    """A scenario without its waits."""
    lines = [line for line in SLOW.replace("/slow/", MADE).splitlines() if "type: wait" not in line]
    Path(name).write_text("\n".join(lines), encoding="utf-8")


def test_a_clean_up_that_cannot_succeed_is_told_with_exit_5_and_finished_when_it_can(
    awsit: Awsit,  # noqa: F811
    deployed: Deployed,
) -> None:
    s3 = deployed.aws.client("s3")
    s3.create_bucket(Bucket="full")
    s3.put_object(Bucket="full", Key="x", Body=b"")
    Path("stubborn.yaml").write_text(STUBBORN, encoding="utf-8")

    done = awsit("run", "stubborn.yaml", "--json")

    assert done.returncode == 5
    report = report_of(done)
    assert (report["status"], report["cleanup"]["verdict"]) == ("passed", "left_behind")
    (thing,) = report["cleanup"]["left_behind"]
    assert (thing["name"], thing["params"]["params"]) == ("Refused", {"Bucket": "full"})
    assert thing["command"] == f"awsit cleanup {report['run_id']}"
    assert "1  " in next(line for line in awsit("runs").stdout.splitlines() if report["run_id"] in line)
    assert awsit("cleanup", report["run_id"]).returncode == 5

    s3.delete_object(Bucket="full", Key="x")

    assert awsit("cleanup", "--all").returncode == 0
    assert awsit("cleanup", "--all").stderr.startswith("nothing is left")
    deployed.aws.client("ssm").delete_parameter(Name=f"{MADE}{report['run_id']}")


def test_what_was_kept_in_the_account_is_shown_and_removed(
    awsit: Awsit,  # noqa: F811
    deployed: Deployed,
) -> None:
    quick("quick.yaml")
    kept = report_of(awsit("run", "quick.yaml", "--keep", "--json"))
    assert left(deployed) == [f"{MADE}{kept['run_id']}"]

    assert awsit("cleanup", "--all", "--dry-run").returncode == 5
    assert left(deployed) == [f"{MADE}{kept['run_id']}"]
    done = awsit("cleanup", kept["execution_arn"])

    assert done.returncode == 0, done.stdout + done.stderr
    assert left(deployed) == []


@pytest.mark.skipif(bool(beside.PYTHON), reason="this interpreter tells the rules of the sandbox nothing")
def test_an_aborted_run_is_cleaned_up_by_the_rule(awsit: Awsit, deployed: Deployed) -> None:  # noqa: F811
    Path("slow.yaml").write_text(SLOW.replace("/slow/", MADE), encoding="utf-8")
    run_id = report_of(awsit("run", "slow.yaml", "--no-wait", "--json"))["run_id"]

    assert awsit("stop", run_id, "--abort").returncode == 0

    told = ended(lambda: report_of(awsit("status", run_id, "--json")))
    assert told["status"] == "cancelled"
    ended(lambda: {"status": "running"} if left(deployed) else {"status": "clean"})


def test_what_a_person_has_seen_to_is_forgotten_in_the_account(awsit: Awsit, deployed: Deployed) -> None:  # noqa: F811
    unreachable = "{url: 'http://127.0.0.1:9/', method: DELETE}"
    undo = f"type: http_call\n        retry: {{max_attempts: 1}}\n        params: {unreachable}\n"
    Path("stubborn.yaml").write_text(STUBBORN.partition("type: aws_api\n        retry")[0] + undo, encoding="utf-8")
    report = report_of(awsit("run", "stubborn.yaml", "--json"))
    assert report["cleanup"]["verdict"] == "left_behind"

    forgotten = awsit("cleanup", "--all", "--forget", "--yes")

    assert forgotten.returncode == 0, forgotten.stdout + forgotten.stderr
    assert f"{report['run_id']}  stubborn  1 thing forgotten" in forgotten.stdout
    assert awsit("cleanup", report["run_id"]).returncode == 0
    assert awsit("cleanup", report["run_id"], "--forget").returncode == 0
    assert awsit("cleanup", "--all").stderr.startswith("nothing is left")
    assert "1 thing forgotten" in awsit("status", report["run_id"]).stdout
    deployed.aws.client("ssm").delete_parameter(Name=f"{MADE}{report['run_id']}")
