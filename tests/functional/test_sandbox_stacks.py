"""Stacks of one's own, which end with the sandbox that they were deployed to."""

import os

import pytest

from awsit.system.file_lock import acquire
from awsit.system.files import make_own


def test_a_new_sandbox_tells_how_the_stacks_of_the_last_one_were_deployed(awsit, tmp_path):
    (tmp_path / "own template.yaml").touch()
    deploy = ["deploy", "--sandbox", "--template", "own template.yaml", "--stack"]
    assert awsit(*deploy, "orders", "--parameter", "Password=not-for-files").exit_code == 0
    assert awsit(*deploy, "stock").exit_code == 0
    again = "awsit deploy --sandbox --stack orders --template 'own template.yaml' --parameter Password=..."
    assert "awsit deploy" not in awsit("sandbox", "start").stderr
    awsit("sandbox", "stop")
    told = awsit("sandbox", "start").stderr
    assert "Your own stacks ended with the last sandbox. To have them again:\n" in told
    assert again in told
    assert "--stack stock" in told
    assert not [path for path in (tmp_path / ".awsit").rglob("*.json") if "not-for-files" in path.read_text()]
    awsit("sandbox", "stop")
    assert again not in awsit(*deploy, "orders").stderr
    awsit("destroy", "--sandbox", "--stack", "orders", "--yes")
    awsit("sandbox", "stop")
    assert "--stack orders" not in awsit("sandbox", "start").stderr


@pytest.mark.parametrize(
    "words",
    [
        ("run", "order_is_stored", "--sandbox"),
        ("deploy", "--sandbox"),
        ("push", "scenarios", "--sandbox"),
        ("sandbox", "start"),
        ("sandbox", "reset"),
    ],
    ids=" ".join,
)
def test_one_command_at_a_time_fills_the_sandbox(awsit, scenario, tmp_path, words):
    scenario()
    awsit("sandbox", "start")
    make_own(tmp_path / ".awsit")
    held = acquire(tmp_path / ".awsit" / "sandbox.lock")
    refused = awsit(*words)
    os.close(held)

    assert refused.exit_code == 4
    assert "another command has been making the sandbox ready for too long" in refused.stderr
    assert awsit(*words).exit_code == 0
