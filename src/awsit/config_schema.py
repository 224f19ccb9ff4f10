"""The JSON Schema of `awsit.toml` (draft 2020-12), for editors."""

from __future__ import annotations

from typing import Any

from awsit.config import FILE_NAME
from awsit.config_sandbox import ALLOW, PARAMETERS, PATH, STACK, STACK_NAME, TABLE, TEMPLATES, USE
from awsit.config_values import (
    AUTO,
    CHOICES,
    FALSE_WORDS,
    KINDS,
    LIMIT_KINDS,
    MOST_JOBS,
    TRUE_WORDS,
    VARIABLE_NAME,
)
from awsit.model.json import Json
from awsit.quotas.rates import HIGHEST, PATTERN

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DESCRIPTIONS = {
    "engine": "What runs scenarios: this process (`local`), or the state machine in the account (`stepfunctions`).",
    "state_machine_arn": "The state machine to use, instead of the one of a stack.",
    "stack": "The awsit stack to use.",
    "scenarios": "Folders in which scenarios are looked for, from this file's own folder.",
    "libraries": "Library files, or folders of them, whose actions `use` takes; default: `libraries` beside this file.",
    "contract": "OpenAPI document that the scenarios of the project are held to, from this file's own folder.",
    "trace": "HTTP calls of scenarios that do not say send headers that name the trace of the run, and calls of AWS "
    "carry it; default: true.",
    "ignore": "Files in scenario folders that are no scenarios, as patterns from this file's own folder, such as "
    "`scenarios/data/*`; `*` stands for folders too.",
    "region": "AWS region.",
    "profile": "AWS profile.",
    "sandbox": "Use the emulated AWS on this machine; or a table: `use`, and `templates` that are deployed to it.",
    "sandbox_concurrency": "How many functions of the emulated AWS run at once; 0: no limit. Default: 16.",
    "enforce_policies": "The emulated AWS denies what the policies of a function's role do not allow, as AWS does.",
    "state_folder": "Where awsit keeps its own files; default: `.awsit` beside this file.",
    "report_folder": "Where reports are written; default: `reports` in the state folder.",
    "keep_reports": "How many reports of runs the report folder keeps, the newest; 0: all. Default: 1000.",
    "jobs": "How many runs of `awsit run` go on at once; `auto`: one for each core. Default: 1.",
    "log_level": "The least severe lines in the log file of `--debug`.",
    "evidence": "Look in the stacks of a scenario for what explains a failure; default: true.",
    "in_account": "Have the account run scenarios by itself, as a suite; default: from 50 runs on, with a stack.",
    "metrics": "Count runs of this machine in CloudWatch too, as runs of the stack; default: false.",
    "ship_logs": "Send the log of `awsit run` to the log group `/awsit/STACK/cli` too; default: false.",
    "compact": "In Step Functions, several steps run in one call of the function, with a fraction of the transitions; "
    "default: when a command has several runs.",
    "allow_env": "Secret variables of your environment that scenarios from the bucket may read.",
    "allowed_hosts": "Hosts, addresses and networks (CIDR) that requests may go to though they lead to a link-local or "
    "metadata address. With a stack, its parameter `AllowedHosts`.",
    "limits": "How fast requests may come, by host (`http`) and table (`dynamodb`); those of a scenario win.",
}
"""The text that an editor shows for each setting."""

_FOLDER = {"type": "string", "minLength": 1}
_ONE_OR_MORE = {"anyOf": [_FOLDER, {"type": "array", "items": _FOLDER}]}
_NAME = {"type": "string", "pattern": VARIABLE_NAME}
_RATE = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "maximum": HIGHEST},
        {"type": "string", "pattern": f"^{PATTERN}$"},
    ]
}
_FLAG = {"anyOf": [{"type": "boolean"}, {"enum": [*TRUE_WORDS, *FALSE_WORDS]}]}
_TEMPLATE = {
    "type": "object",
    "additionalProperties": False,
    "required": [PATH, STACK],
    "properties": {
        PATH: {"description": "The template's file, from this file's own folder.", **_FOLDER},
        STACK: {"description": "The stack that it becomes.", "type": "string", "pattern": STACK_NAME},
        PARAMETERS: {
            "description": "The values of its parameters; the others have their defaults.",
            "type": "object",
            "additionalProperties": {"type": "string"},
        },
        ALLOW: {"description": "Go on without what the sandbox does not emulate.", "type": "boolean"},
    },
}
_SANDBOX = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        USE: {"description": "Use the emulated AWS on this machine.", **_FLAG},
        TEMPLATES: {
            "description": "What is deployed to the sandbox when it starts, in this order.",
            "type": "array",
            "items": _TEMPLATE,
        },
    },
}
_SHAPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "flag": _FLAG,
    "folder": _FOLDER,
    "file": _FOLDER,
    "number": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+$"}]},
    "jobs": {
        "anyOf": [
            {"type": "integer", "minimum": 1, "maximum": MOST_JOBS},
            {"type": "string", "pattern": "^0*([1-9][0-9]?|100)$"},
            {"const": AUTO},
        ]
    },
    "folders": _ONE_OR_MORE,
    "places": _ONE_OR_MORE,
    "patterns": _ONE_OR_MORE,
    "names": {"anyOf": [_NAME, {"type": "array", "items": _NAME}]},
    "hosts": _ONE_OR_MORE,
    "limits": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            kind: {
                "type": "object",
                "additionalProperties": _RATE,
                "description": f"Rates of `{kind}`, such as `100/s`.",
            }
            for kind in LIMIT_KINDS
        },
    },
}


def config_schema() -> Json:
    """The schema of `awsit.toml`, made from `config_values.KINDS`, the table that its settings are read by."""
    return {
        "$schema": DIALECT,
        "title": f"awsit configuration ({FILE_NAME})",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _setting(name, kind) for name, kind in KINDS.items()},
    }


def _setting(name: str, kind: str) -> dict[str, Any]:
    choices = {"enum": list(CHOICES[name])} if name in CHOICES else {}
    shape = {"anyOf": [*_FLAG["anyOf"], _SANDBOX]} if name == TABLE else _SHAPES[kind]
    return {"description": DESCRIPTIONS[name], **shape, **choices}
