"""Annotations, read as GitHub's runner reads workflow commands."""

import re

import pytest
from tests.unit.reporting.runs import CANCELLED, ERROR, EVERY, FAILED, HOSTILE, LEFT, PASSED

from awsit.errors import EnvironmentFailure, InvalidInputError, Position, Problem
from awsit.records import replace
from awsit.reporting.failure_context import FailureContext, nothing_known
from awsit.reporting.formats.annotations import of_error, workflow_commands
from awsit.scenario.reading.load import load_text

DECODED = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


def decoded(text):
    for code, character in DECODED:
        text = text.replace(code, character)
    return text


def read(text):
    """Each command: level, properties, message; a line that is none is an error."""
    found = []
    for line in re.split(r"[\r\n]+", text.rstrip("\n")):
        level, given, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()
        properties = dict(each.split("=", 1) for each in given.split(","))
        found.append((level, {name: decoded(value) for name, value in properties.items()}, decoded(message)))
    return found


def test_every_run_that_did_not_pass_has_one_and_the_worst_is_first():
    found = read("".join(workflow_commands(EVERY, nothing_known)))
    assert len(found) == len(EVERY) - 1
    assert found[0][1]["title"] == "order_has_its_total: failed"
    assert found[0][2].startswith("OrderIsStored: the order has its total: total: expected 29.90, got 24.90\nrun run-")
    assert "".join(workflow_commands([PASSED], nothing_known)) == ""


@pytest.mark.parametrize(
    ("result", "level"), [(FAILED, "error"), (ERROR, "error"), (LEFT, "warning"), (CANCELLED, "notice")]
)
def test_the_level_is_the_verdicts(result, level):
    assert read("".join(workflow_commands([result], nothing_known)))[0][0] == level


SOURCE = load_text("name: a\nactions: [{name: CreateInvalidOrder}]\n", "scenarios, all: 100%/a.yaml")


def with_source(_):
    return FailureContext(source=SOURCE)


def test_the_place_is_relative_to_the_checkout(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ((_, properties, _),) = read("".join(workflow_commands([ERROR], with_source, str(tmp_path.parent))))
    assert properties["file"] == f"{tmp_path.name}/{SOURCE.file}"
    assert (properties["line"], properties["col"], properties["endColumn"]) == ("2", "18", "36")
    ((_, properties, _),) = read("".join(workflow_commands([ERROR], with_source, "/elsewhere")))
    assert properties["file"] == SOURCE.file


def test_a_run_without_a_place_to_blame_stands_beside_the_name():
    ((_, properties, _),) = read("".join(workflow_commands([CANCELLED], with_source)))
    assert (properties["line"], properties["col"]) == ("1", "7")


def test_data_ends_no_line_and_begins_no_command():
    hostile = replace(HOSTILE, scenario="a::set-output name=x::y\r\n::stop-commands::z,file=other%0A")
    ((_, properties, message),) = read("".join(workflow_commands([hostile], nothing_known)))
    assert set(properties) == {"title"}
    assert "set-output" in properties["title"]
    assert "onerror=alert(1)" in message


def test_a_long_message_is_cut():
    long = replace(ERROR, steps=(), error=replace(ERROR.error, message="x" * 100_000))
    assert len("".join(workflow_commands([long], nothing_known))) < 5_000


def test_what_kept_anything_from_running_is_told_at_its_place():
    problem = Problem(
        "unknown_type", "action type `a` is not known", hint="there is b", position=Position("s.yaml", 3, 5, 2)
    )
    found = read(of_error(InvalidInputError("s.yaml is not valid", (problem, replace(problem, position=None)))))
    assert found[0][1] == {"title": "awsit", "file": "s.yaml", "line": "3", "col": "5", "endColumn": "7"}
    assert found[0][2] == "action type `a` is not known\nthere is b"
    assert found[1][1] == {"title": "awsit"}
    assert read(of_error(EnvironmentFailure("no credentials", hint="log in"))) == [
        ("error", {"title": "awsit"}, "no credentials\nlog in")
    ]
