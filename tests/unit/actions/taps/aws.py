"""A bus, a topic and queues that take their time, lose nothing, and deliver twice and in any order, as AWS does."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError
from tests.unit.actions.services import Clients
from tests.unit.engine.world import World

from awsit.system.clock import FakeClock

ACCOUNT = "123456789012"
ENDPOINT = "https://sqs.eu-west-1.amazonaws.com"


@dataclass
class Message:
    name: str
    body: str
    visible_at: float = 0.0
    handles: set[str] = field(default_factory=set)


class TapAws(Clients):
    """`propagation` seconds pass until a rule matches; of each message so many `copies` come, shuffled."""

    def __init__(self, propagation: float = 0.0, copies: int = 1) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.meta = SimpleNamespace(endpoint_url=ENDPOINT)
        self.queues: dict[str, list[Message]] = {}
        self.policies: dict[str, Any] = {}
        self.redrive: dict[str, str] = {}
        self.rules: dict[str, dict[str, Any]] = {}
        self.made: dict[str, Any] = {}
        self.subscriptions: dict[str, tuple[str, str]] = {}
        self.buckets: dict[str, Any] = {}
        self.denied: set[str] = set()
        self.probes = 0
        self.usable_after = self.usable_at = 0.0
        self._propagation, self._copies, self._sent = propagation, copies, 0
        self._random = random.Random(7)

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was not expected")

    def in_world(self) -> World:
        """A world in which it is the AWS, with the same clock."""
        world = World(aws=self)
        self.clock = world.clock
        return world

    def happens(self, **detail: Any) -> None:
        """An event of the service under test comes onto the bus."""
        self._event({"source": "orders", "detail-type": "placed", "detail": detail})

    def left(self) -> list[str]:
        """What is there still."""
        return sorted([*self.queues, *self.rules, *self.subscriptions])

    def send(self, url: str, body: str) -> None:
        self._sent += 1
        for copy in range(self._copies):
            message = Message(f"m{self._sent}-{copy}", body)
            self.queues[url].insert(self._random.randrange(len(self.queues[url]) + 1), message)

    def get_caller_identity(self) -> Any:
        return {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/ada"}

    def create_queue(self, **params: Any) -> Any:
        self._refuse("create_queue")
        assert (params["Attributes"]["SqsManagedSseEnabled"], [*params["tags"]]) == ("true", ["awsit:run"])
        url = f"{ENDPOINT}/{ACCOUNT}/{params['QueueName']}"
        self.queues.setdefault(url, [])
        self.policies[url] = json.loads(params["Attributes"]["Policy"])
        self.usable_at = self.clock.monotonic() + self.usable_after
        return {"QueueUrl": url}

    def get_queue_attributes(self, **params: Any) -> Any:
        assert params["AttributeNames"] == ["RedrivePolicy"]
        redrive = self.redrive.get(params["QueueUrl"])
        return {"Attributes": {"RedrivePolicy": redrive}} if redrive else {}

    def get_queue_url(self, **params: Any) -> Any:
        return {"QueueUrl": params["QueueName"]}

    def delete_queue(self, **params: Any) -> Any:
        self._refuse("delete_queue")
        if self.queues.pop(params["QueueUrl"], None) is None:
            raise _error("QueueDoesNotExist")
        return {}

    def receive_message(self, **params: Any) -> Any:
        if self.clock.monotonic() < self.usable_at:
            raise _error("AWS.SimpleQueueService.NonExistentQueue")
        now = self.clock.monotonic()
        seen = [each for each in self.queues[params["QueueUrl"]] if each.visible_at <= now][
            : params["MaxNumberOfMessages"]
        ]
        if not seen:
            self.clock.sleep(params["WaitTimeSeconds"])
        answers = []
        for message in seen:
            message.visible_at = now + params["VisibilityTimeout"]
            handle = f"{message.name}@{now}"
            message.handles.add(handle)
            answers.append({"MessageId": message.name, "ReceiptHandle": handle, "Body": message.body})
        return {"Messages": answers} if answers else {}

    def delete_message_batch(self, **params: Any) -> Any:
        handles = {each["ReceiptHandle"] for each in params["Entries"]}
        self.queues[params["QueueUrl"]] = [
            each for each in self.queues[params["QueueUrl"]] if not each.handles & handles
        ]
        return {}

    def put_rule(self, **params: Any) -> Any:
        self._refuse("put_rule")
        self.made = self.rules[params["Name"]] = {
            "pattern": json.loads(params["EventPattern"]),
            "since": self.clock.monotonic(),
            "bus": params["EventBusName"],
        }
        return {"RuleArn": self._rule_arn(params["EventBusName"], params["Name"])}

    def put_targets(self, **params: Any) -> Any:
        self.rules[params["Rule"]]["target"] = params["Targets"][0]["Arn"].rpartition(":")[2]
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def remove_targets(self, **params: Any) -> Any:
        self._refuse("remove_targets")
        if params["Rule"] not in self.rules:
            raise _error("ResourceNotFoundException")
        self.rules[params["Rule"]].pop("target", None)
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def delete_rule(self, **params: Any) -> Any:
        if "target" in self.rules.get(params["Name"], {}):
            raise _error("ValidationException")
        self.rules.pop(params["Name"], None)
        return {}

    def put_events(self, **params: Any) -> Any:
        for entry in params["Entries"]:
            self.probes += entry["Source"] == "awsit.probe"
            detail = json.loads(entry["Detail"])
            self._event({"source": entry["Source"], "detail-type": entry["DetailType"], "detail": detail})
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "e"} for _ in params["Entries"]]}

    def subscribe(self, **params: Any) -> Any:
        self._refuse("subscribe")
        self.subscriptions[f"{params['TopicArn']}:{params['Endpoint'].rpartition(':')[2]}"] = (
            params["TopicArn"],
            params["Endpoint"],
        )
        return {"SubscriptionArn": f"{params['TopicArn']}:{params['Endpoint'].rpartition(':')[2]}"}

    def unsubscribe(self, **params: Any) -> None:
        self._refuse("unsubscribe")
        self.subscriptions.pop(params["SubscriptionArn"])

    def get_paginator(self, name: str) -> Any:
        assert name == "list_subscriptions_by_topic"
        return SimpleNamespace(paginate=self._subscriptions)

    def publish(self, topic: str, text: str) -> None:
        for known, endpoint in list(self.subscriptions.values()):
            url = f"{ENDPOINT}/{ACCOUNT}/{endpoint.rpartition(':')[2]}"
            if known == topic and self._is_admitted(url, endpoint, topic):
                self._sent += 1
                self.send(url, json.dumps({"Type": "Notification", "MessageId": f"n{self._sent}", "Message": text}))

    def get_bucket_notification_configuration(self, **params: Any) -> Any:
        return self.buckets[params["Bucket"]]

    def _subscriptions(self, **params: Any) -> Iterator[Any]:
        for arn, (topic, endpoint) in list(self.subscriptions.items()):
            if topic == params["TopicArn"]:
                yield {"Subscriptions": [{"SubscriptionArn": arn, "Endpoint": endpoint}]}

    def _event(self, event: Any) -> None:
        self._sent += 1
        body = json.dumps({**event, "id": f"e{self._sent}"})
        for name, rule in self.rules.items():
            is_ready = self.clock.monotonic() - rule["since"] >= self._propagation
            if is_ready and "target" in rule and _matches(rule["pattern"], event):
                url, queue = f"{ENDPOINT}/{ACCOUNT}/{rule['target']}", f"arn:aws:sqs:eu-west-1:{ACCOUNT}"
                assert self._is_admitted(url, f"{queue}:{rule['target']}", self._rule_arn(rule["bus"], name))
                self.send(url, body)

    def _is_admitted(self, url: str, queue: str, source: str) -> bool:
        """Whether the queue's policy lets the source send; what SQS denies SNS does not send again."""
        [statement] = self.policies[url]["Statement"]
        return (statement["Resource"], statement["Condition"]) == (queue, {"ArnEquals": {"aws:SourceArn": source}})

    @staticmethod
    def _rule_arn(bus: str, name: str) -> str:
        return f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/{bus}/{name}"

    def _refuse(self, operation: str) -> None:
        if operation in self.denied:
            raise _error("AccessDenied")


def _matches(pattern: Any, event: Any) -> bool:
    """The part of EventBridge's patterns that the tests use: equality, and `$or`."""
    if "$or" in pattern:
        return any(_matches(each, event) for each in pattern["$or"])
    return all(
        _matches(wanted, event.get(key, {})) if isinstance(wanted, dict) else event.get(key) in wanted
        for key, wanted in pattern.items()
    )


def _error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "Call")
