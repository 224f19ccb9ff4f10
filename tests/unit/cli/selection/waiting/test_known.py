"""A large suite in which nothing has changed is not checked again, and whatever has changed is."""

from __future__ import annotations

import pytest

from awsit.cli.selection import run_requests
from awsit.cli.selection.run_requests import CHECKED_ANYWAY, ScenarioCheck
from awsit.cli.selection.selected import scenario_of
from awsit.cli.selection.waiting import known
from awsit.cli.selection.waiting.known import KnownScenarios
from awsit.cli.session import Session
from awsit.errors import InvalidInputError
from awsit.model.json import dumps
from awsit.scenario.checks import validate
from awsit.scenario.reading.load import load_text

MORE = 5


def text(number: int, type_: str = "wait") -> str:
    return dumps({"name": f"s{number}", "actions": [{"name": "W", "type": type_, "params": {"seconds": 0}}]})


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Checks texts as one command does; returns how many of them were looked at."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    looked_at = []
    whole = validate.validate
    monkeypatch.setattr(validate, "validate", lambda *each: looked_at.append(1) or whole(*each))

    def check(texts, names="{}.json"):
        looked_at.clear()
        session = Session()
        session.settings()
        checked = ScenarioCheck(session)
        for number, each in enumerate(texts):
            checked.is_valid(scenario_of(session, load_text(each, names.format(number))))
        checked.raise_problems()
        return len(looked_at)

    return check


@pytest.fixture
def texts():
    return [text(number) for number in range(CHECKED_ANYWAY + MORE)]


def test_what_was_found_valid_is_not_checked_again_beyond_the_first_ones(check, texts):
    assert [check(texts), check(texts)] == [len(texts), CHECKED_ANYWAY]


def test_what_has_changed_is_checked(check, texts):
    check(texts)
    wrong = [*texts[:-1], text(len(texts) - 1, "waits")]
    for _ in range(2):  # what is not valid is not known
        with pytest.raises(InvalidInputError, match="is not valid"):
            check(wrong)


def test_the_same_text_as_yaml_is_another_one(check, texts):
    check(texts)
    assert check(texts, "{}.yaml") == len(texts)


def test_what_takes_parts_of_other_files_is_always_checked(check, texts):
    using = [each.replace('"actions"', '"defaults":{"wait":{"timeout_seconds":9}},"actions"') for each in texts]
    assert [check(using), check(using)] == [len(using), len(using)]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"awsit 0.1\n" + b"0" * 64])
def test_a_file_that_cannot_be_used_says_nothing(check, texts, tmp_path, content):
    check(texts)
    (tmp_path / "cache" / "awsit" / "valid-scenarios.txt").write_bytes(content)
    assert [check(texts), check(texts)] == [len(texts), CHECKED_ANYWAY]


def test_other_rules_find_all_anew(check, texts, monkeypatch):
    check(texts)
    monkeypatch.setattr(known.awsit, "__version__", "99")
    assert check(texts) == len(texts)


def test_a_folder_that_takes_no_file_costs_no_more_than_the_next_check(check, texts, tmp_path):
    (tmp_path / "cache").write_text("no folder")
    assert [check(texts), check(texts)] == [len(texts), len(texts)]


def test_the_file_does_not_grow_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(known, "MOST_KNOWN", 3)
    sources = [load_text(text(number), f"{number}.json") for number in range(5)]
    for each in (sources[:3], sources[3:]):
        scenarios = KnownScenarios(tmp_path)
        for source in each:
            scenarios.add(source)
        scenarios.save()
    now = KnownScenarios(tmp_path)
    assert [now.has(each) for each in sources[3:]] == [True, True]
    assert sum(now.has(each) for each in sources) == known.MOST_KNOWN


def test_few_scenarios_read_no_file(check, texts, tmp_path):
    check(texts[: run_requests.CHECKED_ANYWAY])
    assert not (tmp_path / "cache").exists()
