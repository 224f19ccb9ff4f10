"""The trace that the AWS calls of a block carry, by which X-Ray joins what they cause.

Inside a function, botocore sends the trace of its invocation, unless a call has one already. The header is part of no
signature: botocore's signers leave it out.
Sources: AWS X-Ray developer guide, "Tracing header"; the services' guides say which of them take it up (Lambda, SQS,
SNS, EventBridge and Step Functions do).
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from awsit.model.text.trace import XRAY
from awsit.system.variable_block import VariableBlock

_header: ContextVar[str] = ContextVar("awsit_trace_header", default="")


def traced(header: str) -> VariableBlock[str]:
    """Let all AWS calls of the block carry the header; an empty one leaves them as they are."""
    return VariableBlock(_header, header)


def carry_traces(client: Any) -> None:
    """Make a botocore client keep to `traced`."""
    client.meta.events.register_first("before-call.*.*", _add)


def _add(params: dict[str, Any], **_: Any) -> None:
    if header := _header.get():
        params["headers"][XRAY] = header
