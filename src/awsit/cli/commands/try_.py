"""`awsit try`: a path, template or assertion, evaluated against what a step really answered."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from awsit.cli import completion
from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import as_json, installation
from awsit.cli.session import Session
from awsit.errors import ExitCode, InvalidInputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsit.cli.reports.trial import Trial
    from awsit.model.json import Json

STANDARD_INPUT = "-"

EPILOG = """
awsit try run-01J9ZK3M4N5P6Q7R8S9T0V1W2X ReadOrder '$.body.items[?@.price > 10]'
awsit try run-01J9ZK3M4N5P6Q7R8S9T0V1W2X ReadOrder '{{ result.body.items | length }}'
awsit try run-01J9ZK3M4N5P6Q7R8S9T0V1W2X Receive '{path: "$.Messages[0].Body", json_path: $.status, equals: done}'
curl -s https://api.example.com/orders/1 | awsit try - '$.items[*].name'
"""


class TryCommand(ExampleCommand):
    """A command whose words may begin with a dash and a space, as a list in YAML does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words, none of which is an option because of that dash."""
        return super().parse_args(ctx, [f" {word}" if word.startswith("- ") else word for word in args])


@click.command("try", cls=TryCommand, epilog=EPILOG)
@click.argument(
    "words", nargs=-1, required=True, metavar="RUN_ID|ARN|FILE STEP EXPRESSION", shell_complete=completion.files
)
@installation
@as_json
@click.pass_obj
def command(session: Session, /, words: tuple[str, ...], as_json: bool, **flags: str | bool | None) -> ExitCode:
    """Evaluate a path, template or assertion against what a step answered.

    The answer comes from the run's report, as for `awsit report`, in which secrets are masked and what is very long is
    cut. With `-` in the place of run and step, a document in JSON or YAML is read from standard input.

    EXPRESSION is a JSONPath, whose matches are shown with their places; a template, in which `result` is the answer,
    beside `context`, `actions` and `run`; or an assertion in YAML, or a list of them. Without it, all is shown.

    Exits with 0 when something was found and every assertion holds, 1 when not, 2 to 4 when it cannot be evaluated.
    """
    from awsit.cli.reports.trial import EXPRESSION, run_trial

    document, scope, expression = _subject(session, words, flags)
    text = expression.strip()
    session.sources[EXPRESSION] = text
    trial = run_trial(text, document, scope)
    if as_json:
        _write_json(trial)
    else:
        _show(session, trial)
    if words[0] != STANDARD_INPUT:
        _mention_gaps(session, trial, document)
    return ExitCode.PASSED if trial.succeeded else ExitCode.FAILED


def _subject(
    session: Session, words: tuple[str, ...], flags: Mapping[str, str | bool | None]
) -> tuple[Json, Mapping[str, object], str]:
    """The document, the names for templates, and the expression."""
    from awsit.cli.reports.lookup import result_of
    from awsit.cli.reports.step_answer import answer_of, scope_of, step_of

    if words[0] == STANDARD_INPUT:
        _, expression = _exactly(words, 2)
        document = _read_standard_input(session)
        return document, {"result": document}, expression
    settings = session.settings(**flags)
    reference, name, expression = _exactly(words, 3)
    result = result_of(session, settings, reference)
    document = answer_of(step_of(result, name))
    return document, scope_of(result, document), expression


def _exactly(words: tuple[str, ...], number: int) -> tuple[str, ...]:
    """The words with `$` for an expression that was left out. Raises UsageError for fewer or more."""
    words = (*words, "$") if len(words) == number - 1 else words
    if len(words) != number:
        hint = "name a run, a step and an expression in quotes, or `-` and an expression"
        raise UsageError(f"this needs {number} words, not {len(words)}", hint=hint)
    return words


def _read_standard_input(session: Session) -> Json:
    from awsit.cli.reports.trial import read_document
    from awsit.scenario.reading.load import decode

    try:
        session.sources[STANDARD_INPUT] = decode(sys.stdin.buffer.read())
    except InvalidInputError as error:
        raise InvalidInputError("the document cannot be read", error.problems) from error
    return read_document(session.sources[STANDARD_INPUT], STANDARD_INPUT)


def _write_json(trial: Trial) -> None:
    from awsit.model import json
    from awsit.model.codec import encode

    matches = [{"path": match.path, "value": match.value} for match in trial.matches]
    written = [encode(check) for check in trial.checks] if trial.checks else matches
    click.echo(json.dumps_visible(written, indent=2))


def _show(session: Session, trial: Trial) -> None:
    from awsit.reporting.terminal.problems import print_problems
    from awsit.reporting.terminal.trial import show_checks, show_matches

    show_matches([(match.path, match.value) for match in trial.matches], session.out)
    show_checks(trial.checks, session.out, session.limits())
    if trial.nothing:
        print_problems(session.err, [trial.nothing], session.sources)


def _mention_gaps(session: Session, trial: Trial, document: Json) -> None:
    """Say where the report holds less than the step answered, if that may matter here."""
    from awsit.cli.reports.step_answer import gaps

    seen = gaps([*(match.value for match in trial.matches), *(check.actual for check in trial.checks)])
    if seen.redacted:
        session.say("*** stands for what the report does not show: secrets, and what the scenario redacts")
    is_template = any(not match.path for match in trial.matches)
    cut = gaps(document).cut if seen.cut or is_template or trial.found_nothing else ()
    if cut:
        session.say(f"the report may hold only the beginning of {', '.join(cut)}: what was cut is not looked at")
