"""A failure in the form of pytest's own."""

import pytest

from awsit.pytest_plugin.failure_text import FailureText, restore, with_pytest_options


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


def test_the_line_of_a_failure_names_its_place_and_reason():
    assert str(FailureText("it did not", "a story", "a.yaml", 3).reprcrash) == "a.yaml:3: it did not"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("give --region, or use --sandbox", "give --awsit-region, or use --awsit-sandbox"),
        ("--var 'v' is not of the form name=value", "--awsit-var 'v' is not of the form name=value"),
        ("run it with `--engine local`", "run it with `--awsit-engine local`"),
        ("name it by --state-machine-arn", "name it by --awsit-state-machine-arn"),
        ("--stack-name, --variant and --awsit-stack", "--stack-name, --variant and --awsit-stack"),
        ("`awsit deploy --stack a`, or --stack", "`awsit deploy --stack a`, or --awsit-stack"),
        ("awsit sandbox start --region x", "awsit sandbox start --region x"),
    ],
)
def test_an_error_names_the_options_of_pytest(said, shown):
    assert with_pytest_options(said) == shown
