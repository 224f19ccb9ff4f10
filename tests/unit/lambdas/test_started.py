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
