"""What an execution of a run is started with, and what must be in the account before."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.aws.client import errors
from awsit.aws.installation import Installation
from awsit.aws.runs import secret_variables
from awsit.aws.scenarios import ScenarioStore
from awsit.engine.secrets.variables import secrets_of
from awsit.errors import InvalidInputError
from awsit.model.json import Json, dumps
from awsit.model.ports import Aws, Clock
from awsit.model.run import RunRequest, execution_input
from awsit.quotas.catalogue import INPUT_BYTES
from awsit.records import replace


class ExecutionInputs:
    """Makes the inputs of the executions of an installation. Several threads may use it."""

    def __init__(self, aws: Aws, installation: Installation, clock: Clock) -> None:
        self._aws = aws
        self._scenarios = ScenarioStore(aws, installation.bucket)
        self._installation = installation
        self._clock = clock

    def of(self, request: RunRequest) -> dict[str, Json]:
        """Upload the scenario and its files under their hashes; returns what starts the run.

        Variables that are secret go into the runs table, since an execution's input stays in its history.
        Raises InvalidInputError for an input that is too large.
        """
        secrets = secrets_of(request)
        key = self._scenarios.put_by_hash(request.document, request.files)
        shown = replace(
            request,
            variables=_without(request.variables, secrets.variables),
            env=_without(request.env, secrets.env),
        )
        scenario = {"bucket": self._installation.bucket, "key": key}
        started_with = execution_input(shown, scenario, is_given=bool(secrets))
        check_size(request.name, started_with, INPUT_BYTES)
        self.give_secrets(request, request.run_id)
        return started_with

    def give_secrets(self, request: RunRequest, run_id: str) -> None:
        """Leave the secret variables of a request for a run that is started with its input."""
        if secrets := secrets_of(request):
            with errors.reported(f"keep the secret variables of {request.name}"):
                at = self._clock.now().timestamp()
                secret_variables.give(self._aws, self._installation.table, run_id, secrets, at)


def check_size(name: str, started_with: Json, most: int) -> None:
    """Raise InvalidInputError for an input of more than so many bytes."""
    size = len(dumps(started_with).encode())
    if size > most:
        raise InvalidInputError(
            f"variables and environment of {name} come to {size} bytes; an execution's input holds {most}",
            code="input_too_large",
            hint="put large values into the scenario itself, or into S3",
        )


def _without(values: Mapping[str, Json], hidden: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in values.items() if name not in hidden}
