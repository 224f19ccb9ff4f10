"""`make accept` in small, on a sandbox of its own, so that it works on the day."""

from __future__ import annotations

import re

import pytest
from tests.accept.__main__ import main


def test_it_tries_everything_and_removes_what_it_made(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--sandbox", "--examples", "2", "--conformance", "4", "--runs", "2"])

    table = dict(re.findall(r"^(\S.*?)  +(\d+ +\d+)$", capsys.readouterr().out, re.MULTILINE))
    assert {name: numbers.split() for name, numbers in table.items()} == {
        "main job": ["2", "0"],
        "conformance": ["4", "0"],
        "StopExecution": ["2", "0"],
        "runs at once": ["2", "0"],
    }
    assert code == 0
