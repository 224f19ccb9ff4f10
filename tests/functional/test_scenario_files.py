"""Files that a scenario names, on the command line."""

from pathlib import Path

import pytest

UPLOAD = """
name: upload
variables: {{picture: data/photo.png}}
actions:
  - name: Upload
    type: http_call
    params:
      url: "http://orders.test/photos"
      method: POST
      multipart:
        - {{name: photo, file: "{name}"}}
"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "scenarios" / "data" / "photo.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x89PNG of this machine")
    return path


@pytest.mark.parametrize("command", ["validate", "plan", "run"])
def test_a_missing_file_is_told_at_its_place(awsit, scenario, photo, command):
    path = scenario(UPLOAD.format(name="data/foto.png"), "upload.yaml")

    result = awsit(command, str(path))

    assert result.exit_code == 3
    assert "there is no file" in result.output
    assert "upload.yaml:11:" in result.output
    assert "did you mean photo.png?" in result.output


def test_a_run_sends_the_file_and_its_report_shows_no_content(awsit, scenario, photo, wiring):
    path = scenario(UPLOAD.format(name="{{ vars.picture }}"), "upload.yaml")

    result = awsit("run", str(path), "--engine", "local", "--json")

    assert result.exit_code == 0, result.output
    assert b"\x89PNG of this machine" in wiring.http_fake.requests[0].body
    assert "of this machine" not in result.output
    assert '"digest": "sha256:' in result.output


def test_a_pushed_scenario_has_its_files_in_the_bucket(awsit, scenario, photo, wiring):
    scenario(UPLOAD.format(name="data/photo.png"), "upload.yaml")

    result = awsit("push", "scenarios", "--stack", "awsit")

    assert result.exit_code == 0, result.output
    assert wiring.scenario_store(None).get("upload")["files"].keys() == {"data/photo.png"}
    assert b"\x89PNG of this machine" in wiring.bucket.objects.values()


def test_a_run_in_the_account_is_given_the_file(awsit, scenario, photo, wiring):
    path = scenario(UPLOAD.format(name="{{ vars.picture }}"), "upload.yaml")

    awsit("run", str(path), "--stack", "awsit", "--engine", "stepfunctions")

    assert wiring.remote.requests[0].files == {"data/photo.png": str(photo)}
