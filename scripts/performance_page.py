"""The table of docs/run/performance.md, from what `benchmarks/peers.py --keep` measured."""

import json
from collections.abc import Iterator
from pathlib import Path

RESULTS = Path(__file__).parents[1] / "docs" / "performance.json"
NAMES = {"floor": "bare requests (urllib3)", "robot": "Robot Framework, RequestsLibrary", "tavern": "Tavern"}


def performance_table() -> list[str]:
    """The lines of the table: each program's times as multiples of the first one's of its suite."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    head = ["| suite | program | CPU time | wall time | memory |", "|---|---|---|---|---|"]
    return head + [row for size, programs in results.items() for row in _rows(size, programs)]


def _rows(size: str, programs: dict[str, dict[str, float]]) -> Iterator[str]:
    scenarios, _, steps = size.partition("x")
    suite = f"{int(scenarios):,} x {int(steps):,} steps"
    first = next(iter(programs.values()))
    for program, values in programs.items():
        cpu, wall = (values[name] / first[name] for name in ("cpu_seconds", "wall_seconds"))
        name = NAMES.get(program, f"`{program}`")
        yield f"| {suite} | {name} | {cpu:.2f}x | {wall:.2f}x | {values['memory_mb']:.0f} MB |"
        suite = ""
