"""Journals that this user has not written on this machine: of a cloned repository, or of the version before."""

import os
from pathlib import Path

import pytest
from tests.functional.fakes import RUN_ID

from awsit.cli.past_runs.interrupted import FOLDER
from awsit.engine.store.journals import MAX_JOURNAL_BYTES
from awsit.model import json
from awsit.system import file_lock


def test_a_report_and_a_journal_of_the_version_before_are_read(awsit, left_behind, tmp_path):
    report = tmp_path / ".awsit" / "reports" / f"{left_behind}.json"
    journal = tmp_path / ".awsit" / FOLDER / f"{left_behind}.jsonl"
    for path in (report, journal):
        path.write_text("".join(f"{json.dumps(older(json.loads(line)))}\n" for line in lines_of(path)))

    foreign = awsit("cleanup", left_behind)
    assert foreign.exit_code == 4
    assert f"the journal of {left_behind} has no mark of this machine and user, and is left alone" in foreign.stderr
    assert f"awsit cleanup --adopt {left_behind}" in foreign.stderr

    adopted = awsit("cleanup", "--adopt", left_behind)
    assert adopted.exit_code == 0
    assert "1 thing to undo" in adopted.stdout
    assert f"adopted {left_behind} (no region or profile of its own): awsit cleanup {left_behind}" in adopted.stderr
    assert "Left behind" in awsit("status", left_behind).stdout
    assert awsit("cleanup", left_behind).exit_code == 0


def test_what_came_with_a_cloned_repository_is_left_alone_by_every_command(
    awsit, wiring, left_behind, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "somebody else"))
    before = (tmp_path / ".awsit" / FOLDER / f"{left_behind}.jsonl").read_bytes()
    requests = len(wiring.http_fake.requests)

    told = f"the journal of {left_behind} has no mark of this machine and user"
    for words in (("cleanup", "--all"), ("cleanup", left_behind), ("cleanup", left_behind, "--forget", "--yes")):
        assert told in awsit(*words).stderr
    assert told in awsit("runs").stderr
    everything = awsit("cleanup", "--all")
    assert "nothing that is known as yours is left to be cleaned up" in everything.stderr
    assert "what foreign journals tell of may be left: adopt those that are yours" in everything.stderr
    assert everything.exit_code == 5
    assert awsit("cleanup", left_behind, "--dry-run").stdout == ""

    assert len(wiring.http_fake.requests) == requests
    assert (tmp_path / ".awsit" / FOLDER / f"{left_behind}.jsonl").read_bytes() == before


def test_what_is_adopted_of_the_sandbox_says_so(awsit, left_behind, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "somebody else"))
    journal = tmp_path / ".awsit" / FOLDER / f"{left_behind}.jsonl"
    first, *others = journal.read_text().splitlines()
    origin = {"profile": "dev", "region": "eu-west-1", "sandbox": True}
    written = {name: value for name, value in json.loads(first).items() if name not in {"crc32", "mark"}}
    journal.write_text("\n".join([json.dumps({**written, "origin": origin}), *others, ""]))

    adopted = awsit("cleanup", "--adopt", left_behind)

    assert f"adopted {left_behind} (profile dev, region eu-west-1, the sandbox): " in adopted.stderr


def test_one_that_cannot_be_adopted_keeps_no_other_from_it(awsit, left_behind, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "somebody else"))
    journal = tmp_path / ".awsit" / FOLDER / f"{left_behind}.jsonl"
    going_on = journal.with_name(f"{RUN_ID[:-1]}0.jsonl")
    going_on.write_bytes(journal.read_bytes())
    lock = file_lock.acquire(going_on)
    too_large = journal.with_name(f"{RUN_ID[:-1]}1.jsonl")
    with too_large.open("wb") as file:
        file.truncate(MAX_JOURNAL_BYTES + 1)

    result = awsit("cleanup", "--adopt")

    os.close(lock)
    assert result.exit_code == 4
    assert f"{going_on.stem} is still going on in another process" in result.stderr
    assert f"{too_large.stem} cannot be adopted: it is larger than" in result.stderr
    assert "hint: look at the file and its disk; if it is not yours, remove it" in result.stderr
    assert "AWSIT_STATE_KEY" not in result.stderr
    assert f"adopted {left_behind}" in result.stderr
    assert awsit("cleanup", left_behind).exit_code == 0


@pytest.mark.parametrize("flag", ["--dry-run", "--forget"])
def test_adoption_is_never_mixed_with_what_shows_or_forgets(awsit, left_behind, tmp_path, monkeypatch, flag):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "somebody else"))
    before = (tmp_path / ".awsit" / FOLDER / f"{left_behind}.jsonl").read_bytes()

    assert awsit("cleanup", "--adopt", flag).exit_code == 2
    assert (tmp_path / ".awsit" / FOLDER / f"{left_behind}.jsonl").read_bytes() == before


def test_a_run_that_is_not_there_is_not_adopted(awsit):
    result = awsit("cleanup", "--adopt", RUN_ID)

    assert result.exit_code == 3
    assert f"{RUN_ID} left nothing on this machine" in result.stderr


def test_nothing_is_adopted_where_the_key_cannot_be_kept(awsit, left_behind, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))

    result = awsit("cleanup", "--adopt")

    assert result.exit_code == 4
    assert "AWSIT_STATE_KEY" in result.stderr
    assert result.stderr.count("error:") == 1
    assert f"adopted {left_behind}" not in result.stderr


def test_a_list_of_what_failed_is_not_adopted_where_the_key_cannot_be_kept(awsit, tmp_path, monkeypatch):
    (tmp_path / ".awsit").mkdir()
    (tmp_path / ".awsit" / "last-run.json").write_text('{"version": "awsit.last-run/1", "failed": []}')
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))

    result = awsit("cleanup", "--adopt")

    assert result.exit_code == 4
    assert "AWSIT_STATE_KEY" in result.stderr
    assert "nothing here is foreign" not in result.stderr


def lines_of(path: Path) -> list[str]:
    """The documents in a file."""
    text = path.read_text()
    return text.splitlines() if path.suffix == ".jsonl" else [text]


def older(document: object) -> object:
    """A document without what the version before did not write."""
    new = {"effect", "outcome", "look_for", "forgotten", "uncertain", "rendered", "crc32", "damage"}
    if isinstance(document, dict):
        return {name: older(value) for name, value in document.items() if name not in new}
    return [older(each) for each in document] if isinstance(document, list) else document
