"""A scenario to begin with, and its YAML."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from typing import Any

import yaml
from msgspec import Struct

from awsit.model.json import Json
from awsit.model.text.visible import visible

LONGEST_NAME = 80
LONGEST_NUMBER = 40
_PLAIN = re.compile(r"[A-Za-z_/$][\w/.$-]*(?: [\w/.$-]+)*\Z", re.ASCII)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")


class Draft(Struct, frozen=True):
    """A scenario that a person will go on with. `notes` tell what to know and do before it runs."""

    document: Json
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The scenario's name."""
        return str(self.document["name"])


def from_environment(name: str) -> str:
    """A template for an environment variable."""
    return f"{{{{ env.{name} }}}}"


def action_name(text: str) -> str:
    """A name for an action: `get /orders/{id}` becomes `GetOrdersId`."""
    return _named("".join(word.capitalize() for word in _WORD.findall(text)), "Action")


def scenario_name(text: str) -> str:
    """A name for a scenario or a variable: `POST /orders` becomes `post_orders`."""
    return _named("_".join(word.lower() for word in _WORD.findall(text)), "scenario")


def _named(name: str, otherwise: str) -> str:
    if not name:
        return otherwise
    return (name if name[0].isalpha() else f"{otherwise}_{name}")[:LONGEST_NAME].rstrip("_")


def as_yaml(draft: Draft, comments: tuple[str, ...] = ()) -> str:
    r"""The scenario as YAML, after the comments.

    What steers a terminal or a CI server stands there as an escape of double quotes (`"\u202e"`, YAML 1.2.2, section
    5.7): `visible` writes the same ones.
    """
    text = yaml.dump(
        draft.document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=sys.maxsize, default_flow_style=False
    )
    return visible("".join(f"# {line}\n" for line in comments) + text)


class _Dumper(yaml.SafeDumper):
    """YAML as people write it: lists indented, text in double quotes unless it is a plain word, no aliases."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - never without
        return super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=_style(value))


def _style(text: str) -> str | None:
    if _PLAIN.match(text):
        return None
    return "|" if "\n" in text and visible(text) == text else '"'


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = f"{value:f}" if abs(value.adjusted()) < LONGEST_NUMBER else str(value)
    if "." not in text:
        text = text.replace("E", ".0E")  # YAML 1.1 knows no number with an exponent and no point
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _decimal)
