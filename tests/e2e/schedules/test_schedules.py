"""`awsit schedule` on the sandbox, and what a topic is told of the runs that schedules start."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from tests.deployed import Deployed

SCENARIO = """
name: orders
schedule: {rate: 7 days}
matrix: {kind: [book, "a/b"]}
actions:
  - {name: Look, type: http_call, params: {url: "%(url)s/look"}}
  - name: Order
    type: http_call
    params: {url: "%(url)s/orders", method: POST}
    cleanup: [{name: Cancel, type: http_call, params: {url: "%(url)s/orders/1", method: DELETE}}]
"""


@dataclass
class Service:
    """A service that answers each path with the status that a test has set, by default 200."""

    url: str = ""
    statuses: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def service() -> Iterator[Service]:
    served = Service()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.send_response(served.statuses.get(self.path, 200))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the names of http.server

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        served.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield served
        server.shutdown()


class Project:
    """A folder with a scenario, the command line in it, and the stack that it is deployed to."""

    def __init__(self, folder: Path, made: Deployed, service: Service) -> None:
        self.folder, self.made = folder, made
        (folder / "scenarios").mkdir()
        (folder / "awsit.toml").touch()
        (folder / "scenarios" / "orders.yaml").write_text(SCENARIO % {"url": service.url}, encoding="utf-8")

    def awsit(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("awsit")), "schedule", *words]
        environment = self.made.environment()
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=180
        )

    def schedule(self, name: str) -> dict[str, Any]:
        group = self.made.installation.schedule_group
        found: dict[str, Any] = self.made.aws.client("scheduler").get_schedule(Name=name, GroupName=group)
        return found

    def fire(self, name: str) -> str:
        """Start what the schedule starts, as EventBridge Scheduler would; returns the status of its end."""
        target = self.schedule(name)["Target"]
        client = self.made.aws.client("stepfunctions")
        started = client.start_execution(stateMachineArn=target["Arn"], input=target["Input"])
        while (status := client.describe_execution(executionArn=started["executionArn"])["status"]) == "RUNNING":
            time.sleep(0.1)
        return str(status)


@pytest.fixture
def project(tmp_path: Path, deployed: Deployed, service: Service) -> Iterator[Project]:
    made = Project(tmp_path, deployed, service)
    yield made
    for each in json.loads(made.awsit("list", "--json").stdout):
        made.awsit("remove", each["name"])


def test_schedules_are_made_listed_paused_and_removed(project: Project) -> None:
    assert project.awsit("list").stderr == "nothing is scheduled: `awsit schedule deploy` changes that\n"
    assert project.awsit("deploy").returncode == 0
    assert project.awsit("pause", "orders[a/b]").stdout == "orders[a/b]  rate(7 days)  paused\n"
    changed = project.awsit("deploy", "scenarios", "--cron", "0 8 ? * MON-FRI *", "--timezone", "Europe/Berlin")
    assert changed.stdout.splitlines() == [
        "orders[book]  cron(0 8 ? * MON-FRI *) in Europe/Berlin",
        "orders[a/b]   cron(0 8 ? * MON-FRI *) in Europe/Berlin  paused",
    ]
    assert (
        project.awsit("resume", "orders[a/b]", "order").stdout
        == "orders[a/b]  cron(0 8 ? * MON-FRI *) in Europe/Berlin\n"
    )
    assert [each["paused"] for each in json.loads(project.awsit("list", "--json").stdout)] == [False, False]
    assert project.awsit("remove", "orders[book]").stderr == "removed orders[book]\n"
    gone = project.awsit("remove", "orders[book]")
    assert (gone.returncode, gone.stderr) == (
        3,
        "error: there is no schedule of 'orders[book]'\nhint: did you mean orders[a/b]?\n",
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--rate", "hourly"],
            "error: --rate must be a number of minutes, hours or days\nhint: for example `30 minutes`\n",
        ),
        (
            ["--rate", "1 hour", "--cron", "0 8 * * ? *"],
            "error: --rate and --cron exclude each other\nhint: leave out one of them\n",
        ),
        (
            ["--timezone", "Europe/Berlin"],
            "error: --timezone is the time zone of --cron\nhint: add --cron, or leave it out\n",
        ),
        (
            ["--rate", "1 hour", "--timezone", "Europe/Berlin"],
            "error: --timezone is the time zone of --cron\nhint: add --cron, or leave it out\n",
        ),
        (
            ["--cron", "0 8 * * ? *", "--timezone", "Europe/Bärlin"],
            "error: --timezone must be a time zone of the IANA database\nhint: for example `Europe/Berlin`\n",
        ),
        (["--rate", "1 hour", "--var", "password=x"], "error:"),
    ],
)
def test_what_cannot_be_scheduled_is_said(project: Project, words: list[str], message: str) -> None:
    refused = project.awsit("deploy", *words)
    assert refused.returncode in {2, 3}
    assert refused.stderr.startswith(message)


class Listener:
    """A topic that the stack's function tells, and a queue that keeps what it was told."""

    def __init__(self, made: Deployed) -> None:
        sns, self._sqs = made.aws.client("sns"), made.aws.client("sqs")
        topic = sns.create_topic(Name="developers")["TopicArn"]
        self._queue = self._sqs.create_queue(QueueName="developers")["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])["Attributes"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=attributes["QueueArn"])
        made.install("awsit", NotificationTopicArn=topic)

    def heard(self) -> list[tuple[str, dict[str, Any]]]:
        """The subjects and documents of the messages since the last look."""
        messages = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", [])
        envelopes = []
        for message in messages:
            self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
            envelopes.append(json.loads(message["Body"]))
        return [(each["Subject"], json.loads(each["Message"])) for each in envelopes]


def test_a_topic_is_told_of_each_change_once(project: Project, service: Service) -> None:
    project.awsit("deploy")
    listener = Listener(project.made)
    (name,) = [each["name"] for each in json.loads(project.awsit("list", "--json").stdout) if "a/b" in each["scenario"]]
    assert json.loads(project.schedule(name)["Target"]["Input"])["variables"] == {"kind": "a/b"}
    steps: list[tuple[dict[str, int], list[str]]] = [
        ({}, []),
        ({"/look": 500}, ["awsit: orders[a/b] fails"]),
        ({"/look": 503}, []),
        ({"/orders": 409}, ["awsit: orders[a/b] fails in another way"]),
        ({"/orders/1": 500}, ["awsit: orders[a/b] passed, but left something behind"]),
        ({}, ["awsit: orders[a/b] passes again"]),
        ({}, []),
    ]
    for statuses, subjects in steps:
        service.statuses = statuses
        project.fire(name)
        heard = listener.heard()
        assert [subject for subject, _ in heard] == subjects, statuses
        for _, document in heard:
            assert document["stack"] == "awsit"
            assert bool(document["reason"]) == bool(statuses)
