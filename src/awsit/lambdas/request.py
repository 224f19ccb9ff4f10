"""What an execution was started with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from awsit.aws.client.objects import read_object
from awsit.aws.stepfunctions.execution import Execution
from awsit.engine.store.records import SecretInputs
from awsit.errors import AwsitError, InvalidInputError
from awsit.model.json import Json, loads
from awsit.model.ports import Aws
from awsit.model.result import Repetition
from awsit.model.run import RunRequest

_SHAPE = 'Start it with {"scenario": "name"} or {"scenario": {"bucket": "…", "key": "…"}}.'


def read_request(
    aws: Aws, bucket: str, execution: Execution, given: Json, secrets: Callable[[str], SecretInputs]
) -> RunRequest:
    """The run that `given` asks for: its scenario from S3, by default from `bucket`, its secret variables by `secrets`.

    Raises InvalidInputError or ActionError when the scenario cannot be had.
    """
    scenario = given.get("scenario") if isinstance(given, Mapping) else None
    if isinstance(scenario, str):
        scenario = {"bucket": bucket, "key": f"scenarios/{scenario}.json"}
    if not isinstance(scenario, Mapping) or not scenario.get("key"):
        raise InvalidInputError("The execution's input names no scenario.", hint=_SHAPE)
    text = _object(aws, str(scenario.get("bucket") or bucket), str(scenario["key"]))
    document = _document(text, str(scenario["key"]))
    named = document.get("name") if isinstance(document, Mapping) else None
    hidden = secrets(execution.run_id) if given.get("given") is True else SecretInputs()
    return RunRequest(
        run_id=execution.run_id,
        name=str(given.get("label") or named or scenario["key"]),
        document=document,
        variables={**(given.get("variables") or {}), **hidden.variables},
        env={**(given.get("env") or {}), **hidden.env},
        suite=str(given.get("suite") or ""),
        keep=given.get("keep") is True,
        file=str(given.get("file") or ""),
        repetition=_repetition(given.get("repetition")),
    )


def _repetition(given: Json) -> Repetition | None:
    """Which of several runs this is, as the CLI tells it; a person who starts an execution by hand tells nothing."""
    try:
        return Repetition(int(given["number"]), int(given["of"]))
    except (KeyError, TypeError, ValueError):
        return None


def _document(text: bytes, key: str) -> Json:
    try:
        return loads(text)
    except ValueError as error:
        hint = "The bucket holds scenarios as JSON: `awsit push` writes them."
        raise InvalidInputError(f"{key} is not JSON: {error}", hint=hint) from error


def _object(aws: Aws, bucket: str, key: str) -> bytes:
    try:
        return read_object(aws.client("s3"), bucket, key)
    except Exception as error:
        translated = aws.translate(error)
        if isinstance(translated, AwsitError):
            raise translated from error
        raise
