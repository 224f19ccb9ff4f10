"""The table of what is read of each type of resource. The next type is one entry here, and a reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from awsit.aws.evidence import event_rules, functions, queues, state_machines
from awsit.aws.evidence.resources import StackResource
from awsit.diagnosis.inquiry import Inquiry
from awsit.model.evidence import Evidence
from awsit.model.ports import Aws


class Reader(Protocol):
    """Reads one resource. Raises botocore's errors."""

    def __call__(self, aws: Aws, resource: StackResource, inquiry: Inquiry, /) -> Iterable[Evidence]:
        """What may explain a failure."""


READERS: Mapping[str, tuple[Reader, ...]] = {
    "AWS::Lambda::Function": (functions.logged_errors, functions.settings),
    "AWS::Lambda::EventSourceMapping": (functions.event_source_mapping,),
    "AWS::StepFunctions::StateMachine": (state_machines.failed_executions,),
    "AWS::SQS::Queue": (queues.waiting_messages,),
    "AWS::Events::Rule": (event_rules.rule,),
}

LATE = frozenset({functions.logged_errors, functions.logged_lines})
"""The readers of logs: CloudWatch shows lines some seconds after they were written."""
