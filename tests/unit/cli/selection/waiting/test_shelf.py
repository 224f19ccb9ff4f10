"""Runs that wait outside of memory come back as they were."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from awsit.cli.selection.requested_run import RequestedRun
from awsit.cli.selection.waiting.shelf import Shelf
from awsit.cli.session import Session
from awsit.model.result import Repetition
from awsit.model.run import ConcurrencyLimit, RunRequest
from awsit.records import replace
from awsit.scenario.reading.load import load_text
from awsit.system import spool as module
from awsit.system.spool import Spool

TEXT = '{"name": "priced", "actions": [{"name": "Look", "type": "wait", "params": {"seconds": 0.10}}]}'
SOURCE = load_text(TEXT, "priced.json")


def requested(number: int, **variables: object) -> RequestedRun:
    request = RunRequest(
        run_id=f"run-{number}",
        name=f"priced[{number}]",
        document={**SOURCE.document, "timeout_seconds": Decimal("1.50")},
        variables={"total": Decimal("24.90"), **variables},
        env={"STAGE": "test"},
        file="priced.json",
        is_valid=True,
        files={"a.bin": "/project/a.bin"},
        concurrency=ConcurrencyLimit("queue", 2),
    )
    return RequestedRun(request, SOURCE, ("priced.json", "--var", "total=24.90"))


@pytest.fixture
def spool(tmp_path, monkeypatch):
    """A spool whose texts are all in its file."""
    monkeypatch.setattr(module, "MEMORY_BYTES", 0)
    spool = Spool(tmp_path)
    yield spool
    spool.close()


def test_a_run_comes_back_as_it_was_put_aside(spool):
    shelf, runs = Shelf(Session(), spool, {}), [requested(1), requested(2, big=2**70, text="\ud83d")]
    shelved = [shelf.put(run) for run in runs]
    for run, back in zip(runs, shelved, strict=True):
        assert (back.run_id, back.name, back.file) == (run.run_id, run.name, run.file)
        assert (back.concurrency, back.request, back.rerun_words) == (run.concurrency, run.request, run.rerun_words)


def test_its_source_is_the_text_that_was_read_whatever_became_of_the_file(spool, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("priced.json").write_text("{}")
    source = Shelf(Session(), spool, {}).put(requested(1)).source
    assert source.text == TEXT
    assert source.position("actions[0].name").column == TEXT.index('"Look"') + 1


def test_rows_that_follow_each_other_have_one_document(spool):
    shelf = Shelf(Session(), spool, {})
    first, second = shelf.put(requested(1)), shelf.put(requested(2))
    assert first.request.document is second.request.document
    assert first.scenario == second.scenario


def test_a_variable_of_the_command_line_is_not_written_down(spool, monkeypatch):
    written = []
    monkeypatch.setattr(spool, "add", lambda text: written.append(text) or Spool.add(spool, text))
    run = replace(requested(1, token="s3cret"), rerun_words=("priced.json", "--var", "token=s3cret"))
    back = Shelf(Session(), spool, {"token": "s3cret"}).put(run)
    assert back.request.variables == run.request.variables
    assert list(back.request.variables) == list(run.request.variables)
    assert back.rerun_words == run.rerun_words
    assert not [text for text in written if "s3cret" in text or "STAGE" in text]


def test_a_run_is_repeated_with_an_id_of_its_own(spool):
    run = Shelf(Session(), spool, {}).put(requested(1))
    again = run.repeated("run-9", Repetition(2, 3))
    assert again.request == replace(run.request, run_id="run-9", repetition=Repetition(2, 3))
    assert again.run_id == "run-9"


@pytest.mark.parametrize("key", ["cache_seconds", "timeout_seconds", "seconds"])
def test_a_key_that_is_somewhere_is_found(spool, key):
    run = Shelf(Session(), spool, {}).put(requested(1))
    assert run.may_have(key) == (f'"{key}"' in json.dumps(run.request.document, default=str))
