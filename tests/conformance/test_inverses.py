"""What `auto_cleanup` takes back, asked of the emulated AWS itself: what was created is gone, what was there stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.cases import load
from tests.deployed import Deployed
from ulid import ULID

from awsit.aws.client.clients import AwsClients
from awsit.model.events import CleanupStarted, Event, RunFinished
from awsit.model.json import Json, dumps
from awsit.model.result import CleanupVerdict, RunResult, RunStatus
from awsit.model.run import Engine, RunRequest

CREATIONS = Path(__file__).parent / "creations.yaml"
LISTS: dict[str, tuple[str, str, str]] = {
    "queues": ("sqs", "list_queues", "QueueUrls"),
    "topics": ("sns", "list_topics", "Topics"),
    "subscriptions": ("sns", "list_subscriptions", "Subscriptions"),
    "rules": ("events", "list_rules", "Rules"),
    "log groups": ("logs", "describe_log_groups", "logGroups"),
    "parameters": ("ssm", "describe_parameters", "Parameters"),
    "secrets": ("secretsmanager", "list_secrets", "SecretList"),
    "state machines": ("stepfunctions", "list_state_machines", "stateMachines"),
    "buckets": ("s3", "list_buckets", "Buckets"),
    "tables": ("dynamodb", "list_tables", "TableNames"),
    "streams": ("kinesis", "list_streams", "StreamNames"),
    "roles": ("iam", "list_roles", "Roles"),
    "functions": ("lambda", "list_functions", "Functions"),
    "event source mappings": ("lambda", "list_event_source_mappings", "EventSourceMappings"),
    "repositories": ("ecr", "describe_repositories", "repositories"),
    "schedules": ("scheduler", "list_schedules", "Schedules"),
    "APIs": ("apigatewayv2", "get_apis", "Items"),
    "REST APIs": ("apigateway", "get_rest_apis", "items"),
    "API keys": ("apigateway", "get_api_keys", "items"),
}
"""What to ask for each kind of thing: service, operation, and where the answer has them."""

OWN = "own-{}"
THERE: dict[str, tuple[str, str, dict[str, Json]]] = {
    "queue": ("sqs", "create_queue", {"QueueName": OWN}),
    "topic": ("sns", "create_topic", {"Name": OWN}),
    "rule": ("events", "put_rule", {"Name": OWN, "ScheduleExpression": "rate(1 day)", "State": "DISABLED"}),
    "log group": ("logs", "create_log_group", {"logGroupName": OWN}),
    "parameter": ("ssm", "put_parameter", {"Name": OWN, "Value": "v", "Type": "String", "Overwrite": True}),
    "secret": ("secretsmanager", "create_secret", {"Name": OWN, "SecretString": "v"}),
    "activity": ("stepfunctions", "create_activity", {"name": OWN}),
    "bucket": ("s3", "create_bucket", {"Bucket": OWN}),
    "repository": ("ecr", "create_repository", {"repositoryName": OWN}),
}


def listed(aws: AwsClients, run_id: str) -> dict[str, int]:
    """How many things of each kind bear the run's ID."""
    found = {}
    for kind, (service, operation, place) in LISTS.items():
        answer = getattr(aws.client(service), operation)()
        found[kind] = sum(run_id.lower() in str(each).lower() for each in answer.get(place, []))
    return found


def run(engine: Engine, document: Json, emit: Callable[[Event], None] = lambda _: None) -> RunResult:
    """The result of a run; `emit` gets each event."""
    events: list[Event] = []

    def follow(event: Event) -> None:
        events.append(event)
        emit(event)

    engine.follow(engine.start(RunRequest(f"run-{ULID()}", document["name"], document)), follow)
    last = events[-1]
    assert isinstance(last, RunFinished)
    return last.result


@pytest.mark.parametrize("where", ["local", "remote"])
def test_what_is_created_is_gone_afterwards(where: str, deployed: Deployed) -> None:
    engine = deployed.local() if where == "local" else deployed.remote()
    created: dict[str, int] = {}

    def look(event: Event) -> None:
        if isinstance(event, CleanupStarted) and where == "local":  # the other engine tells of it later
            created.update(listed(deployed.aws, event.run_id))

    result = run(engine, load(CREATIONS).document, look)

    assert (result.status, result.cleanup.verdict) == (RunStatus.PASSED, CleanupVerdict.CLEAN), dumps(result.error)
    assert [kind for kind, number in created.items() if not number] == []
    assert listed(deployed.aws, result.run_id) == dict.fromkeys(LISTS, 0)


@pytest.mark.parametrize(("kind", "where"), [*((kind, "local") for kind in THERE), ("queue", "remote")])
def test_what_was_there_before_the_run_stays(kind: str, where: str, deployed: Deployed) -> None:
    service, operation, template = THERE[kind]
    unique = str(ULID()).lower()
    params = {name: value.format(unique) if value == OWN else value for name, value in template.items()}
    create = getattr(deployed.aws.client(service), operation)
    first = create(**params)
    action = {"name": "Create", "type": "aws_api", "auto_cleanup": True}
    call = {"service": service, "operation": operation, "params": params}

    engine = deployed.local() if where == "local" else deployed.remote()
    result = run(engine, {"name": "again", "actions": [{**action, "params": call}]})

    assert (result.status, result.cleanup.steps) == (RunStatus.ERROR, ())
    assert result.steps[0].error
    assert "exist" in result.steps[0].error.message.lower()
    assert there(service, operation, params, deployed.aws, first)


def there(service: str, operation: str, params: dict[str, Any], aws: AwsClients, first: Any) -> bool:
    """Whether the service still knows the thing."""
    client: Any = aws.client(service)
    looks: dict[str, Callable[[], Any]] = {
        "create_queue": lambda: client.get_queue_url(QueueName=params["QueueName"]),
        "create_topic": lambda: client.get_topic_attributes(TopicArn=first["TopicArn"]),
        "put_rule": lambda: client.describe_rule(Name=params["Name"]),
        "create_log_group": lambda: client.describe_log_groups(logGroupNamePrefix=params["logGroupName"])["logGroups"],
        "put_parameter": lambda: client.get_parameter(Name=params["Name"]),
        "create_secret": lambda: client.describe_secret(SecretId=params["Name"]),
        "create_activity": lambda: client.describe_activity(activityArn=first["activityArn"]),
        "create_bucket": lambda: client.head_bucket(Bucket=params["Bucket"]),
        "create_repository": lambda: client.describe_repositories(repositoryNames=[params["repositoryName"]]),
    }
    return bool(looks[operation]())
