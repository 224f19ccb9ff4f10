"""Secrets that are put into every input turn up in no output: one run on each engine, and all that it leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.deployed import Deployed
from tests.e2e.canary.places import Person, Places, in_the_account, on_disk, spellings
from tests.e2e.canary.service import CODE, COOKIE, ISSUED, serving

SCENARIO = Path(__file__).with_name("scenario.yaml")
STACK = Path(__file__).parents[2] / "conformance" / "service" / "template.yaml"
SECRETS = {
    "password": "c4nary-password",
    "cookie": "c4nary-cookie-of-ours",
    "odd": 'c4nary p@ss/w%rd &é"q\\ +=',
    "text": "c4nary-text-of-a-secret",
}
HIDDEN = "c4nary-secure-string"
ENVIRONMENT = {"API_TOKEN": "c4nary-api-token", "DB_PASSWORD": "c4nary-db-password"}
VARIABLES = {"db_password": "c4nary-of-the-command-line", "pin_code": "c4nary-pin-that-redact-names"}
SERVICE = {"issued": ISSUED, "code": CODE, "set-cookie": COOKIE}
CANARIES = {**SECRETS, "parameter": HIDDEN, **ENVIRONMENT, **VARIABLES, **SERVICE}

RECORDS = {"issued", "code", "password", "parameter", *ENVIRONMENT, *VARIABLES}
"""What was captured, given as a variable, or is to be put back: the runs table and the journal must hold it."""

FILES = {
    "--events": "events.ndjson",
    "--junit": "junit.xml",
    "--html": "run.html",
    "--markdown": "run.md",
    "--ctrf": "run.json",
    "--annotations": "annotations.txt",
    "--outputs": "outputs.txt",
}
HERE = {
    "terminal", "terminal -v", "terminal -q", "json", "plan", "report", "status", *FILES.values(), "html of a past run",
    "reports", "logs", "last-run.json", "journal", "compare", "compare -v", "history",
}  # fmt: skip
ACCOUNT = {
    "execution", "execution history", "log /aws/lambda/awsit-AtomicLambdaInvoker", "bucket runs/plan.json",
    "bucket runs/report.json", "bucket scenarios", "runs table", "awsit logs",
}  # fmt: skip


@pytest.fixture(scope="module")
def person(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    deployed.install("conformance", STACK)
    client = deployed.aws.client
    client("secretsmanager").create_secret(Name="canary", SecretString=json.dumps(SECRETS))
    client("secretsmanager").create_secret(Name="canary/text", SecretString=SECRETS["text"])
    client("ssm").put_parameter(Name="/canary/hidden", Value=HIDDEN, Type="SecureString")
    with serving() as url:
        state = deployed.sandbox.state_folder
        folders = {"AWSIT_STATE_FOLDER": str(state), "XDG_CONFIG_HOME": str(tmp_path_factory.mktemp("configuration"))}
        yield Person({**folders, "AWSIT_SANDBOX": "true", "SERVICE": url, **ENVIRONMENT}, state)


def looked_at(person: Person, engine: str) -> tuple[Places, str]:
    """Run the scenario, and read all that there is of it. Returns the execution's ARN too."""
    places = Places()
    run = ["run", str(SCENARIO), "--engine", engine, *(f"--var={name}={value}" for name, value in VARIABLES.items())]
    files = [word for pair in FILES.items() for word in pair]
    done = person.awsit("-v", "--debug", *run, *files)
    assert done.returncode == 1, done.stdout + done.stderr
    places.add("terminal -v", done.stdout, done.stderr)
    for name in FILES.values():
        places.add(name, Path(name).read_text(encoding="utf-8"))
    report = _report(Path("events.ndjson"))
    for place, arguments in {
        "terminal": run,
        "terminal -q": ["-q", *run],
        "json": [*run, "--json"],
        "plan": ["plan", *run[1:2], *run[4:]],
        "report": ["-v", "report", report["run_id"]],
        "status": ["-v", "status", report["run_id"]],
        "html of a past run": ["report", report["run_id"], "--html", "-"],
        **({"awsit logs": ["logs", "--raw", report["run_id"]]} if report["execution_arn"] else {}),
    }.items():
        done = person.awsit(*arguments)
        assert done.returncode in {0, 1}, done.stdout + done.stderr
        places.add(place, done.stdout + done.stderr)
    other = json.loads(person.awsit(*run, "--json").stdout)["run_id"]
    for place, arguments in {
        "compare": ["compare", report["run_id"], other],
        "compare -v": ["-v", "compare", report["run_id"], other, "--json"],
        "history": ["history", report["scenario"], "--json", *(["--local"] if engine == "local" else [])],
    }.items():
        done = person.awsit(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        places.add(place, done.stdout + done.stderr)
    for kind, text in on_disk(person.state):
        places.add(kind, text)
    return places, report["execution_arn"]


def _report(events: Path) -> dict:
    last = json.loads(events.read_text(encoding="utf-8").splitlines()[-1])
    assert last["event"] == "run_finished"
    return last["result"]


def test_every_step_did_what_it_is_there_for(person: Person) -> None:
    person.awsit("run", str(SCENARIO), "--engine", "local", "--events", "events.ndjson", *_given())
    steps = {step["name"]: step for step in _report(Path("events.ndjson"))["steps"]}
    ended = {name: (step["status"], (step["error"] or {}).get("code")) for name, step in steps.items()}
    assert ended == {
        "Login": ("passed", None),
        "Echo": ("passed", None),
        "Later": ("failed", None),
        "Complained": ("failed", "500"),
        "Userinfo": ("error", "validation"),
        "Refused": ("error", "connection"),
        "BadExpression": ("error", "evaluation"),
        "Stored": ("passed", None),
        "Replaced": ("passed", None),
        "Parameter": ("passed", None),
        "Invoked": ("error", "not_found"),
        "Condition": ("error", "validation"),
        "Condition.Diagnose": ("passed", None),
    }
    assert "***" in steps["Echo"]["response"]["body"]["text"]


def _given() -> list[str]:
    return [f"--var={name}={value}" for name, value in VARIABLES.items()]


@pytest.mark.usefixtures("deployed")
def test_on_the_local_engine(person: Person) -> None:
    places, _ = looked_at(person, "local")
    assert set(places.found) == HERE
    assert all(places.found.values())
    leaks = places.leaks(CANARIES)
    assert {leak for leak in leaks if leak[0] != "journal"} == set()
    assert {
        name for _, name in leaks
    } == RECORDS  # the journal of a run that left something behind: what is to be undone
    journals = list((person.state / "journal").iterdir())
    assert {path.stat().st_mode & 0o777 for path in journals} == {0o600}


def test_on_step_functions(person: Person, deployed: Deployed) -> None:
    places, arn = looked_at(person, "stepfunctions")
    for place, text in in_the_account(deployed, arn):
        places.add(place, text)
    assert HERE - {"journal"} | ACCOUNT <= set(places.found)
    assert all(places.found.values())
    leaks = places.leaks(CANARIES)
    assert {leak for leak in leaks if leak[0] not in {"journal", "runs table"}} == set()
    assert {name for place, name in leaks if place == "runs table"} == RECORDS


def test_a_secret_would_be_found_in_any_spelling() -> None:
    places = Places()
    for name, text in CANARIES.items():
        for number, form in enumerate(spellings(text)):
            places.add(f"{name} {number}", f"<{form}>")
    assert {place for place, _ in places.leaks(CANARIES)} == set(places.found)
