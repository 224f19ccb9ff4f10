"""The costs in docs/operate/cost.md: what `awsit plan --stack-cost` says of a scenario of the examples."""

from pathlib import Path

from click.testing import CliRunner

SCENARIO = Path(__file__).parents[1] / "examples" / "orders" / "scenarios" / "accepted_order.yaml"
COMMAND = ["plan", str(SCENARIO), "--stack-cost", "--offline"]
ENVIRONMENT = {"COLUMNS": "80"}


def cost_lines() -> list[str]:
    """The output of the command as a block of Markdown. It asks AWS for nothing."""
    from awsit.cli.main import cli

    done = CliRunner().invoke(cli, COMMAND, env=ENVIRONMENT, catch_exceptions=False)
    if done.exit_code:
        raise SystemExit(f"scripts/cost_page.py: {done.output}")
    return ["```text", done.stdout.rstrip(), "```"]
