"""`make attack` in small: a few payloads of each class, and its promises about itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.attack.corpus import CLASSES
from tests.attack.limits import strike
from tests.attack.payload import Payload

ROOT = Path(__file__).parents[2]
LEAST_CLASSES, LEAST_PAYLOADS = 12, 600


def test_awsit_holds_against_a_payload_of_each_class() -> None:
    command = [sys.executable, "-m", "tests.attack", "--each", "1"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)

    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"^all +\d+ +\d+ +0$", result.stdout, re.MULTILINE), result.stdout


def test_the_corpus_is_large_and_every_class_is_named_with_its_promise() -> None:
    assert len(CLASSES) >= LEAST_CLASSES
    assert sum(len([*payloads()]) for payloads in CLASSES.values()) >= LEAST_PAYLOADS
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert [name for name in CLASSES if f"`{name}`" not in policy] == []


def test_each_promise_names_tests_that_there_are() -> None:
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in policy.partition("### The promises")[2].splitlines() if line.startswith("| ")][1:]
    missing = []
    for row in rows:
        file, *names = re.findall(r"`(tests/\S+\.py|test_\w+)`", row) or [""]
        text = (ROOT / file).read_text(encoding="utf-8") if file else ""
        missing += [f"{file}: {name}" for name in names if f"def {name}(" not in text]
        missing += [name for name in re.findall(r"`([a-z]+-[a-z]+|secrets)`", row) if name not in CLASSES]
    assert len(rows) > 20
    assert missing == []


def test_a_payload_that_takes_too_much_or_raises_falls() -> None:
    attacks = {
        "CPU time": lambda: str(sum(range(200_000_000)))[:0],
        "MiB": lambda: str(len(b"a" * 300 * 1024 * 1024))[:0],
        "it raised ZeroDivisionError": lambda: str(1 / 0),
        "shown": lambda: "shown",
    }
    for reason, attack in attacks.items():
        assert reason in strike(Payload("bad", attack)).fell
    assert strike(Payload("good", str)).fell == ""
