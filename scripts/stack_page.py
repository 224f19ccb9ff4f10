"""The page of the stack's parameters and outputs, from its template."""

from pathlib import Path
from typing import Any

from cfnlint.decode import cfn_yaml

from property_tables import cell

TEMPLATE = Path(__file__).parents[1] / "infra" / "template.yaml"
INTRODUCTION = """
# The stack

`awsit deploy --parameter NAME=VALUE` sets a parameter of the stack that runs scenarios. A list has commas between its
values. A parameter that is not named keeps the value of the deployment before; at first it has its default.
[Security](../operate/security.md) says what the lists of ARNs allow.
"""
HEAD = "| parameter | value | default | |\n|---|---|---|---|"
OUTPUTS = """
## Outputs

`awsit deploy` prints them, and so does `aws cloudformation describe-stacks`.

| output | |
|---|---|
"""


def stack_page() -> str:
    """The text of the page."""
    template = cfn_yaml.loads(TEMPLATE.read_text(encoding="utf-8"))
    parameters = template["Parameters"]
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    if stray := set(parameters) ^ {name for group in groups for name in group["Parameters"]}:
        raise SystemExit(f"infra/template.yaml: these parameters are in no group, or do not exist: {stray}")
    parts = [INTRODUCTION]
    for group in groups:
        rows = [_row(name, parameters[name]) for name in group["Parameters"]]
        parts += [f"## {group['Label']['default']}\n", HEAD, *rows, ""]
    outputs = [f"| `{name}` | {cell(each['Description'])} |" for name, each in template["Outputs"].items()]
    return "\n".join(parts) + OUTPUTS + "\n".join([*outputs, ""])


def _row(name: str, parameter: Any) -> str:
    default = parameter["Default"]
    cells = (f"`{name}`", _value(parameter), f"`{default}`" if default != "" else "", parameter["Description"])
    return f"| {' | '.join(map(cell, cells))} |"


def _value(parameter: Any) -> str:
    if "AllowedValues" in parameter:
        return ", ".join(f"`{value}`" for value in parameter["AllowedValues"])
    if parameter["Type"] == "CommaDelimitedList":
        return "list"
    if parameter["Type"] != "Number":
        return "text"
    limits = [
        f"{word} {parameter[key]:,}"
        for key, word in (("MinValue", "at least"), ("MaxValue", "at most"))
        if key in parameter
    ]
    return ", ".join(["number", *limits])
