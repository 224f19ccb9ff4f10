"""AWS services that answer what a test gives, for what `auto_cleanup` and `restore` record before an action."""

from typing import Any

from botocore.exceptions import ClientError
from tests.unit.engine.world import NoAws, World

from awsit.aws.client import errors
from awsit.model.action.call import ActionContext
from awsit.model.action.compensation import Compensation


class Clients(NoAws):
    """AWS in which the services answer with what a test gives; a string is the code of an error."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.calls: list[tuple[str, Any]] = []

    def client(self, service: str) -> Any:
        return self

    def translate(self, error: Exception) -> Exception:
        return errors.translate(error)

    def __getattr__(self, name: str) -> Any:
        if name not in self.answers:
            raise AssertionError(f"{name} was not expected")

        def call(**arguments: Any) -> Any:
            self.calls.append((name, arguments))
            answer = self.answers[name]
            if isinstance(answer, str):
                raise ClientError({"Error": {"Code": answer, "Message": "no"}}, name)
            return answer

        return call


def compensations(action: Any, aws: Clients, **params: Any) -> tuple[Compensation, ...]:
    """What takes back the action with these params."""
    world = World()
    context = ActionContext("run-1", world.http, aws, world.clock)
    made: tuple[Compensation, ...] = action.compensations(action.params_model.model_validate(params), context)
    return made
