"""The pages docs/reference/errors*.md: each wrong file of docs/errors, and the output of `awsit validate` for it."""

import contextlib
from pathlib import Path

import botocore
from click.testing import CliRunner

ERRORS = Path(__file__).parents[1] / "docs" / "errors"
PLAIN = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
BOTOCORE = "botocore 1.43"
"""How the pages name the installed botocore: they stay the same when a newer one is installed."""
INTRODUCTION = """
`awsit validate` finds all of a file's errors at once. It says of each where it is and what to do. The files of these
pages are in [errors](../errors). `awsit run`, `plan` and `push` say the same before anything runs. `--json` is for
programs, `--sarif` for code scanning.
"""
KEYS = {
    "misspelt_key": "A misspelt key",
    "misspelt_type": "A misspelt action type",
    "misspelt_parameter": "A misspelt parameter",
    "missing_key": "Something is missing",
    "wrong_value": "Values that cannot be",
    "name_used_twice": "A name used twice",
    "many_at_once": "Many errors at once",
}
YAML = {
    "template_without_quotes": "A template without quotes",
    "unclosed_quote": "A quote that is never closed",
    "tab": "A tab",
    "key_given_twice": "A key given twice",
}
EXPRESSIONS = {
    "unknown_variable": "A variable that does not exist",
    "unknown_name": "A name that does not exist",
    "unknown_filter": "A filter that does not exist",
    "expression_cut_short": "An expression that ends too early",
    "statement": "More of Jinja than expressions",
    "context_before_capture": "Context used before it is captured",
    "broken_path": "A JSONPath that cannot be parsed",
    "template_in_path": "A template that would be syntax of a path",
    "unknown_operator": "Operators and markers that do not exist",
}
ACTIONS = {
    "unknown_aws_operation": "An operation that the service does not have",
    "unreachable_branch": "A branch that can never run",
    "check_on_parallel": "A key where it has no meaning",
    "use_with_wrong_inputs": "Library actions used wrongly",
    "circle_of_uses": "Library actions that use each other in a circle",
}
GALLERY = {
    "errors_keys": ("Errors in keys and values", KEYS),
    "errors_yaml": ("Errors in YAML", YAML),
    "errors_expressions": ("Errors in templates, paths and assertions", EXPRESSIONS),
    "errors_actions": ("Errors in actions and libraries", ACTIONS),
}
"""The title of each page, and on it the heading of each wrong file by its name, in their order."""


def gallery_pages() -> dict[str, str]:
    """The text of each page by its name, and of one that leads to all. Fails when a file has no heading, or no file."""
    listed = {name for _, files in GALLERY.values() for name in files}
    if unlisted := {path.stem for path in ERRORS.glob("*.yaml")} ^ listed:
        raise SystemExit(f"docs/errors and the lists in error_gallery.py differ in: {', '.join(sorted(unlisted))}")
    pages = {
        page: f"# {title}\n\nWhat `awsit validate` says of them; [all errors](errors.md).\n\n"
        + "\n".join(entry(name, heading) for name, heading in files.items())
        for page, (title, files) in GALLERY.items()
    }
    return {"errors": overview(), **pages}


def overview() -> str:
    """The page that leads to all errors. The anchors are those that its headings once had."""
    lines = ["# Errors", INTRODUCTION]
    for page, (title, files) in GALLERY.items():
        lines += [f"## {title}\n"]
        lines += [
            f'- <a id="{anchor(heading)}"></a>[{heading}]({page}.md#{anchor(heading)})' for heading in files.values()
        ]
        lines += [""]
    return "\n".join(lines)


def anchor(heading: str) -> str:
    """The anchor of a heading, as the site and GitHub make it."""
    return heading.lower().replace(" ", "-")


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
    shown = done.stdout.replace(f"botocore {botocore.__version__}", BOTOCORE)
    return "\n".join(line.rstrip() for line in shown.strip().splitlines())
