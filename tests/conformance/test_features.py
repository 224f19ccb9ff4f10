"""The scenarios cover the language: every key, operator, marker, name and filter, and every promised feature."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conformance import used
from tests.conformance.cases import FOLDER, all_cases, load

from awsit.scenario.reading.load import load_file

CASES = all_cases()
FEATURES = load_file(Path(__file__).parent / "features.yaml").document
SCENARIOS = {str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.yaml")}
PLACES = [(feature, place) for group in FEATURES.values() for feature, places in group.items() for place in places]


@pytest.mark.parametrize(("feature", "place"), PLACES, ids=lambda text: text)
def test_a_feature_is_shown(feature: str, place: str) -> None:
    assert {name for name in SCENARIOS if name == place or name.startswith(f"{place}/")}, feature


def test_a_scenario_shows_a_feature() -> None:
    places = [place for _, place in PLACES]

    assert [name for name in sorted(SCENARIOS) if not any(each in {name, name.split("/")[0]} for each in places)] == []


def test_the_whole_language_is_used() -> None:
    documents = [document for case in CASES for document in (load_file(case.path).document, load(case.path).document)]
    missing = (used.keys_there_are() - {key for each in documents for key in used.keys_used(each)}) | (
        used.words_there_are() - {word for each in documents for word in used.words_used(each)}
    )

    assert not missing, f"show these in a scenario below tests/conformance/scenarios: {sorted(missing)}"
