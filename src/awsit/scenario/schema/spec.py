"""The base of the models of a scenario."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Spec(BaseModel):
    """Base of the models: an unknown key is an error, so that a misspelt one is not ignored in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True, defer_build=True)
