"""Clients of botocore that send nothing: parameters are checked by AWS's own models, answers come from a table."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Lock
from types import SimpleNamespace
from typing import Any

import boto3

ACCOUNT = "123456789012"
REGION = "eu-west-1"


class AnsweringAws:
    """An `Aws` port. `answers` maps `logs.FilterLogEvents` to a response, or to what makes one of the parameters.

    An operation that is not in it is refused with `AccessDeniedException`, as AWS refuses a caller without permissions.
    """

    region = REGION

    def __init__(self, **answers: Any) -> None:
        self.answers = {name.replace("_", ".", 1): answer for name, answer in answers.items()}
        self.calls: list[str] = []
        session = boto3.Session("key", "secret", region_name=REGION)
        self._make: Callable[[str], Any] = session.client
        self._clients: dict[str, Any] = {}
        self._lock = Lock()

    def client(self, service: str) -> Any:
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._new_client(service)
            return self._clients[service]

    def _new_client(self, service: str) -> Any:
        client = self._make(service)
        client.meta.events.register("before-call", lambda model, params, **_: self._answer(service, model, params))
        return client

    def _answer(self, service: str, model: Any, params: Any) -> Any:
        name = f"{service}.{model.name}"
        self.calls.append(name)
        answer = self.answers.get(name) or denial(service, model.name, params["body"])
        answer = answer(params) if callable(answer) else answer
        failed = "Error" in answer
        return SimpleNamespace(status_code=400 if failed else 200), {"ResponseMetadata": {}, **answer}


def error(code: str, message: str = "") -> dict[str, Any]:
    return {"Error": {"Code": code, "Message": message}}


def denial(service: str, operation: str, body: Any) -> dict[str, Any]:
    """What AWS says to a caller without the permission, here for a log group."""
    group = json.loads(body)["logGroupName"] if service == "logs" else ""
    arn = f"arn:aws:{service}:{REGION}:{ACCOUNT}:log-group:{group}:log-stream:"
    return error(
        "AccessDeniedException",
        f"User: arn:aws:iam::{ACCOUNT}:user/dev is not authorized to perform: {service}:{operation} on resource: "
        f"{arn} because no identity-based policy allows it",
    )
