"""Several scenarios in one command: how many at once, which, in which order, and when to stop."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.functional.fakes import FAILING, PASSING, report_of

from awsit.model.json import loads


@pytest.fixture
def orders(scenario):
    """Scenarios `orders_a` to `orders_e`, of which `orders_b` fails, and `stock` with the tag `slow`."""
    for letter in "abcde":
        text = (FAILING if letter == "b" else PASSING).replace("order_is_shipped", "order_is_stored")
        scenario(text.replace("order_is_stored", f"orders_{letter}"), f"orders_{letter}.yaml")
    scenario(PASSING.replace("order_is_stored", "stock").replace("orders, smoke", "slow"), "stock.yaml")


def ran(result):
    """The names of what ran, in the order of the reports."""
    reports = report_of(result)
    return [each["scenario"] for each in (reports if isinstance(reports, list) else [reports])]


def statuses(result):
    return {each["scenario"]: each["status"] for each in report_of(result)}


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("target", [[], ["--stack", "awsit"]], ids=["local", "stepfunctions"])
def test_several_at_once_are_reported_in_the_order_that_was_asked_for(awsit, target):
    result = awsit("run", "scenarios", "--jobs", "4", "--json", *target)
    assert ran(result) == ["orders_a", "orders_b", "orders_c", "orders_d", "orders_e", "stock"]
    assert "6 scenarios: " in result.stderr


@pytest.mark.usefixtures("orders")
def test_several_at_once_are_shown_one_after_the_other(awsit):
    shown = awsit("run", "scenarios", "-j", "3").stdout
    for name in ("orders_a", "orders_c", "stock"):
        block = shown[shown.index(f"{name}  2 actions") :].splitlines()
        assert [line.split()[1] for line in block[1:3]] == ["CreateOrder", "ReadOrder"]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("target", [[], ["--stack", "awsit"]], ids=["local", "stepfunctions"])
def test_fail_fast_begins_nothing_after_the_first_failure(awsit, wiring, target):
    if target:
        wiring.remote.fails = {"orders_b"}
    result = awsit("run", "scenarios", "--fail-fast", "--json", "--junit", "a.xml", "--ctrf", "a.json", *target)
    assert result.exit_code == 1
    found = statuses(result)
    assert list(found.values()) == ["passed", "failed", "skipped", "skipped", "skipped", "skipped"]
    assert "1 passed, 1 failed, 4 skipped" in result.stderr
    skipped = ET.parse("a.xml").findall("testsuite/testcase/skipped")
    assert {each.get("message") for each in skipped} == {"Not run: another one had not passed (--fail-fast)."}
    assert loads(Path("a.json").read_text())["results"]["summary"]["skipped"] == len(skipped) == 4


@pytest.mark.usefixtures("orders")
def test_what_was_not_run_leaves_no_report_behind(awsit, tmp_path):
    awsit("run", "scenarios", "--fail-fast")
    assert len(list((tmp_path / ".awsit" / "reports").glob("*.json"))) == 2


@pytest.mark.usefixtures("orders")
def test_a_run_that_cannot_be_started_is_an_error_and_the_rest_is_not_run(awsit, wiring):
    wiring.remote.refuses = {"orders_b"}
    result = awsit("run", "scenarios", "--stack", "awsit", "--junit", "a.xml")
    assert result.exit_code == 4
    assert "the account says no" in result.stderr
    cases = ET.parse("a.xml").findall("testsuite/testcase")
    assert [each.find("error") is not None for each in cases] == [False, True, False, False, False, False]
    assert len([each for each in cases if each.find("skipped") is not None]) == 4


@pytest.mark.usefixtures("orders")
def test_ctrl_c_names_every_run_that_goes_on(awsit, wiring):
    wiring.remote.interrupted = True
    result = awsit("run", "scenarios", "--stack", "awsit")
    assert result.exit_code == 130
    assert result.stderr.count("awsit stop run-") == 1
    assert "orders_b" not in [request.name for request in wiring.remote.requests]
