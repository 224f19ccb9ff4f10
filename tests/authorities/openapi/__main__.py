"""Try documents of one's own: `python -m tests.authorities.openapi FOLDER-OR-FILE...`.

Prints, for each document, how many requests were drafted, how long it took and what openapi-core says of them.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from tests.authorities.openapi.documents import FOLDER, findings, unpacked

from awsit.errors import AwsitError

SHOWN = 5


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for path in _documents(arguments or [str(FOLDER)], Path(folder)):
            _report(path)


def _documents(arguments: list[str], folder: Path) -> Iterator[Path]:
    for argument in map(Path, arguments):
        for path in sorted(argument.iterdir()) if argument.is_dir() else [argument]:
            if path.suffix == ".xz" and path.parent == FOLDER:
                yield unpacked(path.stem, folder)
            elif path.suffix in {".json", ".yaml", ".yml"}:
                yield path


def _report(path: Path) -> None:
    began = perf_counter()
    try:
        found = list(findings(path))
    except AwsitError as error:
        print(f"{path.name}: {error.message}")
        return
    wrong = [each for each in found if each.problems]
    print(f"{path.name}: {len(found)} requests, {len(wrong)} refused, {perf_counter() - began:.1f} s")
    for each in wrong[:SHOWN]:
        print(f"  {each.title}: {each.problems[0]}")


if __name__ == "__main__":
    main(sys.argv[1:])
