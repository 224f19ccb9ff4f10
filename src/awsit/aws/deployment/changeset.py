"""Change sets: CloudFormation computes an update before it begins, so that a wrong template changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from awsit.aws.client import errors
from awsit.aws.deployment.events import POLL_SECONDS, StackState
from awsit.aws.deployment.failures import validation_errors
from awsit.errors import EnvironmentFailure
from awsit.model.ports import Aws, Clock

CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
_NO_CHANGES = ("didn't contain changes", "no updates are to be performed", "no changes")
_FIRST_POLL_SECONDS = 0.1
_TIMEOUT_SECONDS = 600.0


class ChangeSet:
    """One change set of one stack. `current` is None when it creates the stack."""

    def __init__(self, aws: Aws, clock: Clock, stack_name: str, current: StackState | None) -> None:
        self._aws = aws
        self._clock = clock
        self._stack_name = stack_name
        self.is_new = current is None
        self._id = ""
        self.stack_id = current.stack_id if current else ""

    def create(self, template: Mapping[str, str], parameters: Sequence[Mapping[str, Any]]) -> bool:
        """Create the change set and wait until it is computed; False when the stack is up to date.

        `template` is `TemplateBody` or `TemplateURL`. Raises EnvironmentFailure when CloudFormation refuses the
        template; a failed change set is deleted, and the stack that it was to create.
        """
        with errors.reported(f"create a change set for the stack {self._stack_name}"):
            created = self._cloudformation.create_change_set(
                StackName=self._stack_name,
                ChangeSetName=f"awsit-{self._clock.now():%Y%m%dT%H%M%S%f}",
                ChangeSetType="CREATE" if self.is_new else "UPDATE",
                Capabilities=list(CAPABILITIES),
                Parameters=list(parameters),
                **template,
            )
        self._id, self.stack_id = created["Id"], created["StackId"]
        status, reason = self._wait_until_computed()
        if status == "CREATE_COMPLETE":
            return True
        errors_found = validation_errors(self._aws, ChangeSetName=self._id)
        self._delete()
        if any(phrase in reason.lower() for phrase in _NO_CHANGES):
            return False
        raise EnvironmentFailure(
            f"CloudFormation does not take the template of the stack {self._stack_name}: {errors_found or reason}",
            code="change_set",
            hint="correct the template or its parameters; nothing was changed",
        )

    def execute(self) -> None:
        """Start the update; `StackWatch` follows it."""
        with errors.reported(f"deploy the stack {self._stack_name}"):
            self._cloudformation.execute_change_set(ChangeSetName=self._id, StackName=self._stack_name)

    @property
    def _cloudformation(self) -> Any:
        return self._aws.client("cloudformation")

    def _wait_until_computed(self) -> tuple[str, str]:
        deadline, pause = self._clock.monotonic() + _TIMEOUT_SECONDS, _FIRST_POLL_SECONDS
        while True:
            with errors.reported(f"read the change set of the stack {self._stack_name}"):
                answer = self._cloudformation.describe_change_set(ChangeSetName=self._id, StackName=self._stack_name)
            if answer["Status"] in {"CREATE_COMPLETE", "FAILED"}:
                return answer["Status"], answer.get("StatusReason", "")
            if self._clock.monotonic() > deadline:
                return "FAILED", f"it was not computed within {_TIMEOUT_SECONDS:.0f} s"
            self._clock.sleep(pause)
            pause = min(pause * 2, POLL_SECONDS)

    def _delete(self) -> None:
        with errors.reported(f"remove the change set of the stack {self._stack_name}"):
            self._cloudformation.delete_change_set(ChangeSetName=self._id, StackName=self._stack_name)
            if self.is_new:
                self._cloudformation.delete_stack(StackName=self.stack_id)
