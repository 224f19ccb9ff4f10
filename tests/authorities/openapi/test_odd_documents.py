"""Documents with mistakes, put in at random: each gives a valid scenario, or a message that says why not.

`make nightly` tries fifty times as many.
"""

import copy
import json
import os
import random
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.authorities.openapi.documents import unpacked

from awsit.actions.registry import BY_TYPE
from awsit.cli.drafts.draft import as_yaml
from awsit.cli.drafts.openapi.draft import draft_of_openapi
from awsit.cli.drafts.openapi.reading import read_document
from awsit.errors import AwsitError
from awsit.model.json import plain
from awsit.scenario.checks.validate import validate
from awsit.scenario.reading.load import load_text

DOCUMENTS = ("styles-3.1.yaml", "styles-3.0.yaml", "polymorphism-3.0.yaml", "petstore-3.1.yaml", "circular-3.0.yaml")
SEEDS = 5_000 if os.environ.get("EVERY_OPERATION") else 100
ODD: list[Any] = [
    *(None, 5, -1, True, 1e300, -0.5, 10**30, [], {}, [None], [{}], [5]),
    *("x", "{{ x }}", "{% x", "#x", "é\x00\n", "a" * 300, "\ud800", "{", "}", "//", "?", "[", "(["),
    *({"$ref": "#/paths"}, {"$ref": "#"}, {"$ref": 5}, {"$ref": "other.yaml"}, {"a": {"b": [1]}}, {"type": "object"}),
    {"allOf": [{"$ref": "#/components"}]},
]

Keys = tuple[str | int, ...]


@cache
def document(name: str, folder: Path) -> Any:
    return plain(read_document(str(unpacked(name, folder))))


def places(value: Any, path: Keys = ()) -> Iterator[Keys]:
    """The path of each value inside a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def with_mistakes(original: Any, chance: random.Random) -> Any:
    """A copy in which some values are odd, and some are missing."""
    changed = copy.deepcopy(original)
    for _ in range(chance.randint(1, 8)):
        *parents, last = chance.choice(list(places(changed)))
        holder = changed
        for key in parents:
            holder = holder[key]
        if isinstance(holder, dict) and chance.random() < 0.2:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(chance.choice(ODD))  # a later mistake may be inside it
    return changed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_document_with_mistakes_gives_a_valid_scenario_or_a_message(seed: int, folder: Path) -> None:
    chance = random.Random(seed)
    Path("api.json").write_text(json.dumps(with_mistakes(document(chance.choice(DOCUMENTS), folder), chance)))
    problems: list[Any] = []
    with suppress(AwsitError):
        problems = validate(load_text(as_yaml(draft_of_openapi("api.json")), "draft.yaml"), BY_TYPE)
    assert problems == []
