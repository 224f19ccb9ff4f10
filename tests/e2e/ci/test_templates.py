"""The shell parts of the action and of the CI templates do on the sandbox what they say."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.deployed import Deployed

from awsit.sandbox.info import client_environment

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
REPORTS = {"junit.xml", "report.html"}
BUCKET = "pipeline-reports"
FAILING = """
name: fails
actions:
  - name: Identity
    type: aws_api
    params: {service: sts, operation: get_caller_identity}
    assert: [{path: $.Account, equals: "::set-output name=AWSIT_VERDICT::passed"}]
"""
AWS = f"""#!{sys.executable}
# `aws s3 cp --only-show-errors FILE s3://BUCKET/KEY`, `aws sns publish`: as far as the buildspec needs them.
import sys, boto3
if sys.argv[1:3] == ["sns", "publish"]:
    given = dict(zip(sys.argv[3::2], sys.argv[4::2], strict=True))
    text = open(given["--message"].removeprefix("file://"), encoding="utf-8").read()
    boto3.client("sns").publish(TopicArn=given["--topic-arn"], Subject=given["--subject"], Message=text)
    sys.exit()
service, verb, option, file, target = sys.argv[1:]
assert (service, verb, option) == ("s3", "cp", "--only-show-errors"), sys.argv
bucket, _, key = target.removeprefix("s3://").partition("/")
boto3.client("s3").upload_file(file, bucket, key)
"""

Shell = Callable[..., "subprocess.CompletedProcess[str]"]


def template(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8").replace("!reference", ""))


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def shell(deployed: Deployed, tmp_path: Path) -> Shell:
    """Run lines as a CI server does, in a project that `awsit init` made."""
    program(tmp_path / "runner" / "awsit" / "bin" / "awsit", f'#!/bin/sh\nexec "{BIN}/awsit" "$@"\n')
    program(tmp_path / "bin" / "aws", AWS)
    variables = {
        **client_environment(deployed.info),
        "PATH": os.pathsep.join([str(tmp_path / "bin"), str(BIN), os.environ["PATH"]]),
        "HOME": str(tmp_path),
        "AWSIT_STATE_FOLDER": str(deployed.sandbox.state_folder),
        "AWSIT_SANDBOX": "true",
        "SCENARIOS": "scenarios/",
        "ARGUMENTS": "",
        "RUNNER_TEMP": str(tmp_path / "runner"),
        "GITHUB_WORKSPACE": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "CODEBUILD_BUILD_ID": "project:1f2e",
    }
    (tmp_path / "summary.md").write_text("# Before\n", encoding="utf-8")

    def run(*lines: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "\n".join(lines)],
            env={**variables, **more},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    assert run("awsit init").returncode == 0
    return run


def action_script() -> str:
    return next(step["run"] for step in template("action.yml")["runs"]["steps"] if step.get("id") == "run")


def files(folder: Path) -> set[str]:
    return {path.name for path in (folder / "awsit-reports").iterdir()}


def variables_of(path: Path) -> dict[str, str]:
    """A dotenv file, which may hold nothing else (GitLab Docs, `artifacts:reports:dotenv`)."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+=.*", line) for line in lines)
    return dict(line.split("=", 1) for line in lines)


class TestAction:
    def test_it_tells_a_gate_what_came_out(self, shell: Shell, tmp_path: Path) -> None:
        done = shell(action_script(), ARGUMENTS="--jobs 2 -v")
        assert done.returncode == 0, done.stdout + done.stderr
        found = variables_of(tmp_path / "output")
        assert (found["AWSIT_VERDICT"], found["AWSIT_PASSED"], found["exit-code"]) == ("passed", "1", "0")
        summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
        assert summary.startswith("# Before\n## ✅ awsit: 1 scenario, 1 passed")
        assert files(tmp_path) == {*REPORTS, "report.json", "summary.md", "annotations.txt"}

    def test_it_fails_when_a_scenario_does_and_marks_the_line(self, shell: Shell, tmp_path: Path) -> None:
        (tmp_path / "scenarios" / "fails.yaml").write_text(FAILING, encoding="utf-8")
        done = shell(action_script())
        assert done.returncode == 1
        found = variables_of(tmp_path / "output")
        assert (found["AWSIT_VERDICT"], found["AWSIT_FAILED"], found["exit-code"]) == ("failed", "1", "1")
        begin, end = re.findall(r"^::stop-commands::(\w+)$.*^::(\1)::$", done.stdout, re.DOTALL | re.MULTILINE)[0]
        held, _, after = done.stdout.partition(f"::{end}::\n")
        assert begin == end
        assert "set-output name=AWSIT_VERDICT::passed" in held, "what a service or a scenario says is no command"
        assert "::error" not in held
        assert after.startswith("::error title=fails%3A failed,file=scenarios/fails.yaml,line=7,")

    def test_a_scenario_that_is_not_valid_is_marked_too(self, shell: Shell, tmp_path: Path) -> None:
        (tmp_path / "scenarios" / "wrong.yaml").write_text("name: wrong\nactions: [{name: A, type: http_cal}]\n")
        done = shell(action_script())
        assert done.returncode == 3
        assert variables_of(tmp_path / "output")["AWSIT_VERDICT"] == "invalid"
        assert "::error title=awsit,file=scenarios/wrong.yaml,line=2," in done.stdout

    def test_scenarios_may_stand_on_several_lines(self, shell: Shell, tmp_path: Path) -> None:
        (tmp_path / "second.yaml").write_text(FAILING, encoding="utf-8")
        shell(action_script(), SCENARIOS="scenarios/\nsecond.yaml\n", ARGUMENTS="--jobs 2\n--quiet")
        found = variables_of(tmp_path / "output")
        assert (found["AWSIT_TOTAL"], found["AWSIT_FAILED"]) == ("2", "1")

    def test_each_input_and_output_is_used(self) -> None:
        text = (ROOT / "action.yml").read_text(encoding="utf-8")
        action = template("action.yml")
        assert [name for name in action["inputs"] if f"inputs.{name} " not in text] == []
        told = set(re.findall(r"steps\.run\.outputs\.(AWSIT_\w+)", text))
        assert told <= {*_names(), "AWSIT_REPORT"}

    def test_the_workflow_reads_outputs_that_there_are(self) -> None:
        text = (ROOT / "ci" / "github" / "workflow.yml").read_text(encoding="utf-8")
        assert set(re.findall(r"steps\.awsit\.outputs\.([\w-]+)", text)) <= set(template("action.yml")["outputs"])


def _names() -> set[str]:
    from awsit.reporting.formats.outputs import outputs

    return {line.partition("=")[0] for line in outputs([]).splitlines()}


def test_gitlab_has_test_cases_a_report_and_variables(shell: Shell, tmp_path: Path) -> None:
    job = template("ci/gitlab.yml")[".awsit"]
    done = shell(*job["script"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert files(tmp_path) == {*REPORTS, "outputs.env"}
    assert variables_of(tmp_path / job["artifacts"]["reports"]["dotenv"])["AWSIT_VERDICT"] == "passed"
    assert (tmp_path / job["artifacts"]["reports"]["junit"]).stat().st_size > 0


class TestCodeBuild:
    def test_the_approver_has_a_verdict_and_a_link(self, shell: Shell, deployed: Deployed) -> None:
        deployed.aws.client("s3").create_bucket(Bucket=BUCKET)
        phases = template("ci/buildspec.yml")["phases"]
        assert shell(*phases["build"]["commands"]).returncode == 0
        done = shell(*phases["post_build"]["commands"], "env", REPORT_BUCKET=BUCKET, AWS_REGION="eu-west-1")
        assert done.returncode == 0, done.stderr
        found = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
        exported = template("ci/buildspec.yml")["env"]["exported-variables"]
        assert [name for name in exported if not found.get(name)] == []
        assert found["AWSIT_SUMMARY"] == "1 scenario: 1 passed"
        assert found["REPORT_URL"].endswith(f"/s3/object/{BUCKET}?region=eu-west-1&prefix=reports/1f2e.html")
        kept = deployed.aws.client("s3").get_object(Bucket=BUCKET, Key="reports/1f2e.html")
        assert b"<h1>first passed</h1>" in kept["Body"].read()

    def test_the_developers_are_told_what_failed(
        self,
        shell: Shell,
        tmp_path: Path,
        deployed: Deployed,
    ) -> None:
        (tmp_path / "scenarios" / "fails.yaml").write_text(FAILING, encoding="utf-8")
        sns, sqs = deployed.aws.client("sns"), deployed.aws.client("sqs")
        topic, queue = sns.create_topic(Name="builds")["TopicArn"], sqs.create_queue(QueueName="builds")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        phases = template("ci/buildspec.yml")["phases"]
        for succeeding in ("1", "0"):
            shell(*phases["build"]["commands"])
            with (tmp_path / "awsit-reports" / "summary.md").open("ab") as summary:
                summary.write(b"+" * (99_999 - summary.tell()) + "é".encode() * 20_000)  # the first one is cut in two
            done = shell(
                *phases["post_build"]["commands"], DEVELOPERS_TOPIC=topic, CODEBUILD_BUILD_SUCCEEDING=succeeding
            )
            assert done.returncode == 0, done.stderr
        (message,) = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
        text = json.loads(message["Body"])["Message"]
        assert text.startswith("2 scenarios: 1 failed, 1 passed\n")
        assert "Identity" in text
        assert text.endswith("+")

    def test_a_failure_ends_the_build_and_tells_its_variables(self, shell: Shell, tmp_path: Path) -> None:
        (tmp_path / "scenarios" / "fails.yaml").write_text(FAILING, encoding="utf-8")
        phases = template("ci/buildspec.yml")["phases"]
        assert shell(*phases["build"]["commands"]).returncode == 1
        done = shell(*phases["post_build"]["commands"], 'echo "$AWSIT_VERDICT: $AWSIT_SUMMARY"')
        assert done.stdout == "failed: 2 scenarios: 1 failed, 1 passed\n"
        assert files(tmp_path) == {*REPORTS, "summary.md", "outputs.env"}
