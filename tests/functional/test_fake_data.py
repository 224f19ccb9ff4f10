"""Fake data: the same in a run that is made again, others in the next run."""

import json
import re

import pytest
from tests.functional.fakes import PASSING, report_of

SCENARIO = PASSING.replace("{{ vars.quantity }}", "{{ fake.name() }}")
FAILING = SCENARIO.replace("equals: created", "equals: shipped")


def sent(wiring):
    return [json.loads(request.body)["quantity"] for request in wiring.http_fake.requests if request.method == "POST"]


def test_a_run_that_is_made_again_has_the_same(awsit, scenario, wiring):
    scenario(FAILING)
    shown = awsit("run", "scenarios").stdout
    (words,) = re.findall(r"run again +awsit (run .* --seed \S+)", shown)

    awsit(*words.split())
    awsit("run", "--rerun-failed")
    awsit("run", "scenarios", "--seed", "another")

    first, again, rerun, another = sent(wiring)
    assert first == again == rerun != another


def test_rows_and_repetitions_have_others(awsit, scenario, wiring):
    scenario(SCENARIO.replace("actions:", "matrix: [{a: 1}, {a: 2}]\nactions:", 1))
    assert awsit("run", "scenarios", "--repeat", "2", "--seed", "17").exit_code == 0
    assert len(set(sent(wiring))) == 4
    assert awsit("run", "scenarios", "--repeat", "2", "--seed", "17").exit_code == 0
    assert sent(wiring)[:4] == sent(wiring)[4:]


def test_a_scenario_without_fake_data_names_no_seed(awsit, scenario):
    scenario(PASSING.replace("equals: created", "equals: shipped"))
    assert "--seed" not in awsit("run", "scenarios", "--seed", "17").stdout


def test_the_seed_goes_to_the_account(awsit, scenario, wiring):
    scenario(SCENARIO)
    assert awsit("run", "scenarios", "--stack", "awsit", "--seed", "17").exit_code == 0
    (request,) = wiring.remote.requests
    assert request.seed == "17"


@pytest.mark.parametrize("command", ["run", "validate"])
def test_an_unknown_one_is_told_with_the_near_ones(awsit, scenario, command):
    scenario(SCENARIO.replace("fake.name", "fake.nane"))
    result = awsit(command, "scenarios")
    assert result.exit_code == 3
    assert "`fake` has no `nane`; did you mean `name`" in result.output


def test_a_report_shows_what_was_sent(awsit, scenario, wiring):
    scenario(SCENARIO)
    report = report_of(awsit("run", "scenarios", "--json"))
    assert report["steps"][0]["request"]["body"]["quantity"] == sent(wiring)[0]
