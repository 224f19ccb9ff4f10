"""Folders of scenarios: what is beside them, and whose settings hold."""

import json
from pathlib import Path

import pytest
from tests.functional.fakes import PASSING

MISSPELT = PASSING.replace("actions:", "actoins:", 1).replace("order_is_stored", "misspelt")
TELLS = "there is no key `actoins`; did you mean `actions`?"
COMMANDS = [
    ("run", "scenarios"),
    ("validate", "scenarios"),
    ("push", "scenarios", "--stack=awsit"),
    ("list-scenarios",),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_a_misspelt_scenario_does_not_vanish(awsit, scenario, command):
    scenario()
    path = scenario(MISSPELT, "misspelt.yaml")
    result = awsit(*command)
    line = MISSPELT.splitlines().index("actoins:") + 1
    assert result.exit_code == 3
    assert TELLS in result.output
    assert f"{path.name}:{line}:1" in result.output


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("list.yaml", "- {name: a, actions: []}\n- {name: b, actions: []}\n", "a file holds one scenario"),
        (
            "steps.json",
            '{"name": "s", "steps": [{"type": "wait", "params": {"seconds": 1}}]}',
            "did you mean `actions`?",
        ),
        ("rows.json", '[{"product": "pen"}]', "it has no `actions`, and no scenario names it"),
        ("empty.yaml", "", "empty"),
        ("broken.yaml", "rows: [1, 2\n", "broken.yaml:"),
        ("texts.json", '{"actions": {"save": "Save"}}', "`actions` must be a list"),
        ("two.yaml", "kind: A\n---\nkind: B\n", 'say so in awsit.toml: ignore = ["scenarios/two.yaml"]'),
    ],
)
def test_a_file_that_is_nothing_known_is_an_error_in_a_scenario_folder(awsit, scenario, name, text, words):
    scenario()
    scenario(text, name)
    result = awsit("validate", "scenarios")
    assert result.exit_code == 3
    assert words in " ".join(result.output.split())


def test_what_is_ignored_known_or_named_is_left_out_and_counted(awsit, scenario, tmp_path):
    upload = 'multipart: [{name: data, file: "data/rows.json"}]'
    params = f"{{url: 'http://a.test/', method: POST, {upload}}}"
    scenario(f"name: upload\nactions: [{{name: Up, type: http_call, params: {params}}}]")
    scenario('[{"a": 1}]', "rows.json", "scenarios/data")
    scenario("openapi: 3.1.0\n", "api.yaml")
    scenario("anything: goes\n", "other.yaml", "scenarios/fixtures")
    (tmp_path / "awsit.toml").write_text('ignore = ["scenarios/fixtures"]\n')
    result = awsit("validate", "scenarios")
    assert result.exit_code == 0, result.output
    assert "Left out: 1 OpenAPI document, 1 ignored, 1 named by a scenario" in result.stderr


LIBRARY = """\
library: photos
actions:
  send:
    inputs: {size: {type: string, default: small}}
    actions:
      - name: Send
        type: http_call
        params: {url: "http://a.test/", method: POST, multipart: [{name: p, file: "photos/{{ inputs.size }}.json"}]}
"""
CONTRACT = """\
openapi: 3.1.0
info: {title: a, version: "1"}
paths:
  /:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: schemas/order.yaml}}}}}}
"""


@pytest.mark.parametrize("use", ["actions: [{use: send}]", "actions: [{use: sned}]"])
def test_what_a_library_or_the_projects_contract_names_belongs_there(awsit, scenario, tmp_path, use):
    scenario(f"name: upload\n{use}\n")
    scenario(LIBRARY, "photos.yaml", "scenarios/shared")
    scenario("[]", "small.json", "scenarios/shared/photos")
    scenario(CONTRACT, "api.yaml", "scenarios/api")
    scenario("type: object\n", "order.yaml", "scenarios/api/schemas")
    (tmp_path / "awsit.toml").write_text('libraries = "scenarios/shared"\ncontract = "scenarios/api/api.yaml"\n')
    result = awsit("validate", "scenarios")
    assert "no scenario names it" not in result.output
    assert "Left out: 3 named by a scenario" in result.stderr
    assert result.exit_code == (3 if "sned" in use else 0)


def test_the_own_folder_of_a_project_is_full_of_other_files(awsit, scenario, tmp_path):
    scenario()
    for name, text in (
        ("package.json", '{"name": "p", "version": "1"}'),
        ("compose.yaml", "services: {}\n"),
        ("x.yml", "["),
        ("chart.yaml", "{{- if .Values.enabled }}\nkind: Service\n{{- end }}\n"),
        ("manifests.yaml", "kind: Service\n---\nkind: Deployment\n"),
        ("playbook.yml", "- hosts: all\n  tasks: [{name: Install, apt: {name: x}}]\n"),
        ("cloudbuild.yaml", "steps: [{name: builder, args: [a]}]\n"),
        ("workflow.yml", "on: push\njobs: {a: {steps: [{uses: actions/checkout@v4}]}}\n"),
        ("action.yml", "name: a\nruns: {using: composite, steps: [{run: x}]}\n"),
        ("collection.json", '{"info": {"name": "c"}, "item": [{"name": "r", "request": {}}]}'),
        ("de.json", '{"name": "Name", "actions": {"save": "Speichern", "edit": {"cut": "Ausschneiden"}}}'),
    ):
        (tmp_path / name).write_text(text)
    validated = awsit("validate", ".")
    assert validated.exit_code == 0, validated.output
    assert "Left out: 1 Compose file, 10 of another kind" in validated.stderr.replace("\n", " ")
    listed = awsit("list-scenarios", "--json")
    assert listed.exit_code == 0, listed.output
    assert [each["name"] for each in json.loads(listed.stdout)] == ["order_is_stored"]
    assert awsit("run", ".").exit_code == 0
    scenario(MISSPELT, "misspelt.yaml", ".")
    assert TELLS in awsit("validate", ".").output


@pytest.fixture
def elsewhere(tmp_path: Path, scenario) -> Path:
    """A project in a folder below the current one."""
    scenario(PASSING, folder="shop/scenarios")
    (tmp_path / "shop" / "awsit.toml").write_text('report_folder = "out"\n')
    return tmp_path / "shop"


def test_the_settings_are_those_of_the_scenarios_project(awsit, elsewhere, tmp_path):
    result = awsit("run", "shop/scenarios/order_is_stored.yaml")
    assert result.exit_code == 0, result.output
    assert len(list((elsewhere / "out").glob("run-*.json"))) == 1
    assert (elsewhere / ".awsit").is_dir()
    assert not (tmp_path / ".awsit").exists()


@pytest.mark.parametrize("command", ["run", "validate", "plan"])
def test_files_of_several_projects_are_refused(awsit, elsewhere, scenario, tmp_path, command):
    scenario(PASSING, folder="other")
    (tmp_path / "other" / "awsit.toml").write_text("")
    result = awsit(command, "shop/scenarios/order_is_stored.yaml", "other/order_is_stored.yaml")
    assert result.exit_code == 2
    assert "belong to several projects: other/awsit.toml and shop/awsit.toml" in result.stderr
    assert "--config" in result.stderr


def test_one_file_for_all_of_them_can_be_named(awsit, elsewhere, scenario, tmp_path):
    scenario(PASSING.replace("order_is_stored", "second"), folder="other")
    (tmp_path / "other" / "awsit.toml").write_text("")
    (tmp_path / "all.toml").write_text("")
    files = "shop/scenarios/order_is_stored.yaml", "other/order_is_stored.yaml"
    result = awsit("--config", "all.toml", "validate", "--json", *files)
    assert result.exit_code == 0
    assert [each["valid"] for each in json.loads(result.stdout)] == [True, True]


def test_what_is_left_out_is_counted_in_words(awsit, scenario):
    scenario()
    for name in ("package.json", "package-lock.json"):
        scenario('{"lockfileVersion": 3, "dependencies": {}}', name)
    for name in ("read.json", "write.json"):
        scenario('{"Statement": []}', name)
    for arguments in ((), ("--json",), ("--sarif",)):
        result = awsit("validate", "scenarios", *arguments)
        assert result.stderr.strip() == "Left out: 2 IAM policies, 2 npm packages"


def test_a_file_that_only_a_variable_of_a_run_names_belongs_there(awsit, scenario, wiring):
    upload = '{url: "http://a.test/", method: POST, multipart: [{name: d, file: "rows-{{ vars.stage }}.json"}]}'
    scenario(f"name: upload\nvariables: {{stage: test}}\nactions: [{{name: Up, type: http_call, params: {upload}}}]")
    for name in ("test", "production"):
        scenario('[{"a": 1}]', f"rows-{name}.json")
    for command in (("validate", "scenarios"), ("run", "scenarios", "--var", "stage=production")):
        result = awsit(*command)
        assert result.exit_code == 0, result.output
        assert "Left out: 1 named by a scenario, 1 that variables of a scenario may name" in result.stderr
    scenario('[{"a": 1}]', "others.json")
    scenario('{"name": "s", "actoins": [{"name": "A", "type": "wait", "params": {}}]}', "rows-misspelt.json")
    output = awsit("validate", "scenarios").output
    assert "others.json:1:1" in output
    assert TELLS in output


@pytest.mark.parametrize("folder", ["scenarios", "other"])
def test_a_folder_of_scenarios_is_one_when_it_is_the_current_one_too(awsit, scenario, tmp_path, monkeypatch, folder):
    scenario(folder=folder)
    scenario('[{"product": "pen"}]', "rows.json", folder)
    monkeypatch.chdir(tmp_path / folder)
    result = awsit("run", ".")
    assert result.exit_code == (3 if folder == "scenarios" else 0)
    assert ("no scenario names it" in result.output) == (folder == "scenarios")


def test_a_misspelt_file_name_is_suggested(awsit, scenario):
    scenario(name="payments.yaml")
    assert "did you mean payments?" in awsit("run", "payment").output


def test_schedules_of_the_project_are_those_of_its_folders_and_not_of_all_below(awsit, scenario):
    deploy = ("schedule", "deploy", "--stack=awsit")
    scenario(MISSPELT, "misspelt.yaml", "elsewhere")
    result = awsit(*deploy)
    assert (result.exit_code, result.output.splitlines()[0]) == (3, "error: there is no scenario in scenarios, .")
    scenario()
    result = awsit(*deploy)
    assert result.exit_code == 2
    assert "says when it is to run" in result.output
    scenario(MISSPELT, "misspelt.yaml")
    result = awsit(*deploy)
    assert result.exit_code == 3
    assert TELLS in result.output
