"""What a test session did not test for want of a program: told in its last line."""

import re
from collections import Counter

import pytest

MISSING = re.compile(r"(\S+) is not installed: apt-get install (\S+)")


class NotTested:
    """Counts the tests that were skipped, by the program that they need."""

    def __init__(self) -> None:
        self._missing: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test that was skipped since a program is missing."""
        reason = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else ""
        if found := MISSING.search(reason):
            self._missing[found[1]] += 1

    def pytest_unconfigure(self) -> None:
        """Print the line, if anything was not tested."""
        if self._missing:
            print(f"\n{self}")

    def __str__(self) -> str:
        needs = ", ".join(f"{_count(number)} without {program}" for program, number in self._missing.items())
        return f"Not tested: {needs}. Install what is missing: apt-get install {' '.join(self._missing)}"


def _count(number: int) -> str:
    return "1 test" if number == 1 else f"{number} tests"
