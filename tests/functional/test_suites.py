"""Several scenarios in one command: how many at once, which, in which order, and when to stop."""

import gc
import os
import re
import signal
from decimal import Decimal
from pathlib import Path
from weakref import WeakSet
from xml.etree import ElementTree as ET

import pytest
from tests.functional.fakes import FAILING, PASSING, report_of

from awsit.model.json import loads
from awsit.system.garbage import OFTEN


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
def test_several_at_once_have_a_line_each_and_are_shown_whole_one_after_the_other(awsit):
    brief = awsit("run", "scenarios", "-j", "3").stdout
    whole = awsit("-v", "run", "scenarios", "-j", "3").stdout
    for name in ("orders_a", "orders_c", "stock"):
        assert f"  ✓ {name} " in brief
        block = whole[whole.index(f"{name}  2 actions") : whole.index(f"PASSED  {name}")]
        assert re.findall(r"✓ (\w+)", block) == ["CreateOrder", "ReadOrder", "DeleteOrder"]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("target", [[], ["--stack", "awsit"]], ids=["local", "stepfunctions"])
def test_fail_fast_begins_nothing_after_the_first_failure(awsit, wiring, target):
    if target:
        wiring.remote.fails = {"orders_b"}
    result = awsit("run", "scenarios", "--fail-fast", "--json", "--junit", "a.xml", "--ctrf", "a.json", *target)
    assert result.exit_code == 1
    found = statuses(result)
    assert list(found.values()) == ["passed", "failed", "skipped", "skipped", "skipped", "skipped"]
    assert "1 failed, 4 skipped, 1 passed" in result.stderr
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


@pytest.mark.parametrize(("after", "end"), [("orders_b", (130, 4)), ("stock", (0, 0))])
@pytest.mark.usefixtures("orders")
def test_ctrl_c_at_the_end_of_a_run_that_passed_is_no_success_when_others_were_not_run(
    awsit, wiring, monkeypatch, after, end
):
    follow = wiring.remote.follow

    def interrupted(run, emit):
        follow(run, emit)
        if run.request.name == after:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(wiring.remote, "follow", interrupted)
    monkeypatch.setattr(wiring.remote, "interrupt", lambda: True)
    result = awsit("run", "scenarios", "--stack", "awsit", "--junit", "a.xml")
    reasons = [each.get("message") for each in ET.parse("a.xml").findall("testsuite/testcase/skipped")]
    assert (result.exit_code, len(reasons)) == end
    assert set(reasons) <= {"Not run: the command was interrupted."}


@pytest.mark.usefixtures("orders")
def test_ctrl_c_tells_of_a_run_whose_start_was_not_answered(awsit, wiring, monkeypatch):
    def start(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(wiring.remote, "start", start)
    result = awsit("run", "scenarios", "--stack", "awsit")
    assert result.exit_code == 130
    assert "awsit status run-00000000000000000000000001 --stack awsit" in result.stderr
    assert "perhaps; its start was not answered yet" in result.stderr


@pytest.mark.usefixtures("orders")
def test_what_was_started_before_an_error_is_told(awsit, wiring):
    wiring.remote.refuses = {"orders_c"}
    result = awsit("run", "scenarios", "--stack", "awsit", "--no-wait", "--json")
    assert result.exit_code == 4
    assert [each["scenario"] for each in report_of(result)] == ["orders_a", "orders_b"]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["orders_*"], "orders_a orders_b orders_c orders_d orders_e"),
        (["*_c", "orders_?"], "orders_c orders_a orders_b orders_d orders_e"),
        (["orders_*", "--exclude-tag", "smoke", "stock"], "stock"),
        (["scenarios", "--tag", "slow"], "stock"),
        (["scenarios", "--tag", "slow", "--tag", "smoke", "--exclude-tag", "orders"], "stock"),
        (["scenarios", "--exclude-tag", "slow"], "orders_a orders_b orders_c orders_d orders_e"),
        (["orders_a", "scenarios/orders_a.yaml", "orders_a"], "orders_a"),
    ],
    ids=" ".join,
)
def test_what_is_chosen(awsit, arguments, expected):
    assert ran(awsit("run", *arguments, "--json")) == expected.split()


MATRIX = PASSING.replace("actions:", "matrix: [{quantity: 1}, {quantity: 5}, {quantity: 10}]\nactions:", 1)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("order_is_stored", [1, 5, 10]),
        ("order_is_stored[5]", [5]),
        ("order_is_stored[1*]", [1, 10]),
        ("order*", [1, 5, 10]),
    ],
)
def test_rows_of_a_matrix_have_names(awsit, scenario, name, rows):
    scenario(MATRIX)
    assert ran(awsit("run", name, "--json")) == [f"order_is_stored[{row}]" for row in rows]


@pytest.mark.parametrize("target", [[], ["--stack", "awsit"]], ids=["local", "stepfunctions"])
def test_rows_may_give_their_names(awsit, scenario, target):
    rows = "[{name: one, quantity: 1}, {name: a few, quantity: 5}, {quantity: 10}]"
    scenario(MATRIX.replace("[{quantity: 1}, {quantity: 5}, {quantity: 10}]", rows))
    awsit("push", "scenarios", "--stack", "awsit")
    assert ran(awsit("run", "order_is_stored", "--json", "--junit", "a.xml", *target)) == [
        "order_is_stored[one]",
        "order_is_stored[a few]",
        "order_is_stored[10]",
    ]
    assert 'name="order_is_stored[a few]"' in Path("a.xml").read_text()
    assert ran(awsit("run", "order_is_stored[a few]", "--json", *target)) == ["order_is_stored[a few]"]
    misspelt = awsit("run", "order_is_stored[a fwe]", *target)
    assert misspelt.exit_code == 3
    assert "did you mean order_is_stored[a few]?" in misspelt.stderr


def test_a_pattern_reaches_the_bucket_when_the_project_has_nothing_like_it(awsit, scenario, wiring):
    awsit("push", str(scenario(MATRIX, folder="elsewhere/deep")), "--stack", "awsit")
    assert ran(awsit("run", "order*", "--stack", "awsit", "--json")) == [f"order_is_stored[{n}]" for n in (1, 5, 10)]
    assert ran(awsit("run", "order_is_stored[5]", "--stack", "awsit", "--json")) == ["order_is_stored[5]"]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["order_x*"], 3, "there is no scenario like 'order_x*' in scenarios"),
        (["ordres_*"], 3, "did you mean orders_e or orders_d"),
        (["scenarios", "--tag", "nightly"], 3, "none of 6 scenarios has the tag nightly"),
        (["stock", "--tag", "nightly"], 3, "no scenario has the tag nightly"),
        (["orders_*", "--exclude-tag", "smoke"], 3, "none of 5 scenarios is without the tag smoke"),
        (["stock[7]"], 3, "the scenario stock has no row 'stock[7]'"),
        ([], 2, "no scenario is named"),
        (["scenarios", "--shard", "6/5"], 2, "there is no shard 6 of 5"),
        (["scenarios", "--shard", "half"], 2, "--shard 'half' is not of the form N/TOTAL"),
        (["scenarios", "--repeat", "0"], 2, "0 is not in the range 1<=x<=1000"),
        (["scenarios", "--jobs", "0"], 2, "0 is not in the range 1<=x<=100"),
        (["--shuffle", "scenarios"], 2, "--shuffle 'scenarios' is not a seed"),
        (["scenarios", "--durations", "a.json"], 2, "--durations balances shards"),
        (["scenarios", "--shard", "1/2", "--durations", "a.json"], 3, "a.json cannot be read"),
        (["scenarios", "--shard", "1/2", "--durations", "scenarios/stock.yaml"], 3, "is not a list of durations"),
        (["scenarios", "--no-wait", "--stack", "awsit", "--fail-fast"], 2, "--fail-fast needs the end of the runs"),
        (["scenarios", "--no-wait", "--stack", "awsit", "-j", "2"], 2, "--jobs needs the end of the runs"),
        (["--rerun-failed"], 3, "there is no last run in this project"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_values_and_empty_choices_are_told(awsit, wiring, arguments, code, message):
    result = awsit("run", *arguments)
    assert result.exit_code == code
    assert message in " ".join(result.stderr.split())
    assert wiring.http_fake.requests == []


@pytest.mark.usefixtures("orders")
def test_rerun_failed_runs_what_did_not_pass_and_then_says_that_all_passed(awsit, scenario):
    assert awsit("run", "scenarios").exit_code == 1
    again = awsit("run", "--rerun-failed", "--json")
    assert (again.exit_code, ran(again)) == (1, ["orders_b"])
    assert awsit("run", "--rerun-failed", "orders_a").exit_code == 3
    scenario(PASSING.replace("order_is_stored", "orders_b"), "orders_b.yaml")
    assert ran(awsit("run", "--rerun-failed", "scenarios", "--json")) == ["orders_b"]
    nothing = awsit("run", "--rerun-failed")
    assert nothing.exit_code == 3
    assert "nothing failed in the last run: it passed" in nothing.stderr


def test_rerun_failed_runs_only_the_rows_that_did_not_pass(awsit, scenario, wiring):
    wiring.remote.fails = {"order_is_stored[5]"}
    scenario(MATRIX)
    awsit("run", "scenarios", "--stack", "awsit")
    assert ran(awsit("run", "--rerun-failed", "--stack", "awsit", "--json")) == ["order_is_stored[5]"]


def test_rerun_failed_runs_a_named_row_that_did_not_pass(awsit, scenario, wiring):
    wiring.remote.fails = {"order_is_stored[a lot]"}
    rows = "[{name: few, quantity: 1}, {name: a lot, quantity: 1}, {quantity: 1}]"
    scenario(PASSING.replace("actions:", f"matrix: {rows}\nactions:", 1))
    assert len(ran(awsit("run", "scenarios", "--stack", "awsit", "--json"))) == 3
    assert ran(awsit("run", "--rerun-failed", "--stack", "awsit", "--json")) == ["order_is_stored[a lot]"]


def test_rerun_failed_finds_what_came_from_the_bucket(awsit, scenario, wiring):
    wiring.remote.fails = {"order_is_stored[5]"}
    awsit("push", str(scenario(MATRIX, folder="elsewhere/deep")), "--stack", "awsit")
    awsit("run", "order_is_stored", "--stack", "awsit")
    assert ran(awsit("run", "--rerun-failed", "--stack", "awsit", "--json")) == ["order_is_stored[5]"]


@pytest.mark.usefixtures("orders")
def test_rerun_failed_names_what_is_not_there_any_more(awsit):
    awsit("run", "scenarios")
    Path("scenarios/orders_b.yaml").unlink()
    gone = awsit("run", "--rerun-failed")
    assert gone.exit_code == 3
    assert "scenarios/orders_b.yaml, which failed in the last run, is not there any more" in gone.stderr


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("target", [[], ["--stack", "awsit"]], ids=["local", "stepfunctions"])
def test_repeat_makes_runs_of_their_own_and_says_how_many_passed(awsit, target, wiring):
    wiring.remote.fails = {"orders_b"}
    result = awsit("run", "orders_a", "orders_b", "--repeat", "3", "--junit", "a.xml", *target)
    assert result.exit_code == 1
    assert "6 runs: 3 failed, 3 passed" in result.stdout
    assert "orders_a: 3 of 3 passed\n  orders_b: 0 of 3 passed" in result.stdout
    suites = ET.parse("a.xml").findall("testsuite")
    assert len({suite.get("id") for suite in suites}) == 6


@pytest.mark.usefixtures("orders")
def test_each_repetition_that_fails_says_how_to_run_it_again(awsit):
    shown = awsit("run", "orders_b", "--repeat", "2", "--var", "quantity=3").stdout
    assert shown.count("awsit run scenarios/orders_b.yaml --var quantity=3") == 2


@pytest.mark.usefixtures("orders")
def test_reports_tell_the_repetitions_apart(awsit):
    reports = report_of(awsit("run", "orders_a", "--repeat", "2", "--json", "--junit", "a.xml"))
    assert [report["scenario"] for report in reports] == ["orders_a", "orders_a"]
    assert [report["repetition"] for report in reports] == [{"number": 1, "of": 2}, {"number": 2, "of": 2}]
    assert [each.get("name") for each in ET.parse("a.xml").iter("testcase")] == [
        "orders_a (1 of 2)",
        "orders_a (2 of 2)",
    ]


@pytest.mark.usefixtures("orders")
def test_shuffle_tells_its_seed_and_the_seed_gives_the_order_again(awsit):
    first = awsit("run", "scenarios", "--json", "--shuffle")
    seed = first.stderr.split("--shuffle ")[1].split()[0]
    assert ran(awsit("run", "scenarios", "--json", "--shuffle", seed)) == ran(first)
    assert sorted(ran(first)) == ["orders_a", "orders_b", "orders_c", "orders_d", "orders_e", "stock"]
    assert len({tuple(ran(awsit("run", "scenarios", "--json", "--shuffle", str(n)))) for n in range(4)}) > 1


@pytest.mark.usefixtures("orders")
def test_shards_are_disjoint_and_complete(awsit):
    parts = [ran(awsit("run", "scenarios", "--shard", f"{n}/4", "--json")) for n in range(1, 5)]
    assert sorted(name for part in parts for name in part) == [*(f"orders_{letter}" for letter in "abcde"), "stock"]
    assert [len(part) for part in parts] == [2, 2, 1, 1]


@pytest.mark.usefixtures("orders")
def test_durations_balance_the_shards(awsit):
    known = '[{"scenario": "stock", "median_seconds": 9.5}, {"scenario": "orders_a", "median_seconds": 1.5}]'
    Path("d.json").write_text(known.replace("]", ', {"scenario": "orders_b", "median_seconds": 1.5}]'))
    parts = [ran(awsit("run", "scenarios", "--shard", f"{n}/2", "--durations", "d.json", "--json")) for n in (1, 2)]
    assert parts == [["stock"], ["orders_a", "orders_b", "orders_c", "orders_d", "orders_e"]]


def test_a_shard_with_nothing_in_it_passes_and_writes_its_reports(awsit, scenario):
    scenario()
    result = awsit("run", "scenarios", "--shard", "2/2", "--json", "--junit", "a.xml")
    assert (result.exit_code, report_of(result)) == (0, [])
    assert "shard 2/2: 0 of 1 run" in result.stderr
    assert ET.parse("a.xml").getroot().get("tests") == "0"


@pytest.mark.usefixtures("orders")
def test_they_combine(awsit):
    flags = ["--shard", "1/2", "--repeat", "2", "--shuffle", "7", "--jobs", "3", "--exclude-tag", "slow", "--json"]
    names = ran(awsit("run", "scenarios", *flags))
    assert {name: names.count(name) for name in names} == {"orders_a": 2, "orders_c": 2, "orders_e": 2}


def test_limits_of_the_project_hold_beside_those_of_the_scenario(awsit, scenario, tmp_path, wiring):
    scenario(PASSING + "limits: {http: {orders.test: 100/s}}\n")
    (tmp_path / "awsit.toml").write_text(
        '[limits]\nhttp = {"orders.test" = 1, "*" = "5/s"}\ndynamodb = {orders = 2.5}\n'
    )

    assert awsit("run", "order_is_stored", "--stack", "awsit").exit_code == 0

    (request,) = wiring.remote.requests
    assert request.document["limits"] == {
        "http": {"orders.test": "100/s", "*": "5/s"},
        "dynamodb": {"orders": Decimal("2.5")},
    }


class Response:
    """A response as the SDK has it, which leads back to itself, through a tenth of what makes the collector come."""

    def __init__(self) -> None:
        self.parts = [[self] for _ in range(OFTEN // 10)]


def test_what_the_runs_of_a_large_suite_leave_in_cycles_is_collected_while_others_follow(awsit, scenario, wiring):
    received, follow = WeakSet(), wiring.remote.follow

    def leaving(run, emit):
        received.add(Response())
        follow(run, emit)

    wiring.remote.follow = leaving
    for number in range(40):
        scenario(PASSING.replace("order_is_stored", f"orders_{number}"), f"orders_{number}.yaml")
    before = gc.get_threshold()
    gc.collect()
    gc.set_threshold(100_000, 50, 1000)
    try:
        assert ran(awsit("run", "scenarios", "--stack", "awsit", "--no-in-account", "--json"))[39:]
        assert len(received) < 20
    finally:
        gc.set_threshold(*before)
