"""The table of limits in docs/reference/limits.md, from the constants that the code checks."""

from awsit import config
from awsit.cli.running import in_account
from awsit.config_values import MOST_JOBS
from awsit.engine.secrets import redaction
from awsit.engine.step import kept
from awsit.errors import MAX_PROBLEMS
from awsit.expressions import budget, regex
from awsit.expressions.jsonpath import query
from awsit.expressions.templates import arithmetic, random_string
from awsit.http import framing
from awsit.model import files, json
from awsit.reporting.formats import markdown
from awsit.scenario import limits

KIBI = 1024
MEBI = KIBI * KIBI
GROUPS: dict[str, dict[str, str]] = {
    "A file": {
        "a scenario, library or case": f"{limits.MAX_FILE_BYTES // MEBI} MiB, a regular file; a scenario of the "
        "command line may be a pipe",
        "`awsit.toml`": f"{config.MAX_FILE_BYTES // MEBI} MiB",
        "values in a document, YAML aliases expanded": f"{limits.MAX_NODES:,}",
        "mappings and lists inside one another": f"{limits.MAX_DEPTH}",
        "a file that a scenario sends, or of a contract": f"{files.MAX_FILE_BYTES // MEBI} MiB",
        "files that a scenario names": f"{files.MAX_FILES}",
    },
    "A scenario": {
        "as compact JSON, with its cases": f"{limits.MAX_DOCUMENT_BYTES // KIBI} KiB",
        "actions, everywhere in it together": f"{limits.MAX_ACTIONS:,}",
        "branches of a `parallel`": f"{limits.MAX_BRANCHES}",
        "`choice` inside `choice`": f"{limits.MAX_CHOICE_DEPTH}",
        "rows of a matrix, or cases": f"{limits.MAX_MATRIX_ROWS}",
        "library actions that use one another": f"{limits.MAX_USE_DEPTH}",
        "different expressions": f"{limits.MAX_EXPRESSIONS:,}",
        "words, numbers and signs of all expressions": f"{limits.MAX_TOKENS:,}",
        "problems that `awsit validate` and `run` tell": f"{MAX_PROBLEMS}; of further ones their number",
    },
    "A run": {
        "`timeout_seconds` of an action": f"{limits.MAX_ACTION_SECONDS:,} s",
        "`timeout_seconds` of a scenario": f"{limits.MAX_SCENARIO_SECONDS:,} s (a day)",
        "`max_attempts` of `retry`": f"{limits.MAX_ATTEMPTS}",
        "values that the captures of one step hold, at all depths": f"{kept.MAX_CAPTURED:,}",
        "values that a report shows of one attempt, at all depths": f"{redaction.MAX_VALUES:,}",
    },
    "An evaluation": {
        "CPU time of all templates, paths and assertions of one attempt": f"{budget.MAX_SECONDS:g} s, or "
        f"`timeout_seconds` when that is less (but at least {budget.LEAST_SECONDS:g} s)",
        "CPU time of the check of one response against its `contract`": f"{budget.MAX_SECONDS:g} s, and 1 s for each "
        f"64 KiB of it, at most {budget.MAX_CONTRACT_SECONDS:g} s; or `timeout_seconds` as above",
        "steps: nodes of a path, three more for one whose place is kept; three for a use of a schema, one for 16 "
        "values of an `enum`": f"{budget.MAX_STEPS:,}",
        "text that the expressions of one attempt give together": f"{budget.MAX_CHARACTERS:,} characters",
        "a text that an expression makes": f"{arithmetic.MAX_TEXT:,} characters",
        "a list that an expression makes": f"{arithmetic.MAX_ITEMS:,} items",
        "`random_string()`": f"{random_string.MAX_LENGTH:,} characters",
        "a JSONPath": f"{query.MAX_LENGTH:,} characters",
        "parts of a regular expression, repetitions written out": f"{regex.MAX_SIZE:,}",
        "a search by a regular expression": f"{regex.TIMEOUT_SECONDS:g} s, in a text of "
        f"{regex.MAX_INPUT:,} characters; of fewer when groups capture, but of {regex.MAX_INPUT_OF_GROUPS:,} at least",
    },
    "An answer of a service": {
        "lines around its content: of its heads, sizes of chunks, trailers": f"{framing.MOST_LINES:,}",
        "arrays and objects of its JSON inside one another": f"{json.MAX_DEPTH}",
        "digits of a number in it that is written out": f"{json.MAX_DIGITS:,}",
    },
    "A suite": {
        "runs at once (`--jobs`)": f"{MOST_JOBS}",
        "runs with one `concurrency` key at once": f"{limits.MAX_CONCURRENCY}",
        "runs from which a suite with a stack is started in the account": f"{in_account.FROM_RUNS}",
        "a Markdown report": f"{markdown.LARGEST:,} characters",
        "reports that are kept on this machine": f"{config.KEEP_REPORTS:,} (`keep_reports`)",
    },
}


def limits_table() -> list[str]:
    """The lines of the table, its groups with a heading each."""
    lines: list[str] = []
    for title, rows in GROUPS.items():
        lines += [f"\n## {title}\n", "| limit | value |", "|---|---|"]
        lines += [f"| {name} | {value} |" for name, value in rows.items()]
    return lines
