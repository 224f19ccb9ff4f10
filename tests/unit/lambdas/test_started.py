"""Workers that start before there is anything to do."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest

from awsit.lambdas import started

LOADED = f"""
import json, sys
import awsit.lambdas.atomic_invoker
from awsit.lambdas import started
before = [name for name in {started.IMPORTED_LATER!r} if name in sys.modules]
started.complete_start({{started.KIND: sys.argv[1]}})
print(json.dumps([before, [name for name in {started.IMPORTED_LATER!r} if name in sys.modules]]))
"""


FOR_FEW_CALLS = (
    "awsit.actions.mock.script",
    "awsit.aws.standings",
    "awsit.aws.stepfunctions.recovery",
    "awsit.lambdas.notifications",
    "awsit.lambdas.suites",
    "boto3",
    "jinja2",
    "pydantic",
    "s3transfer",
)
"""What most workers never need, or not before their first action."""

START = f"""
import gc, importlib, json, sys
handler = importlib.import_module(sys.argv[1])
print(json.dumps([gc.isenabled(), gc.get_freeze_count(), [name for name in {FOR_FEW_CALLS!r} if name in sys.modules]]))
"""
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWSIT_ACTIONS_ROLE": "arn:aws:iam::123456789012:role/actions",
    "AWSIT_BUCKET": "bucket",
    "AWSIT_TABLE": "table",
}


def start(handler: str, **more: str) -> Any:
    """What a new worker says after its start."""
    command = [sys.executable, "-c", START, f"awsit.lambdas.{handler}"]
    return json.loads(subprocess.check_output(command, env={**ENVIRONMENT, **more}, text=True))


@pytest.mark.parametrize("handler", ["atomic_invoker", "mocks"])
def test_a_worker_looks_for_garbage_when_it_has_started_and_not_in_what_lives_as_long(handler: str) -> None:
    is_enabled, frozen, _ = start(handler, AWS_LAMBDA_FUNCTION_NAME="f")
    assert is_enabled
    assert frozen > 10_000
    assert start(handler)[:2] == [True, 0]


def test_a_start_that_a_call_waits_for_imports_nothing_that_few_calls_need() -> None:
    assert start("atomic_invoker", AWS_LAMBDA_FUNCTION_NAME="f")[2] == []


@pytest.mark.parametrize(("kind", "imported"), [("on-demand", ()), ("provisioned-concurrency", started.IMPORTED_LATER)])
def test_what_is_imported_later_elsewhere_is_imported_at_the_start(kind: str, imported: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", LOADED, kind]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == [[], list(imported)]


@pytest.mark.parametrize("kind", ["snap-start", "provisioned-concurrency", "on-demand", ""])
def test_workers_from_one_snapshot_wait_differently(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the runtime does it: what `register_after_restore` was given is called in each worker.

    AWS Lambda developer guide, "Lambda SnapStart runtime hooks for Python".
    """
    hooks: list[tuple[Any, ...]] = []
    library: Any = ModuleType("snapshot_restore_py")
    library.register_after_restore = lambda hook, *given: hooks.append((hook, *given))
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", library)

    started.complete_start({started.KIND: kind})

    kept = random.getstate()
    waits = set()
    for _ in range(3):
        random.setstate(kept)
        for hook, *given in hooks:
            hook(*given)
        waits.add(random.random())
    random.setstate(kept)
    assert len(waits) == (3 if kind == "snap-start" else 1)
