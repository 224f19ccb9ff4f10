"""What a load in the account was started with, as its execution's input says it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from awsit.aws.suites.loads import StartedLoad
from awsit.scenario.schema.blocks.load import LoadSpec


class ScenarioHead(BaseModel):
    """What is kept of the document of a scenario."""

    name: str
    description: Any = None
    metadata: dict[str, Any] | None = None


class LoadOrigin(BaseModel):
    """The `about` of a load that `awsit load` has started: how, and of which scenario in which file."""

    spec: LoadSpec
    document: ScenarioHead
    file: str

    @classmethod
    def of(cls, load: StartedLoad) -> LoadOrigin:
        """That of a load. Raises ValueError where somebody else has started the execution."""
        return cls.model_validate(load.about)
