"""An attempt acts where its `at` leads to, and so does what takes it back."""

from __future__ import annotations

import pytest
from tests.unit.engine.table import TableAws
from tests.unit.engine.world import World, answer

from awsit.model.http import HttpRequest
from awsit.model.json import dumps
from awsit.model.plan import AwsPlace
from awsit.model.result import RunResult, RunStatus

ROLE = "arn:aws:iam::210987654321:role/tests"
AT = f"{{role_arn: '{ROLE}', region: eu-west-1, external_id: \"{{{{ secret('id') }}}}\"}}"
PUT = "{operation: put_item, table: orders, item: {id: '7', text: new}}"
DELETE = "{operation: delete_item, table: orders, key: {id: '7'}}"


class Elsewhere:
    """The AWS of each place that was asked for."""

    def __init__(self) -> None:
        self.places: dict[AwsPlace, TableAws] = {}

    def __call__(self, place: AwsPlace) -> TableAws:
        return self.places.setdefault(place, TableAws())

    @property
    def calls(self) -> dict[str, list[str]]:
        return {place.region: aws.calls for place, aws in self.places.items()}


def ran(elsewhere: Elsewhere, here: TableAws, actions: str, head: str = "") -> RunResult:
    world = World(answer(), secrets={"id": "ext-4711"}, aws=here, aws_at=elsewhere)
    return world.run(f"name: it\n{head}\nactions:\n{actions}")


def test_an_action_and_what_takes_it_back_work_at_its_place() -> None:
    here, elsewhere = TableAws(), Elsewhere()
    result = ran(elsewhere, here, f"- {{name: Put, type: dynamodb, auto_cleanup: true, params: {PUT}, at: {AT}}}")

    assert result.status is RunStatus.PASSED
    assert elsewhere.calls == {"eu-west-1": ["get_item", "put_item", "delete_item"]}
    assert here.calls == []
    assert list(elsewhere.places) == [AwsPlace(ROLE, "eu-west-1", "ext-4711")]


def test_a_report_shows_the_place_and_no_external_id() -> None:
    result = ran(Elsewhere(), TableAws(), f"- {{name: Put, type: dynamodb, params: {PUT}, at: {AT}}}")
    (step,) = result.steps
    assert step.request["at"] == {"role_arn": ROLE, "region": "eu-west-1"}
    assert step.request["table"] == "orders"
    assert "ext-4711" not in dumps(step.request)


def test_clean_up_works_where_its_action_does_unless_it_says_otherwise() -> None:
    here, elsewhere = TableAws(), Elsewhere()
    cleanup = f"[{{type: dynamodb, params: {DELETE}}}, {{type: dynamodb, params: {DELETE}, at: {{region: us-east-1}}}}]"
    put = f"- {{name: Put, type: dynamodb, params: {PUT}, at: {{region: eu-west-1}}, cleanup: {cleanup}}}"
    ran(elsewhere, here, put)
    assert elsewhere.calls == {"eu-west-1": ["put_item", "delete_item"], "us-east-1": ["delete_item"]}


def test_a_scenario_has_one_for_all_actions_that_call_aws_and_have_none() -> None:
    here, elsewhere = TableAws(), Elsewhere()
    actions = (
        f"- {{name: There, type: dynamodb, params: {PUT}}}\n"
        f"- {{name: Here, type: dynamodb, params: {PUT}, at: {{}}}}\n"
        "- {name: Call, type: http_call, params: {url: 'http://api.test/'}}\n"
    )
    cleanup = f"cleanup: [{{type: dynamodb, params: {DELETE}}}]"
    result = ran(elsewhere, here, actions, f"at: {{region: eu-west-1}}\n{cleanup}")
    assert elsewhere.calls == {"eu-west-1": ["put_item", "delete_item"]}
    assert here.calls == ["put_item"]
    assert ["at" in step.request for step in result.steps] == [True, False, False]


def test_a_cached_result_is_that_of_its_place() -> None:
    here, elsewhere = TableAws(), Elsewhere()
    get = "type: dynamodb, cache_seconds: 60, params: {operation: get_item, table: orders, key: {id: '7'}}"
    regions = ("eu-west-1", "us-east-1", "eu-west-1")
    actions = "\n".join(f"- {{name: Get{i}, {get}, at: {{region: {name}}}}}" for i, name in enumerate(regions))
    ran(elsewhere, here, actions)
    assert elsewhere.calls == {"eu-west-1": ["get_item"], "us-east-1": ["get_item"]}


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("{role_arn: '{{ vars.wrong }}'}", "`at.role_arn` has no value that AWS takes: 'no role'"),
        ("{region: '{{ vars.wrong }}'}", "`at.region` has no value that AWS takes: 'no role'"),
        (
            f"{{role_arn: '{ROLE}', external_id: '{{{{ vars.wrong }}}}'}}",
            "`at.external_id` has no value that AWS takes",
        ),
        ("{region: \"{{ secret('none') }}\"}", "none"),
    ],
)
def test_a_place_that_cannot_be_is_the_steps_error(at: str, message: str) -> None:
    elsewhere = Elsewhere()
    put = f"- {{name: Put, type: dynamodb, params: {PUT}, at: {at}}}"
    result = ran(elsewhere, TableAws(), put, "variables: {wrong: no role}")
    (step,) = result.steps
    assert result.status is RunStatus.ERROR
    assert step.error is not None
    assert message in step.error.message
    assert elsewhere.places == {}


@pytest.mark.parametrize(("run_seconds", "left", "allowed"), [(300, 4.5, 5), (4, 3.5, 4)])
def test_messages_name_the_time_that_an_attempt_was_given_and_not_what_is_left_of_it(
    run_seconds: int, left: float, allowed: float
) -> None:
    class Signing(TableAws):
        def sign(self, request: HttpRequest, *_: str) -> HttpRequest:
            return request

    def slow(_: AwsPlace) -> TableAws:
        world.clock.sleep(0.5)
        return Signing()

    world = World(answer(200), aws=TableAws(), aws_at=slow)
    params = "{url: 'https://x.test', auth: {sigv4: {service: execute-api, region: eu-west-1}}}"
    get = f"{{name: Get, type: http_call, timeout_seconds: 5, at: {{region: eu-west-1}}, params: {params}}}"
    world.run(f"name: it\ntimeout_seconds: {run_seconds}\nactions:\n- {get}")

    (request,) = world.http.requests
    assert (request.timeout_seconds, request.allowed_seconds) == (left, allowed)
