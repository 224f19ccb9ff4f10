"""The input of an execution, as a run request."""

from __future__ import annotations

import math
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
    aws: Aws, bucket: str, execution: Execution, started_with: Json, secrets: Callable[[str], SecretInputs]
) -> RunRequest:
    """The run that the input `started_with` asks for.

    Its scenario lies in S3, by default in `bucket`; `secrets` reads the secret variables of a run ID. Raises
    InvalidInputError or ActionError when the scenario cannot be read.
    """
    scenario = started_with.get("scenario") if isinstance(started_with, Mapping) else None
    if isinstance(scenario, str):
        scenario = {"bucket": bucket, "key": f"scenarios/{scenario}.json"}
    if not isinstance(scenario, Mapping) or not scenario.get("key"):
        raise InvalidInputError("The execution's input names no scenario.", hint=_SHAPE)
    text = _object(aws, str(scenario.get("bucket") or bucket), str(scenario["key"]))
    document = _document(text, str(scenario["key"]))
    named = document.get("name") if isinstance(document, Mapping) else None
    hidden = secrets(execution.run_id) if started_with.get("given") is True else SecretInputs()
    return RunRequest(
        run_id=execution.run_id,
        name=str(started_with.get("label") or named or scenario["key"]),
        document=document,
        variables={**(started_with.get("variables") or {}), **hidden.variables},
        env={**(started_with.get("env") or {}), **hidden.env},
        suite=str(started_with.get("suite") or ""),
        keep=started_with.get("keep") is True,
        file=str(started_with.get("file") or ""),
        repetition=_repetition(started_with.get("repetition")),
        schedule=str(started_with.get("schedule") or ""),
        compact=started_with.get("compact") is True,
        hold=started_with.get("hold") is True,
        suite_run=str(started_with.get("suite_run") or ""),
        seed=str(started_with.get("seed") or ""),
        start_at=_moment(started_with.get("start_at")),
    )


def _repetition(value: Json) -> Repetition | None:
    """Which of several runs this is: the CLI says so, a person who starts an execution by hand does not."""
    try:
        return Repetition(int(value["number"]), int(value["of"]))
    except (KeyError, TypeError, ValueError):
        return None


def _moment(value: Json) -> float:
    """Seconds since the epoch; 0 for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if is_number else 0.0


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
