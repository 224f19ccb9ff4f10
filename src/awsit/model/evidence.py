"""What AWS itself knows of a failure: log lines, executions, queues, rules."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from awsit.model.json import Json


class EvidenceKind(StrEnum):
    """What was seen; what explains a failure best is listed first."""

    ACCESS_DENIED = "access_denied"
    FUNCTION_ERROR = "function_error"
    EXECUTION_FAILED = "execution_failed"
    ERROR_LOGGED = "error_logged"
    SWITCHED_OFF = "switched_off"
    EVENT_NOT_MATCHED = "event_not_matched"
    NO_TARGET = "no_target"
    DEAD_LETTERS = "dead_letters"
    NO_CONSUMER = "no_consumer"
    LOG_LINE = "log_line"
    NO_LOG = "no_log"
    EVENT_MATCHED = "event_matched"
    EVENT_PATTERN = "event_pattern"
    NOT_READ = "not_read"

    @property
    def explains(self) -> bool:
        """Whether it is a cause: not what merely describes the surroundings of a failure, or could not be read."""
        return self not in _DESCRIBES


_DESCRIBES = frozenset(
    {EvidenceKind.LOG_LINE, EvidenceKind.NO_LOG, EvidenceKind.EVENT_MATCHED, EvidenceKind.EVENT_PATTERN}
    | {EvidenceKind.NOT_READ}
)


class Evidence(Struct, frozen=True):
    """One thing that may explain a failure.

    `resource` is where it was seen, such as `function orders-Worker-1A2B`, and `text` what, in one line or a few. `at`
    is when (ISO 8601 UTC), empty for a state that lasts. `count` tells how often the same was seen.
    """

    kind: EvidenceKind
    resource: str
    text: str
    at: str = ""
    count: int = 1


class Traffic(Struct, frozen=True):
    """What a scenario itself gave to EventBridge, as entries of PutEvents, and the names of queues that it reads."""

    events: tuple[Json, ...] = ()
    queues: tuple[str, ...] = ()
