"""Scenario files that are nearly right: valid ones with random mistakes, the same ones for the same number.

To see what the number 1234 stands for:

    .venv/bin/python -m tests.properties.mutated 1234 > wrong.yaml
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from tests.properties import in_documents, in_texts

ROOT = Path(__file__).parents[2]
FOLDERS = ("examples/orders/scenarios", "tests/conformance/scenarios", "tests/conformance/libraries", "docs/errors")
MOST_MISTAKES = 3


@dataclass(frozen=True)
class Mutated:
    """A file with mistakes: made from `seed`, a path inside the project, by `mistakes`."""

    number: int
    seed: Path
    mistakes: tuple[str, ...]
    content: bytes
    ending: str


@cache
def seeds() -> tuple[Path, ...]:
    """The files that mistakes are made in, in order."""
    found = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.yaml")))
    return tuple(path.relative_to(ROOT) for path in found if b"actions:" in path.read_bytes())


def mutated(number: int) -> Mutated:
    """The file of this number."""
    random = Random(number)
    seed = random.choice(seeds())
    content, ending, mistakes = (ROOT / seed).read_bytes(), ".yaml", []
    if random.random() < 0.5:
        content, ending, mistakes = in_documents.with_mistakes(content, random, random.randint(1, MOST_MISTAKES))
    if not mistakes or random.random() < 0.3:
        for _ in range(random.randint(1, MOST_MISTAKES)):
            name, content = in_texts.with_mistake(content, random)
            mistakes.append(name)
    return Mutated(number, seed, tuple(mistakes), content, ending)


if __name__ == "__main__":
    sys.stdout.buffer.write(mutated(int(sys.argv[1])).content)
