"""Contracts on the command line: of a project, in validate, in push, and in reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from awsit.http.fake import FakeTransport
from awsit.model.http import HttpRequest, HttpResponse

DOCUMENT = """openapi: 3.0.3
info: {title: Orders, version: "1"}
servers: [{url: "http://orders.test"}]
paths:
  /orders:
    get: {responses: {"200": {description: All}}}
    post: {responses: {"201": {$ref: "parts/made.yaml#/Made"}}}
  /orders/{id}:
    get: {responses: {"200": {description: One}}}
    delete: {responses: {"204": {description: Gone}}}
"""
PARTS = "Made: {description: Made, content: {application/json: {schema: {type: object, required: [order_id]}}}}"
CALL = "{{name: {name}, type: http_call, params: {{url: 'http://{url}', method: {method}}}}}"
Awsit = Callable[..., Result]


def text(name: str, *calls: str, more: str = "") -> str:
    """A scenario; a call is such as `POST orders.test/orders`."""
    actions = [
        CALL.format(name=f"Call{number}", method=method, url=url)
        for number, (method, url) in enumerate(call.split() for call in calls)
    ]
    return f"name: {name}\n{more}\nactions: [{', '.join(actions)}]\n"


def answer(request: HttpRequest) -> HttpResponse:
    status = {"POST": 201, "DELETE": 204}.get(request.method, 200)
    return HttpResponse(status, {"Content-Type": "application/json"}, b'{"order_id": 1}', "")


@pytest.fixture
def project(tmp_path: Path, wiring, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a contract in two files, and a service that keeps it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api/parts").mkdir(parents=True)
    (tmp_path / "api/openapi.yaml").write_text(DOCUMENT)
    (tmp_path / "api/parts/made.yaml").write_text(PARTS)
    (tmp_path / "awsit.toml").write_text('contract = "api/openapi.yaml"\n')
    wiring.http_fake = FakeTransport(answer)
    return tmp_path


def test_a_run_shows_what_it_called_of_the_contract(awsit: Awsit, scenario, project) -> None:
    scenario(text("a", "POST orders.test/orders", "GET users.test/users"), "a.yaml")

    result = awsit("run", "a")

    assert result.exit_code == 0, result.output
    assert result.stdout.endswith("""\
  contract  api/openapi.yaml: 1 of 4 operations called
            not called: GET /orders, GET /orders/{id}, DELETE /orders/{id}
            1 call not checked: under none of its servers
""")


def test_an_api_of_another_stage_is_held_to_the_same_contract(awsit: Awsit, scenario, project) -> None:
    staged = "defaults: {http_call: {params: {contract_server: 'http://stage.test/v2/'}}}"
    scenario(text("a", "POST stage.test/v2/orders", "GET stage.test/v1/orders", more=staged), "a.yaml")
    result = awsit("run", "a")
    assert "1 of 4 operations called" in result.output
    assert "1 call not checked" in result.output
    scenario(text("a", "GET stage.test/v2/nothing", more=staged), "a.yaml")
    assert "GET /v2/nothing is no operation of ../api/openapi.yaml" in " ".join(awsit("run", "a").output.split())
    scenario(text("a", "GET stage.test/v2/orders", more=staged.replace("http:", "htp:")), "a.yaml")
    assert "the scheme 'htp' is not supported" in " ".join(awsit("validate", "scenarios").output.split())


def test_a_suite_shows_what_all_of_its_runs_called(awsit: Awsit, scenario, project) -> None:
    scenario(text("a", "POST orders.test/orders", "GET orders.test/orders/1"), "a.yaml")
    scenario(text("b", "GET orders.test/orders/1", "GET orders.test/orders"), "b.yaml", "scenarios/sub")
    scenario(text("c", "GET orders.test/nothing", more="contract: false"), "c.yaml")

    result = awsit("run", "scenarios", "--markdown", "report.md", "--html", "report.html", "--json", "report.json")

    assert result.exit_code == 0, result.output
    lines = result.stdout[result.stdout.index("3 scenarios: 3 passed") :].splitlines()
    assert lines[1:3] == [
        "  contract  api/openapi.yaml: 3 of 4 operations called",
        "            not called: DELETE /orders/{id}",
    ]
    assert "\nContract api/openapi.yaml: 3 of 4 operations called; not called: DELETE /orders/{id}.\n" in (
        project / "report.md"
    ).read_text(encoding="utf-8")
    index = (project / "report.html").read_text(encoding="utf-8").split('id="index">')[1].split("</script>")[0]
    called = {"GET /orders": 1, "POST /orders": 1, "GET /orders/{id}": 2, "DELETE /orders/{id}": 0}
    assert [each["operations"] for each in json.loads(index)["contracts"]] == [called]
    reports = {each["scenario"]: each["contracts"] for each in json.loads((project / "report.json").read_text())}
    assert [each["document"] for each in reports["b"]] == ["../../api/openapi.yaml"]
    assert reports["c"] == []


def test_what_is_broken_is_told_once_with_its_place(awsit: Awsit, scenario, project, wiring) -> None:
    wiring.http_fake = FakeTransport(HttpResponse(201, {"Content-Type": "application/json"}, b"{}", ""))
    scenario(text("a", "POST orders.test/orders"), "a.yaml")

    result = awsit("run", "a")

    assert result.exit_code == 1
    assert "contract  $.body: 'order_id' is a required property" in result.stdout
    assert result.stdout.count("../api/parts/made.yaml#/Made/content/application~1json/schema/required") == 1


def test_a_contract_of_the_scenario_is_nearer_than_that_of_the_environment(awsit: Awsit, scenario, project) -> None:
    (project / "awsit.toml").unlink()
    (project / "scenarios").mkdir()
    (project / "scenarios/own.yaml").write_text("openapi: 3.1.0\npaths: {/orders: {get: {responses: {}}}}")
    scenario(text("a", "GET orders.test/orders", more="contract: own.yaml"), "a.yaml")
    scenario(text("b", "GET orders.test/orders"), "b.yaml")

    own = awsit("run", "a", env={"AWSIT_CONTRACT": "api/openapi.yaml"})
    of_environment = awsit("run", "b", env={"AWSIT_CONTRACT": "api/openapi.yaml"})

    assert "the status 200 is not documented" in own.stdout
    assert of_environment.exit_code == 0
    assert "api/openapi.yaml: 1 of 4 operations called" in of_environment.stdout


@pytest.mark.parametrize(
    "case",
    [
        ("api/openapi.yaml", None, "awsit.toml:1:1", "there is no file api/openapi.yaml"),
        ("api/openapi.yaml", "swagger: '2.0'", "api/openapi.yaml:1:1", "but of Swagger 2.0"),
        ("api/openapi.yaml", "openapi: 3.0.3\npaths: [", "api/openapi.yaml:2:", "not valid YAML"),
        ("api/parts/made.yaml", None, "api/openapi.yaml:7:39", "there is no file api/parts/made.yaml"),
        ("api/parts/made.yaml", "Made: {", "api/parts/made.yaml:1:", "not valid YAML"),
    ],
)
@pytest.mark.parametrize("command", ["validate", "run", "push"])
def test_a_contract_that_cannot_be_used_is_told_at_its_place(awsit: Awsit, scenario, project, command, case) -> None:
    file, content, place, message = case
    scenario(text("a", "GET orders.test/orders"), "a.yaml")
    (project / file).unlink() if content is None else (project / file).write_text(content)

    result = awsit(command, "scenarios", *(["--stack", "awsit"] if command == "push" else []))

    assert result.exit_code == 3
    assert message in result.output
    assert f"--> {place}" in result.output


def test_a_pushed_scenario_takes_the_contract_of_its_project_along(awsit: Awsit, scenario, project, wiring) -> None:
    scenario(text("a", "GET orders.test/orders"), "a.yaml")

    result = awsit("push", "scenarios", "--stack", "awsit")

    assert result.exit_code == 0, result.output
    pushed = wiring.scenario_store(None).get("a")
    assert pushed["contract"] == "../api/openapi.yaml"
    assert pushed["files"].keys() == {"../api/openapi.yaml", "../api/parts/made.yaml"}
    assert {DOCUMENT.encode(), PARTS.encode()} <= set(wiring.bucket.objects.values())
