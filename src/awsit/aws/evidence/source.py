"""The evidence of an account: every resource of the stacks is read at once, for a few seconds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

from msgspec import Struct, field

from awsit.aws.evidence.apis import functions_behind
from awsit.aws.evidence.functions import logged_lines
from awsit.aws.evidence.readers import LATE, READERS, Reader
from awsit.aws.evidence.resources import StackResource, resources_of
from awsit.diagnosis.inquiry import Inquiry
from awsit.diagnosis.ranking import explains
from awsit.model.evidence import Evidence, EvidenceKind
from awsit.model.ports import Aws, Clock

T = TypeVar("T")
LOGGER = logging.getLogger("awsit.evidence")
THREADS = 12
LATE_SECONDS = 2.0
"""How long after the first look the logs are read again, when nothing explained the failure."""


class _Task(Struct, frozen=True):
    """One reader on one resource."""

    reader: Reader
    resource: StackResource


class StackEvidence:
    """The `EvidenceSource` of AWS. It only reads, with the credentials of the person who runs awsit."""

    def __init__(self, aws: Aws, clock: Clock) -> None:
        """`aws` should give up soon (`AwsClients.quick`)."""
        self._aws = aws
        self._clock = clock

    def read(self, inquiry: Inquiry, seconds: float, emit: Callable[[Evidence], None]) -> None:
        """Give to `emit` what is seen within so many seconds."""
        look = _Look(self._aws, inquiry, self._clock.monotonic() + seconds, self._clock, emit)
        tasks = list(look.tasks())
        look.carry_out(tasks)
        late = [task for task in tasks if task.reader in LATE]
        if late and not explains(look.evidence) and look.seconds_left > LATE_SECONDS:
            self._clock.sleep(LATE_SECONDS)
            look.carry_out(late)


class _Look(Struct):
    """One look at the resources of an inquiry. `evidence` is all that was seen so far."""

    aws: Aws
    inquiry: Inquiry
    deadline: float
    clock: Clock
    emit: Callable[[Evidence], None]
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def seconds_left(self) -> float:
        return self.deadline - self.clock.monotonic()

    def tasks(self) -> Iterator[_Task]:
        """What there is to read."""
        resources = [resource for stack in self.inquiry.stacks for resource in self._resources(stack)]
        if not self.inquiry.url:
            yield from (_Task(reader, each) for each in resources for reader in READERS.get(each.type, ()))
            return
        behind = self._surely(partial(functions_behind, self.aws, resources, self.inquiry))
        yield from (_Task(logged_lines, each) for each in behind)

    def carry_out(self, tasks: Sequence[_Task]) -> None:
        """Read side by side until the deadline. A thread that AWS keeps waiting is left behind: it ends nothing."""
        waiting, done = SimpleQueue[_Task](), SimpleQueue[None]()
        for task in tasks:
            waiting.put(task)
        threads = min(THREADS, len(tasks))
        for number in range(threads):
            threading.Thread(target=self._work, args=(waiting, done), name=f"evidence-{number}", daemon=True).start()
        for number in range(len(tasks)):
            try:
                done.get(timeout=max(0.0, self.seconds_left))
            except Empty:
                text = f"{len(tasks) - number} of {len(tasks)} reads: no answer in time"
                self._keep(Evidence(EvidenceKind.NOT_READ, "", text))
                return

    def _work(self, waiting: SimpleQueue[_Task], done: SimpleQueue[None]) -> None:
        while self.seconds_left > 0:
            try:
                task = waiting.get_nowait()
            except Empty:
                return
            for evidence in self._surely(partial(task.reader, self.aws, task.resource, self.inquiry)):
                self._keep(evidence)
            done.put(None)

    def _resources(self, stack: str) -> list[StackResource]:
        return self._surely(partial(resources_of, self.aws, stack))

    def _surely(self, read: Callable[[], Iterable[T]]) -> list[T]:
        """What was read, up to the first error of AWS: a resource is gone, or a permission is missing."""
        from botocore.exceptions import ClientError

        from awsit.aws.evidence.unread import denied

        seen: list[T] = []
        try:
            seen.extend(read())
        except ClientError as error:
            if missing := denied(error):
                self._keep(missing)
            LOGGER.debug("evidence: %s", error)
        except Exception as error:  # noqa: BLE001 - no odd answer of a service may cost the rest of the evidence
            LOGGER.debug("evidence: %s: %s", type(error).__name__, error)
        return seen

    def _keep(self, evidence: Evidence) -> None:
        if evidence not in self.evidence:  # the second look sees again what the first one has seen
            self.evidence.append(evidence)
            self.emit(evidence)
