"""Public API documents, and what openapi-core says of the requests that are drafted from one."""

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.authorities.openapi import authority, sending

from awsit.actions.registry import BY_TYPE
from awsit.cli.drafts.draft import Draft, as_yaml
from awsit.cli.drafts.openapi.document import OpenApi, Operation, read_openapi
from awsit.cli.drafts.openapi.draft import Writer
from awsit.cli.drafts.openapi.written import sample
from awsit.expressions.templates.template import render
from awsit.scenario.checks.validate import validate
from awsit.scenario.reading.load import load_text

FOLDER = Path(__file__).with_name("documents")
TOGETHER = 60
"""Operations in one scenario: a large document does not fit into one."""


@dataclass(frozen=True)
class Finding:
    """One operation's request, and what is wrong with it: nothing, for most."""

    title: str
    problems: tuple[str, ...]


def unpacked(name: str, folder: Path) -> Path:
    """A document of this folder, unpacked into another."""
    path = folder / name
    path.write_bytes(lzma.decompress((FOLDER / f"{name}.xz").read_bytes()))
    return path


def findings(path: Path, every: int = 1) -> Iterator[Finding]:
    """The request of each operation, or of one in `every`, as openapi-core sees it; scenarios have to be valid."""
    api = read_openapi(str(path))
    operations = api.chosen(())[::every]
    for start in range(0, len(operations), TOGETHER):
        yield from _of_scenario(api, operations[start : start + TOGETHER])


def _of_scenario(api: OpenApi, operations: list[Operation]) -> Iterator[Finding]:
    writer = Writer.of(api, operations)
    draft = writer.draft(operations, "drafted")
    invalid = validate(load_text(as_yaml(draft), "drafted.yaml"), BY_TYPE)
    assert not invalid, invalid
    for operation, action in zip(writer.chains.ordered(operations), draft.document["actions"], strict=True):
        captured = {
            template.split("context.")[1].split(" ")[0]: sample(writer.parameters.value(_parameter(operation, name)))
            for name, template in writer.chains.captured(operation).items()
        }
        request = sending.request_of(action, draft.document["variables"], captured)
        problems = authority.problems(api, operation, request, _base(draft, action))
        yield Finding(operation.title, tuple(problems))


def _parameter(operation: Operation, name: str) -> Any:
    return next((each for each in operation.parameters if each["name"] == name), {"name": name})


def _base(draft: Draft, action: dict[str, Any]) -> str:
    """The base URL that the action's begins with."""
    template = action["params"]["url"].partition("}}")[0] + "}}"
    environment = {"env": sending.Environment()}
    values = {"base": draft.document["variables"][template.split("vars.")[1].split(" ")[0]]}
    return str(render(values["base"], environment))
