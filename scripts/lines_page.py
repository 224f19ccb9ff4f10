"""The table that compares scenarios with the same tests in pytest and boto3: the lines of each that say something."""

import io
import tokenize
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "benchmarks" / "lines"
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
SCENARIOS = {
    "orders": ("accepted_order", "asynchronous_processing", "rejected_order"),
    "notes": ("note_is_kept",),
}


def lines_table() -> list[str]:
    """The lines of the table, the last of which has the sums."""
    rows = [
        (f"`{application}`: `{name}`", yaml_lines(scenario(application, name)), python_lines(TESTS / f"test_{name}.py"))
        for application, names in SCENARIOS.items()
        for name in names
    ]
    rows.append(("what the tests share: outputs, retries, polling, clean-up", 0, python_lines(TESTS / "conftest.py")))
    rows.append(("in all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    head = ["| lines of | awsit | pytest + boto3 |", "|---|---|---|"]
    return [*head, *(f"| {name} | {ours} | {theirs} |" for name, ours, theirs in rows)]


def scenario(application: str, name: str) -> Path:
    """The file of a scenario of an example."""
    return ROOT / "examples" / application / "scenarios" / f"{name}.yaml"


def yaml_lines(path: Path) -> int:
    """The lines that are neither empty nor a comment alone."""
    lines = map(str.strip, path.read_text(encoding="utf-8").splitlines())
    return sum(1 for line in lines if line and not line.startswith("#"))


def python_lines(path: Path) -> int:
    """The lines that hold code: no comments, no docstrings."""
    lines: set[int] = set()
    begins_statement = True
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        is_docstring = begins_statement and token.type == tokenize.STRING
        if token.type not in SILENT and not is_docstring:
            lines.update(range(token.start[0], token.end[0] + 1))
        if token.type not in {tokenize.NL, tokenize.COMMENT}:
            begins_statement = token.type in {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    return len(lines)
