"""The keys of a scenario that other packages ask for by name, known without its models, which are slow to import."""

from __future__ import annotations

from awsit.model.json import Json

PARALLEL = "parallel"
CHOICE = "choice"
CONTROL_TYPES = frozenset({PARALLEL, CHOICE})
"""The types whose params hold further actions."""
CONTROL_CHILDREN = frozenset({"branches", "then", "else"})
"""The params that hold further actions."""
CONTROL_KEYS = frozenset({"name", "type", "params"})
"""The keys of a control action: it has no result to check or capture, and is not repeated."""

REUSE_KEYS = ("defaults", "libraries")
"""The keys that expansion takes out of a scenario."""

SCENARIO_NAME = r"[A-Za-z][A-Za-z0-9_-]{0,79}"
IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]{0,79}"
EXPRESSION = r"\s*\{\{(?:(?!\}\}).)*\}\}\s*"
"""One `{{ expression }}`; its `.` takes line breaks too."""

TEMPLATED_KEYS = ("variables", "concurrency", "contract", "at", "defaults", "setup", "actions", "assertions", "cleanup")


def templated(document: Json) -> dict[str, Json]:
    """The parts of a scenario document whose `{{ templates }}` are rendered."""
    return {key: document[key] for key in TEMPLATED_KEYS if key in document}


def is_template(value: Json) -> bool:
    """Whether a value is text with a `{{ template }}` in it."""
    return isinstance(value, str) and "{{" in value
