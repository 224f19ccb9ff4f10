"""What runs called of their contracts, together."""

from __future__ import annotations

import pytest

from awsit.model.result import ContractCoverage, RunResult, RunStatus
from awsit.reporting.coverage import add_coverage, coverage_lines


def run(document: str, digest: str, file: str = "", other_calls: int = 0, **operations: int) -> RunResult:
    contract = ContractCoverage(document, digest, operations, other_calls)
    return RunResult("run-1", "s", RunStatus.PASSED, "local", "", "", 0.0, file=file, contracts=(contract,))


def test_runs_of_one_document_are_added_up_whatever_the_path_to_it() -> None:
    results = [
        run("../api.yaml", "sha256:1", "scenarios/a.yaml", 1, A=1, B=0, C=0),
        run("../../api.yaml", "sha256:1", "scenarios/sub/b.yaml", 2, A=2, B=0, C=1),
        run("api.yaml", "sha256:2", "", A=0),
    ]
    merged: dict[str, ContractCoverage] = {}
    for result in results:
        add_coverage(merged, result)
    assert tuple(merged.values()) == (
        ContractCoverage("api.yaml", "sha256:1", {"A": 3, "B": 0, "C": 1}, 3),
        ContractCoverage("api.yaml", "sha256:2", {"A": 0}),
    )


@pytest.mark.parametrize(
    ("operations", "other_calls", "lines"),
    [
        ({"A": 2}, 0, ["1 of 1 operation called"]),
        (
            {"A": 2, "B": 0},
            1,
            ["1 of 2 operations called", "not called: B", "1 call not checked: under none of its servers"],
        ),
        (dict.fromkeys("ABCDEFG", 0), 0, ["0 of 7 operations called", "not called: A, B, C, D, E and 2 more"]),
        ({}, 3, ["0 of 0 operations called", "3 calls not checked: under none of its servers"]),
    ],
)
def test_the_words(operations, other_calls, lines):
    assert coverage_lines(ContractCoverage("api.yaml", "", operations, other_calls)) == lines
