"""A local run that was killed: the next command says so, and `cleanup` removes what it made."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

from tests.deployed import Deployed
from tests.e2e.main_job.test_commands import AWSIT, SLOW, Awsit, awsit, environment, report_of  # noqa: F401

KILLED = SLOW.replace("/slow/", "/killed/").replace("seconds: 3}", "seconds: 300}")


def parameters(made: Deployed) -> list[str]:
    found = made.aws.client("ssm").describe_parameters()["Parameters"]
    return [each["Name"] for each in found if each["Name"].startswith("/killed/")]


def test_after_kill_9_the_next_command_tells_and_cleanup_finishes(
    awsit: Awsit,  # noqa: F811
    environment: dict[str, str],  # noqa: F811
    deployed: Deployed,
) -> None:
    Path("slow.yaml").write_text(KILLED, encoding="utf-8")
    command = [str(AWSIT), "run", "-v", "slow.yaml", "--engine", "local"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert any("» Pause" in line for line in run.stdout)
        run.kill()
    (left,) = parameters(deployed)
    run_id = left.rsplit("/", 1)[-1]

    told = awsit("validate", "slow.yaml").stderr
    assert f"awsit cleanup {run_id}" in told

    assert awsit("cleanup", run_id, "--dry-run").returncode == 5  # something is left
    assert parameters(deployed) == [left]

    done = awsit("cleanup", run_id)
    assert done.returncode == 0, done.stdout + done.stderr
    assert parameters(deployed) == []
    assert "was cut off" not in awsit("validate", "slow.yaml").stderr


def test_what_was_kept_on_purpose_is_listed_and_removed_later(
    awsit: Awsit,  # noqa: F811
    deployed: Deployed,
) -> None:
    quick = KILLED.replace("  - {name: Pause, type: wait, params: {seconds: 300}}\n", "").replace(
        "seconds: 60", "seconds: 0"
    )
    Path("quick.yaml").write_text(quick, encoding="utf-8")

    kept = awsit("run", "quick.yaml", "--engine", "local", "--keep", "--json")

    report = json.loads(kept.stdout)
    assert len(parameters(deployed)) == 1, kept.stderr
    assert report["cleanup"]["verdict"] == "left_behind"
    assert report["cleanup"]["left_behind"][0]["command"] == f"awsit cleanup {report['run_id']}"
    assert awsit("cleanup", "--all").returncode == 0
    assert parameters(deployed) == []


STUCK = """
      - name: Stuck
        type: http_call
        retry: {max_attempts: 5, interval_seconds: 30, jitter: false, retry_on: ["*"]}
        params: {url: "http://127.0.0.1:9/", method: DELETE}
"""


def test_a_second_ctrl_c_skips_the_clean_up_but_never_the_record(
    awsit: Awsit,  # noqa: F811
    environment: dict[str, str],  # noqa: F811
    deployed: Deployed,
) -> None:
    pause = "  - {name: Pause"
    Path("slow.yaml").write_text(KILLED.replace(pause, STUCK.lstrip("\n") + pause), encoding="utf-8")
    command = [str(AWSIT), "run", "-v", "slow.yaml", "--engine", "local"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert any("» Pause" in line for line in run.stdout)
        run.send_signal(signal.SIGINT)
        assert any("Stuck" in line for line in run.stdout)
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=180)
    (left,) = parameters(deployed)

    assert run.returncode == 130
    assert f"awsit cleanup {left.rsplit('/', 1)[-1]}" in awsit("validate", "slow.yaml").stderr
    deployed.aws.client("ssm").delete_parameter(Name=left)
    (Path(environment["AWSIT_STATE_FOLDER"]) / "journal" / f"{left.rsplit('/', 1)[-1]}.jsonl").unlink()
