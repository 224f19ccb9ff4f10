"""Every example, on both engines: one report, times and IDs aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conformance.cases import load
from tests.conformance.comparing import comparable, difference, report
from tests.deployed import ORDERS, Deployed, deployed  # noqa: F401 - a fixture is used by its name

SCENARIOS = sorted((ORDERS / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_both_engines_give_the_same_report(path: Path, deployed: Deployed) -> None:  # noqa: F811
    document = load(path).document

    first = report(deployed.local(), document)
    assert first["error"] is None or "on_purpose" in path.stem, first["error"]
    local = comparable(document, first)
    remote = comparable(document, report(deployed.remote(), document))

    assert difference(local, remote) == ""
