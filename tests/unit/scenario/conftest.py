"""Fakes for scenarios: three action types, stacks, randomness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator
from tests.unit.scenario.marking import Find

from awsit.errors import MissingStackError
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import Action
from awsit.model.json import Json
from awsit.model.plan import Plan
from awsit.scenario.checks.validate import validate
from awsit.scenario.compile.compile import PlanInputs, compile_plan
from awsit.scenario.reading.load import load_text


class _Params(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Basic(_Params):
    username: str
    password: str


class _Auth(_Params):
    basic: _Basic | None = None
    bearer: str | None = None

    @model_validator(mode="after")
    def _one(self) -> _Auth:
        if (self.basic is None) == (self.bearer is None):
            raise ValueError("must hold exactly one of `basic` and `bearer`")
        return self


class _CallParams(_Params):
    url: str
    method: Literal["GET", "POST"] = "GET"
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None
    expected_status: int | list[int] | str = 200
    verify: bool = True
    auth: _Auth | None = None


class _TableParams(_Params):
    operation: Literal["get_item", "put_item"]
    table: str
    item: dict[str, Any] | None = None
    limit: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _item(self) -> _TableParams:
        if self.operation == "put_item" and self.item is None:
            raise ValueError("put_item needs `item`")
        return self


class _WaitParams(_Params):
    seconds: int


class FakeAction:
    def __init__(self, action_type: str, params_model: type[BaseModel]) -> None:
        self.type = action_type
        self.params_model = params_model

    def execute(self, params: Any, context_data: ActionContext) -> ActionResult:
        raise AssertionError("nothing runs while a scenario is checked or compiled")

    def is_safe_to_repeat(self, params: Any) -> bool:
        return True


class FakeStacks:
    def __init__(self) -> None:
        self.read: list[str] = []

    def outputs(self, stack_name: str) -> Mapping[str, str]:
        self.read.append(stack_name)
        if stack_name == "missing":
            raise MissingStackError("there is no stack missing")
        return {"ApiUrl": f"https://{stack_name}.example.com", "Table": f"{stack_name}-table"}


class FakeRandomness:
    def uniform(self, low: float, high: float) -> float:
        return low

    def token(self, length: int) -> str:
        return "abcdefghij"[:length]

    def uuid(self) -> str:
        return "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def actions() -> dict[str, Action]:
    models = {"http_call": _CallParams, "dynamodb": _TableParams, "wait": _WaitParams}
    return {name: FakeAction(name, model) for name, model in models.items()}


@pytest.fixture
def stacks() -> FakeStacks:
    return FakeStacks()


@pytest.fixture
def find(actions: dict[str, Action]) -> Find:
    """All problems of a scenario that is given as YAML text."""
    return lambda text: validate(load_text(text, "s.yaml"), actions)


Compile = Callable[..., Plan]


@pytest.fixture
def compiled(actions: dict[str, Action], stacks: FakeStacks) -> Compile:
    """Compile a scenario that is given as YAML text."""

    def compile_text(
        text: str, variables: Mapping[str, Json] | None = None, env: Mapping[str, str] | None = None
    ) -> Plan:
        inputs = PlanInputs("run-1", "2026-01-31T12:00:00.000Z", variables or {}, env or {})
        return compile_plan(load_text(text, "s.yaml").document, inputs, stacks, FakeRandomness(), actions)

    return compile_text
