"""Requests as a drafted scenario sends them: rendered, built and signed in by the action itself, and recorded."""

import uuid
from typing import Any

from awsit.actions.http_call.action import HttpCallAction
from awsit.actions.http_call.params import HttpCallParams
from awsit.expressions.templates.template import render
from awsit.http.fake import FakeTransport
from awsit.model.action.call import ActionContext
from awsit.model.http import HttpRequest, HttpResponse
from awsit.system.clock import FakeClock

ADDRESS = "https://api.example.com"


FUNCTIONS = {"uuid": lambda: str(uuid.uuid4()), "random_string": lambda length: "x" * length}


class Environment(dict):
    """Every variable of the environment has a value."""

    def __missing__(self, name: str) -> str:
        return ADDRESS if "URL" in name else "secret"


def request_of(action: dict[str, Any], variables: dict[str, Any], captured: dict[str, Any]) -> HttpRequest:
    """What one action of a draft sends, once earlier ones have captured these values."""
    environment = {"env": Environment(), **FUNCTIONS}
    values = {name: render(value, environment) for name, value in variables.items()}
    params = render(action["params"], {"vars": values, "context": captured, **environment})
    transport = FakeTransport(HttpResponse(500, {}, b"", ""))
    context = ActionContext("run", transport, aws=None, clock=FakeClock())
    HttpCallAction().execute(HttpCallParams.model_validate(params), context)
    return transport.requests[0]
