"""What AWS knew of a failure: its causes, as far as the scenario's stacks show them."""

from __future__ import annotations

from collections.abc import Sequence

from awsit.model.evidence import Evidence, EvidenceKind
from awsit.reporting.terminal.terminal import Console, plain, show
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import Limits, cut, prose


def show_stack_evidence(evidence: Sequence[Evidence], console: Console, limits: Limits) -> None:
    """Show where something was seen, and what; at the end the permissions that are missing to see more."""
    seen = [each for each in evidence if each.kind is not EvidenceKind.NOT_READ]
    if seen:
        show(console, f"  {heading(seen)}", style="bold")
    for number, each in enumerate(seen):
        if number == 0 or _title(each) != _title(seen[number - 1]):
            show(console, Text(f"    {_title(each)}", style="dim"))
        lines = [line for text in each.text.splitlines() for line in prose(text, limits.width - 6)]
        show(console, Text("\n".join(f"      {line}" for line in cut(lines, limits))))
    for each in evidence:
        if each.kind is EvidenceKind.NOT_READ:
            show(console, Text(f"  not read: {plain(each.text)}", style="yellow"))


def heading(evidence: Sequence[Evidence]) -> str:
    """What the evidence is: likely causes, or only what was seen around the failure."""
    return "likely causes" if any(each.kind.explains for each in evidence) else "seen in the stacks"


def _title(evidence: Evidence) -> str:
    parts = [evidence.resource, evidence.at[11:19], f"{evidence.count} times" if evidence.count > 1 else ""]
    return plain(", ".join(filter(None, parts)))
