"""A failure in the form of pytest's own."""

import pytest

from awsit.pytest_plugin.failure_text import FailureText, restore


class Output:
    def __init__(self):
        self.lines = []

    def line(self, text):
        self.lines.append(text)


def report(longrepr, *, outcome="failed", mark="awsit"):
    return pytest.TestReport("a.yaml::a", ("a.yaml", 2, "a"), {mark: 1}, outcome, longrepr, "call")


def test_what_came_as_text_is_read_back():
    sent = FailureText("it did not", "a story\n\nof two parts", "a.yaml", 3)
    received = report(str(sent))
    restore(received)
    output = Output()
    received.longrepr.toterminal(output)
    assert received.longrepr.reprcrash == sent.reprcrash
    assert output.lines == ["a story\n\nof two parts"]


@pytest.mark.parametrize("other", [{}, {"mark": "smoke"}])
def test_other_reports_stay_as_they_are(other):
    received = report("text", **other)
    restore(received)
    assert received.longrepr == "text"
