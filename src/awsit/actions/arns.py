"""ARNs of resources whose names are not known in full before the run."""

from __future__ import annotations

from awsit.errors import ExpressionError
from awsit.expressions.templates.segments import split
from awsit.model.permissions import ANY
from awsit.patterns import lazy_pattern

_PLACEHOLDER = lazy_pattern(r"<[A-Za-z][A-Za-z0-9-]*\.[A-Za-z0-9_:.-]+>")
"""The output of a stack that was not read, such as `<orders.ApiUrl>`."""

_MACHINE_PARTS = 7
"""Parts of the ARN of a state machine without its version or alias."""


def arn_pattern(text: str) -> str:
    """The text as a part of an ARN: `*` stands for each expression, and for each output of a stack not read."""
    try:
        parts = split(text)
    except ExpressionError:
        return ANY
    joined = _PLACEHOLDER.sub(ANY, "".join(ANY if part.expression else part.text for part in parts))
    while ANY * 2 in joined:
        joined = joined.replace(ANY * 2, ANY)
    return joined


def unqualified_machine(arn: str) -> str:
    """The ARN of a state machine without a version or alias: IAM authorizes by it whatever a call names.

    Source: Step Functions developer guide, "Authorization for versions and aliases in Step Functions workflows".
    """
    return ":".join(arn.split(":")[:_MACHINE_PARTS]) if ":stateMachine:" in arn else arn
