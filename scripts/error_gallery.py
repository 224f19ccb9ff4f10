"""The page docs/reference/errors.md: each wrong file of docs/errors, and the output of `awsit validate` for it."""

import contextlib
from pathlib import Path

from click.testing import CliRunner

ERRORS = Path(__file__).parents[1] / "docs" / "errors"
PLAIN = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
INTRODUCTION = """
What `awsit validate` says to files that are wrong: all of a file's errors at once, each with its place and what to do.
The files are in [errors](../errors), and `awsit run`, `plan` and `push` say the same before anything runs. `--json` is
for programs, `--sarif` for code scanning.
"""
GALLERY = {
    "misspelt_key": "A misspelt key",
    "misspelt_type": "A misspelt action type",
    "misspelt_parameter": "A misspelt parameter",
    "missing_key": "Something is missing",
    "wrong_value": "Values that cannot be",
    "name_used_twice": "A name used twice",
    "many_at_once": "Many errors at once",
    "template_without_quotes": "A template without quotes",
    "unclosed_quote": "A quote that is never closed",
    "tab": "A tab",
    "key_given_twice": "A key given twice",
    "unknown_variable": "A variable that does not exist",
    "unknown_name": "A name that does not exist",
    "unknown_filter": "A filter that does not exist",
    "expression_cut_short": "An expression that ends too early",
    "statement": "More of Jinja than expressions",
    "context_before_capture": "Context used before it is captured",
    "broken_path": "A JSONPath that cannot be parsed",
    "template_in_path": "A template that would be syntax of a path",
    "unknown_operator": "Operators and markers that do not exist",
    "unknown_aws_operation": "An operation that the service does not have",
    "unreachable_branch": "A branch that can never run",
    "check_on_parallel": "A key where it has no meaning",
    "use_with_wrong_inputs": "Library actions used wrongly",
    "circle_of_uses": "Library actions that use each other in a circle",
}
"""The heading of each wrong file by its name, in the order of the page."""


def gallery_page() -> str:
    """The whole page. Fails when a file has no heading, or a heading no file."""
    unlisted = {path.stem for path in ERRORS.glob("*.yaml")} ^ set(GALLERY)
    if unlisted:
        raise SystemExit(f"docs/errors and the list in error_gallery.py differ in: {', '.join(sorted(unlisted))}")
    return f"# Errors\n{INTRODUCTION}\n" + "\n".join(entry(name, title) for name, title in GALLERY.items())


def entry(name: str, title: str) -> str:
    """A wrong file and its errors, under the heading."""
    text = (ERRORS / f"{name}.yaml").read_text(encoding="utf-8").rstrip()
    return f"## {title}\n```yaml\n{text}\n```\n```text\n{errors_of(f'{name}.yaml')}\n```\n"


def errors_of(file: str) -> str:
    """What `awsit validate` prints for a file. Fails when the file is valid."""
    from awsit.cli.main import cli

    with contextlib.chdir(ERRORS):
        done = CliRunner().invoke(cli, ["validate", file], env=PLAIN, prog_name="awsit")
    if done.exit_code != 3 or done.stderr:  # noqa: PLR2004 - the exit code of invalid input
        raise SystemExit(f"{file}: expected problems, got exit code {done.exit_code}: {done.output}")
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())
