"""What the actions' tests share: a scripted AWS, a canned HTTP transport, a clock that stands still."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import resources
from types import SimpleNamespace
from typing import Any

import pytest

from awsit.actions.registry import dispatch_action
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.http.fake import FakeTransport
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.http import Repeat, Sending
from awsit.model.json import Json
from awsit.system.clock import FakeClock


class ServiceError(Exception):
    """What a botocore client raises, as far as actions can tell."""

    def __init__(self, code: str, message: str = "the service said no", **response: Any) -> None:
        super().__init__(message)
        self.response = {"Error": {"Code": code, "Message": message}, **response}


class ScriptedClient:
    """A client whose methods answer from a script, in order; `calls` holds name and arguments of each."""

    def __init__(self, **script: list[Any]) -> None:
        self._script = script
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            self.calls.append((name, dict(arguments)))
            answer = self._script[name].pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


class FakeAws:
    region = "eu-central-1"

    def __init__(self, client: Any) -> None:
        self.scripted = client

    def client(self, service: str) -> Any:
        return self.scripted

    def within(self, seconds: float) -> AbstractContextManager[None]:
        return nullcontext()

    def traced(self, header: str) -> AbstractContextManager[None]:
        return nullcontext()

    def sent_once(self, note: Callable[[Repeat], None]) -> AbstractContextManager[Sending]:
        return nullcontext(Sending(note))

    def translate(self, error: Exception) -> Exception:
        response = getattr(error, "response", None)
        if response is None:
            return error
        code = response["Error"]["Code"]
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
        effect = Effect.of_status(status)
        return ActionError(str(error), kind=ErrorKind.SERVICE, service_code=code, hint="look there").with_effect(effect)

    def sign(self, request: Any, service: str, region: str | None = None) -> Any:
        headers = {**request.headers, "Authorization": f"AWS4-HMAC-SHA256 {service} {region}"}
        return type(request)(request.method, request.url, headers, request.body)


class Bench:
    """Runs one action the way the engine does, and keeps what it asked for."""

    def __init__(self) -> None:
        self.http = FakeTransport()
        self.client: Any = ScriptedClient()
        self.clock = FakeClock()

    def answers(self, *answers: Any) -> None:
        self.http = FakeTransport(*answers)

    def script(self, **script: list[Any]) -> None:
        self.client = ScriptedClient(**script)

    def run(self, action_type: str, params: Json, **context: Any) -> ActionResult:
        return dispatch_action(action_type, params, self.context(**context))

    def context(self, run_id: str = "run-1", **context: Any) -> ActionContext:
        return ActionContext(run_id, self.http, FakeAws(self.client), self.clock, **context)

    def refused(self, action_type: str, params: Json, **context: Any) -> ActionError:
        with pytest.raises(ActionError) as caught:
            self.run(action_type, params, **context)
        return caught.value


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    """IAM prefixes with their actions and resources, from the Service Authorization Reference as cfn-lint holds it."""
    text = resources.files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text()
    services: dict[str, Any] = json.loads(text)
    return services


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def errors() -> SimpleNamespace:
    return SimpleNamespace(service=ServiceError)
