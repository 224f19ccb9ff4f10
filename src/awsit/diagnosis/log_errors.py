"""The errors in a function's log, in the shapes in which the Lambda runtimes write them.

Source: AWS Lambda developer guide, "Sending Lambda function logs to CloudWatch Logs", "Working with Lambda function
logs" of each runtime, and "Lambda advanced logging controls" for JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from awsit.diagnosis.stack_trace import TRACEBACK, code_position, is_continued, last_line
from awsit.model import json
from awsit.model.evidence import EvidenceKind
from awsit.records import replace

_PLATFORM = re.compile(r"^(START|END|REPORT|INIT_START|INIT_REPORT|XRAY|EXTENSION|TELEMETRY)\b")
_TIMED_OUT = re.compile(r"Task timed out after [\d.]+ seconds")
_STATUS = re.compile(r"Status: (?:timeout|error)(?:\s+Error Type: (?P<type>\S+))?")
_EXITED = re.compile(r"Runtime exited (?:with error|without)[^\n]*|Runtime\.ExitError")
_UNHANDLED = re.compile(r"^\[ERROR\] (?P<text>[A-Z][\w.]*(?:Error|Exception|Exit|Fault)?\b.*)", re.DOTALL)
_INVOKE_ERROR = re.compile(
    r"\t(?:Invoke|Init|Uncaught Exception|Unhandled Promise Rejection)[ \w]*Error\s*\t|\tUncaught"
)
_ERROR_LINE = re.compile(r"(?:^|[\s\[\t|:])(?:ERROR|CRITICAL|FATAL|SEVERE)(?=$|[\s\]:\t|])|^(?:panic:|fatal error:)")
_LOGFMT_LEVEL = re.compile(r"(?:^|\s)(?:level|lvl|severity)=\"?(?:error|critical|fatal|panic)\b", re.IGNORECASE)
"""A level as `log/slog` of Go (`TextHandler`) and other loggers of `key=value` write it."""

_RAISED = re.compile(r"^(?:[\w$]+[.:])*[A-Z][\w$]*(?:Error|Exception|Fault)(?::|$)")
_BEFORE_FRAME_OF_JAVA = re.compile(r"^(.*)\n[ \t]+at [\w.$]+\(", re.MULTILINE)
_NAME_OF_ERROR = re.compile(r"(?:Error|Exception)\b")
_DENIED = re.compile(r"AccessDenied|UnauthorizedOperation|not authorized to perform|AuthorizationError(?:Exception)?\b")
_NOISE = re.compile(
    r"^\d{4}-\d\d-\d\d[T ][\d:.,]+Z?\s+|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s+|^RequestId: \S+\s+"
)
_SEVERE_NUMBER = 50
_SEVERE = frozenset({"ERROR", "CRITICAL", "FATAL"})


class LoggedLine(Struct, frozen=True):
    """An event of a log group. `at_ms` is in milliseconds since the epoch."""

    at_ms: int
    stream: str
    message: str


class LogError(Struct, frozen=True):
    """An error that a log tells of; `text` is its message, and the line of code where that is known."""

    at_ms: int
    kind: EvidenceKind
    text: str


def errors_in(lines: Iterable[LoggedLine]) -> list[LogError]:
    """The errors of a function's log, by time. A stack trace of several lines counts as one."""
    by_stream: dict[str, list[LoggedLine]] = {}
    for line in lines:
        by_stream.setdefault(line.stream, []).append(line)
    errors = [error for stream in by_stream.values() for error in _of_stream(_joined(stream))]
    return sorted(errors, key=lambda error: error.at_ms)


def last_words(lines: Iterable[LoggedLine], number: int) -> list[str]:
    """The last lines that the function itself wrote."""
    own = [line.message.strip() for line in lines if line.message.strip() and not _PLATFORM.match(line.message)]
    return [text for text in own if not _is_platform_record(text)][-number:]


def _joined(lines: list[LoggedLine]) -> Iterator[LoggedLine]:
    """The lines of one stream, a stack trace that came as several events as one, with the message before it."""
    pending: LoggedLine | None = None
    for line in lines:
        if pending and is_continued(pending.message, line.message):
            pending = replace(pending, message=f"{pending.message}\n{line.message}")
            continue
        if pending:
            yield pending
        pending = line
    if pending:
        yield pending


def _of_stream(lines: Iterable[LoggedLine]) -> Iterator[LogError]:
    """The errors of one stream. The platform repeats in its report what the time-out's own line has said."""
    timed_out = False
    for line in lines:
        error = _record_error(line) if line.message.lstrip().startswith("{") else _text_error(line)
        if error is None:
            timed_out = timed_out and not line.message.startswith("START")
            continue
        if _is_timeout(error) and timed_out:
            continue
        timed_out = _is_timeout(error)
        yield error


def _is_timeout(error: LogError) -> bool:
    return "timed out" in error.text


def _text_error(line: LoggedLine) -> LogError | None:
    message = line.message.strip()
    if ended := _TIMED_OUT.search(message) or _EXITED.search(message):
        return LogError(line.at_ms, EvidenceKind.FUNCTION_ERROR, ended[0])
    if _PLATFORM.match(message):
        return _reported(line, message)
    if node := _INVOKE_ERROR.search(message):
        record = _parsed(message[node.end() :].strip())
        return _of_type(line, record) or _error(line, EvidenceKind.FUNCTION_ERROR, message)
    if raised := _UNHANDLED.match(message):
        return _error(line, EvidenceKind.FUNCTION_ERROR, raised["text"])
    return _written_error(line, message)


def _written_error(line: LoggedLine, message: str) -> LogError | None:
    """An error that the function's own code wrote: at a level of errors, or as a stack trace."""
    is_raised = message.startswith(TRACEBACK) or _RAISED.match(message) or _is_trace_of_java(message)
    if is_raised:
        return _error(line, EvidenceKind.FUNCTION_ERROR, message)
    if TRACEBACK in message or any(each.search(message) for each in (_ERROR_LINE, _LOGFMT_LEVEL, _DENIED)):
        return _error(line, EvidenceKind.ERROR_LOGGED, message)
    return None


def _is_trace_of_java(message: str) -> bool:
    """Whether a line that names an error has a stack frame below it."""
    return any(_NAME_OF_ERROR.search(line) for line in _BEFORE_FRAME_OF_JAVA.findall(message))


def _reported(line: LoggedLine, message: str) -> LogError | None:
    status = _STATUS.search(message)
    if status is None:
        return None
    if "Status: timeout" in status[0]:
        phase = "initialization" if message.startswith("INIT_REPORT") else "function"
        return LogError(line.at_ms, EvidenceKind.FUNCTION_ERROR, f"the {phase} timed out")
    if status["type"] is None:
        return None
    return LogError(line.at_ms, EvidenceKind.FUNCTION_ERROR, f"the function ended with {status['type']}")


def _record_error(line: LoggedLine) -> LogError | None:
    record = _parsed(line.message)
    if not isinstance(record, Mapping):
        return _text_error(replace(line, message=f" {line.message}")) if _ERROR_LINE.search(line.message) else None
    platform = record.get("record")
    if isinstance(platform, Mapping):
        return _platform_error(line, platform)
    if error := _of_type(line, record):
        return error
    message = str(record.get("message") or record.get("msg") or record.get("errorMessage") or "")
    if not _is_severe(record.get("level") or record.get("severity")):
        return _error(line, EvidenceKind.FUNCTION_ERROR, message) if _TIMED_OUT.search(message) else None
    trace = str(record.get("exception") or record.get("stack_trace") or record.get("stack") or "")
    return _error(line, EvidenceKind.ERROR_LOGGED, f"{message}\n{trace}" if trace else message)


def _is_severe(level: json.Json) -> bool:
    """Whether a level is that of an error; some loggers number their levels (bunyan and pino: 50 and 60)."""
    return level >= _SEVERE_NUMBER if isinstance(level, int) else str(level or "").upper() in _SEVERE


def _platform_error(line: LoggedLine, record: Mapping[str, json.Json]) -> LogError | None:
    """A platform event in JSON, such as `platform.report`, whose `status` is `timeout`, `error` or `failure`."""
    status, error_type = record.get("status"), record.get("errorType")
    if status == "timeout":
        return LogError(line.at_ms, EvidenceKind.FUNCTION_ERROR, "the function timed out")
    if status in {"error", "failure"} and error_type:
        return LogError(line.at_ms, EvidenceKind.FUNCTION_ERROR, f"the function ended with {error_type}")
    return None


def _of_type(line: LoggedLine, record: json.Json) -> LogError | None:
    """An error object of a runtime: `{errorType, errorMessage, stackTrace}`."""
    if not isinstance(record, Mapping) or not record.get("errorType"):
        return None
    frames = record.get("stackTrace") or record.get("stack") or []
    trace = "\n".join(map(str, frames)) if isinstance(frames, list) else str(frames)
    text = f"{record['errorType']}: {record.get('errorMessage') or record.get('message') or ''}".rstrip(": ")
    return _error(line, EvidenceKind.FUNCTION_ERROR, f"{text}\n{trace}" if trace else text)


def _error(line: LoggedLine, kind: EvidenceKind, message: str) -> LogError:
    text = last_line(_without_noise(message))
    kind = EvidenceKind.ACCESS_DENIED if _DENIED.search(text) else kind
    where = code_position(message)
    return LogError(line.at_ms, kind, f"{text}\n{where}" if where else text)


def _without_noise(message: str) -> str:
    """The message without the time and the request ID that loggers begin a line with."""
    text = message.strip()
    while match := _NOISE.match(text):
        text = text[match.end() :].lstrip()
    return text.replace("\t", " ")


def _is_platform_record(text: str) -> bool:
    record = _parsed(text) if text.startswith("{") else None
    return isinstance(record, Mapping) and str(record.get("type", "")).startswith("platform.")


def _parsed(text: str) -> json.Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
