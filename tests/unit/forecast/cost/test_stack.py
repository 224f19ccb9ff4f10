"""What the stack costs in a month."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.unit.forecast.plans import call, foreseen, get

from awsit.aws.deployment import package, template
from awsit.forecast.cost.stack import HOURS, RUNS_AN_HOUR, stack_cost
from awsit.model.json import Json

RUNS_A_MONTH = RUNS_AN_HOUR * HOURS


@pytest.fixture(scope="module")
def resources() -> Mapping[str, Json]:
    found: Mapping[str, Json] = template.read(package.infra_folder() / "template.yaml")["Resources"]
    return found


def test_every_resource_of_the_template_is_priced_used_by_runs_or_free(resources: Mapping[str, Json]) -> None:
    assert stack_cost(resources, [foreseen(get())]).not_priced == ()
    assert stack_cost({"Trail": {"Type": "AWS::CloudTrail::Trail"}}, []).not_priced == ("AWS::CloudTrail::Trail",)


def test_idle_costs_what_watches_and_sweeps(resources: Mapping[str, Json]) -> None:
    cost = stack_cost(resources, [foreseen(get())])
    idle = {item.name: round(item.idle, 4) for item in cost.items if item.idle}

    assert idle == {
        "scheduled calls": 0.0018,  # 8,760 of them
        "their GB-seconds": 0.0146,
        "their logs": 0.0088,
        "alarms, by metric": 0.9,  # six on one metric, and one on a band
        "dashboard": 3.0,
    }
    assert cost.idle == 3.93


def test_a_run_costs_what_its_estimate_says_and_its_logs_metrics_and_traces(resources: Mapping[str, Json]) -> None:
    forecast = foreseen(get(), call("https://a.test/"))
    cost = stack_cost(resources, [forecast])
    busy = {item.name: item.busy - item.idle for item in cost.items}
    of_the_estimate = sum(busy[item.name] for item in forecast.cost.items)

    assert of_the_estimate == pytest.approx(forecast.cost.dollars.best * RUNS_A_MONTH)
    assert busy["metrics"] == pytest.approx((11 + 2 * 5) * 0.3)
    assert busy["traces"] == pytest.approx(RUNS_A_MONTH * 5 / 1e6)
    logged = forecast.execution.invocations.best * 2000 + forecast.execution.events.best * 350
    assert busy["logs, in GB"] == pytest.approx(RUNS_A_MONTH * logged / 1e9 * 0.5)
    assert cost.busy == pytest.approx(sum(busy.values()) + cost.idle, abs=0.01)


def test_several_scenarios_are_run_in_turn(resources: Mapping[str, Json]) -> None:
    short, long = foreseen(get()), foreseen(*(get(f"Get{number}") for number in range(9)))
    alone = [stack_cost(resources, [each]).busy for each in (short, long)]

    assert stack_cost(resources, [short, long]).busy == pytest.approx(sum(alone) / 2, abs=0.02)
