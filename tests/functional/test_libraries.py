"""Library files, as a person meets them."""

import json

import pytest

LIBRARY = """\
library: timing
actions:
  pause:
    inputs: {seconds: {type: integer}}
    actions: [{name: Pause, type: wait, params: {seconds: "{{ inputs.seconds }}"}}]
"""
USES = "name: patient\nactions:\n  - {use: pause, with: {seconds: 0}}\n"


@pytest.fixture
def library(scenario):
    return lambda text=LIBRARY, folder="libraries": scenario(text, "timing.yaml", folder)


def test_a_library_beside_the_configuration_is_found_and_its_actions_run(awsit, scenario, library):
    library()
    scenario(USES, "patient.yaml")
    result = awsit("run", "patient")
    assert result.exit_code == 0, result.output
    assert "pause_Pause" in result.output


def test_the_configuration_names_library_files(awsit, scenario, library, tmp_path):
    library(folder="elsewhere")
    scenario(USES, "patient.yaml")
    (tmp_path / "awsit.toml").write_text('libraries = "elsewhere/timing.yaml"\n', encoding="utf-8")
    assert awsit("validate", "scenarios").exit_code == 0


def test_a_place_in_the_configuration_that_is_not_there_is_told(awsit, scenario, tmp_path):
    scenario(USES, "patient.yaml")
    (tmp_path / "awsit.toml").write_text('libraries = "nowhere"\n', encoding="utf-8")
    result = awsit("validate", "scenarios")
    assert result.exit_code == 3
    assert "there is no file nowhere" in result.output


def test_libraries_are_checked_by_themselves(awsit, library):
    library(
        LIBRARY.replace("inputs.seconds", "inputs.secnds").replace("library", "defaults: {wait: {retry: 1}}\nlibrary")
    )
    result = awsit("validate", "libraries", "--json")
    assert result.exit_code == 3
    (file,) = json.loads(result.stdout)
    assert [(each["code"], each["position"]["line"]) for each in file["problems"]] == [
        ("wrong_type", 1),
        ("unknown_input", 6),
    ]


def test_a_library_cannot_be_run(awsit, library):
    library()
    result = awsit("run", "libraries/timing.yaml")
    assert result.exit_code == 3
    assert "libraries/timing.yaml is a library, not a scenario" in result.stderr
    assert "`use`" in result.stderr


def test_what_is_uploaded_needs_no_library(awsit, scenario, library, wiring):
    library()
    scenario(USES, "patient.yaml")
    result = awsit("push", "scenarios", "--stack", "awsit")
    assert result.exit_code == 0, result.output
    pushed = json.loads(wiring.bucket.objects["scenarios/patient.json"])
    assert pushed["actions"] == [{"name": "pause_Pause", "type": "wait", "params": {"seconds": 0}}]
