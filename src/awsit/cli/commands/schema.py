"""`awsit schema`: the JSON Schemas."""

from __future__ import annotations

import click

from awsit.cli.lazy import ExampleCommand

NAMES = ("scenario", "library", "suite", "report", "load", "config")
EPILOG = """
awsit schema > .awsit/scenario.schema.json
awsit schema report
awsit schema config > .awsit/config.schema.json
"""
HELP = """Print the JSON Schema of scenarios, libraries, suite.yaml, the reports of runs and loads, or awsit.toml.

An editor completes and checks a file that begins with one of these lines, a scenario and a configuration:

\b
  # yaml-language-server: $schema=../.awsit/scenario.schema.json
  #:schema .awsit/config.schema.json

The path is counted from the file itself. `awsit init` writes the schemas and the lines."""


class Kind(click.Choice[str]):
    """One of the schemas; of a name that there is not, the near ones are shown."""

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:  # noqa: ARG002 - click names it
        """What is wrong with the name."""
        from awsit.suggestions import suggestion

        return f"there is no schema {value!r}{suggestion(str(value), NAMES)}"


@click.command("schema", cls=ExampleCommand, help=HELP, epilog=EPILOG)
@click.argument("name", type=Kind(NAMES), default="scenario", metavar="[scenario|library|suite|report|load|config]")
def command(name: str) -> None:
    """Print it."""
    from awsit.cli.schemas import schema_text

    click.echo(schema_text(name), nl=False)
