"""A small outside world for the engine: canned HTTP answers, a clock that never waits, no AWS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from awsit.engine.local import LocalEngine
from awsit.engine.log_entry import LogEntry
from awsit.engine.places import no_other
from awsit.engine.services import Services
from awsit.engine.store.memory import MemoryRunStore
from awsit.engine.store.records import RunStore
from awsit.errors import ActionError, ErrorKind, MissingStackError
from awsit.http.fake import Answer, FakeTransport
from awsit.model.events import Event, RunFinished
from awsit.model.http import HttpRequest, HttpResponse, Repeat, Sending
from awsit.model.json import Json, dumps, exact
from awsit.model.plan import AwsPlace
from awsit.model.result import RunResult
from awsit.model.run import RunRequest
from awsit.model.sources import StoredParameter
from awsit.scenario.reading.load import load_text
from awsit.system.clock import FakeClock
from awsit.system.files import DiskFiles
from awsit.system.randomness import SeededRandomness

RUN_ID = "run-01J00000000000000000000000"


def answer(status: int = 200, body: Json = None, **headers: str) -> HttpResponse:
    sent = {"content-type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return HttpResponse(status, sent, dumps(exact(body)).encode(), "")


class NoAws:
    """AWS that is never to be called."""

    region = "eu-west-1"

    def client(self, service: str) -> Any:
        raise AssertionError(f"no call to {service} was expected")

    def within(self, seconds: float) -> AbstractContextManager[None]:
        return nullcontext()

    def traced(self, header: str) -> AbstractContextManager[None]:
        return nullcontext()

    def sent_once(self, note: Callable[[Repeat], None]) -> AbstractContextManager[Sending]:
        return nullcontext(Sending(note))

    def translate(self, error: Exception) -> Exception:
        return error

    def sign(self, request: HttpRequest, service: str, region: str | None = None) -> HttpRequest:
        raise AssertionError("nothing was to be signed")


@dataclass
class FakeSecrets:
    secrets: Mapping[str, Json] = field(default_factory=dict)
    parameters: Mapping[str, StoredParameter] = field(default_factory=dict)

    def secret(self, secret_id: str) -> Json:
        if secret_id not in self.secrets:
            raise ActionError(f"there is no secret {secret_id}", kind=ErrorKind.NOT_FOUND)
        return self.secrets[secret_id]

    def parameter(self, name: str) -> StoredParameter:
        return self.parameters[name]


@dataclass
class FakeStacks:
    stacks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def outputs(self, stack_name: str) -> Mapping[str, str]:
        if stack_name not in self.stacks:
            raise MissingStackError(f"there is no stack {stack_name}")
        return self.stacks[stack_name]


def events_of(request: RunRequest, services: Services) -> list[Event]:
    """What happens in a local run, to its end."""
    engine, events = LocalEngine(services), list[Event]()
    engine.follow(engine.start(request), events.append)
    return events


class World:
    """Services made of fakes, and a way to run a scenario's text in them."""

    def __init__(
        self,
        *answers: Answer,
        secrets: Mapping[str, Json] | None = None,
        parameters: Mapping[str, StoredParameter] | None = None,
        aws: NoAws | None = None,
        aws_at: Callable[[AwsPlace], NoAws] = no_other,
        store: RunStore | None = None,
        **stacks: Mapping[str, str],
    ) -> None:
        self.http = FakeTransport(*answers)
        self.clock = FakeClock()
        self.store = store or MemoryRunStore()
        self.logged: list[LogEntry] = []
        self.services = Services(
            engine="local",
            store=self.store,
            http=self.http,
            aws=aws or NoAws(),
            clock=self.clock,
            randomness=SeededRandomness(),
            secrets=FakeSecrets(secrets or {}, parameters or {}),
            stacks=FakeStacks(stacks),
            files=DiskFiles(),
            log=self.logged.append,
            aws_at=aws_at,
        )

    def events(self, text: str, variables: Mapping[str, Json] | None = None, **env: str) -> list[Event]:
        request = RunRequest(RUN_ID, "scenario", load_text(text, "scenario.yaml").document, variables or {}, env)
        return events_of(request, self.services)

    def run(self, text: str, variables: Mapping[str, Json] | None = None, **env: str) -> RunResult:
        last = self.events(text, variables, **env)[-1]
        assert isinstance(last, RunFinished)
        return last.result

    @property
    def urls(self) -> list[str]:
        return [f"{request.method} {request.url}" for request in self.http.requests]
