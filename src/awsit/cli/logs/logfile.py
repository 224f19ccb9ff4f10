"""The debug log of one command, `--debug`: lines with a level and the run's ID, secrets replaced."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.patterns import lazy_pattern
from awsit.system.files import make_own, write_own
from awsit.system.standard_streams import optional_text

if TYPE_CHECKING:
    from awsit.model.ports import Clock

FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)-7s %(run_id)s %(name)s: %(message)s"
LOGGER = "awsit"
SECRETS = (
    lazy_pattern(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?)[^'\"\n,}]+"),
    lazy_pattern(r"(?i)(x-amz-security-token['\"]?\s*[:=]\s*['\"]?)[^\s'\"&,}]+"),
    lazy_pattern(r"(?i)(x-amz-signature['\"]?\s*[:=]\s*['\"]?)[^\s'\"&,}]+"),
    lazy_pattern(r"(?i)((?:secret|password|token|api_?key)\w*['\"]?\s*[:=]\s*['\"]?)[^\s'\"&,}]+"),
    lazy_pattern(r"(?i)(\b(?:bearer|basic) )[A-Za-z0-9._~+/=-]{8,}"),
    lazy_pattern(r"((?:A3T|AKIA|ASIA))[0-9A-Z]{12,}"),
)


class LogFile:
    """The log file of a command. `run_id` stands in each line that is written after it was set."""

    def __init__(self, folder: Path, level: str, clock: Clock) -> None:
        make_own(folder)
        keep_out_of_git(folder.parent)
        self.path = folder / f"{clock.now():%Y%m%dT%H%M%S%f}.log"
        self.run_id = "-"
        write_own(self.path, "")
        self._stream = optional_text(self.path)
        self._handler = logging.StreamHandler(self._stream)
        self._handler.setFormatter(RedactingFormatter())
        self._handler.addFilter(self._stamp)
        self._logger = logging.getLogger(LOGGER)
        self._level_before = self._logger.level
        self._logger.setLevel(level.upper())
        self._logger.addHandler(self._handler)
        self._logger.info("started")

    def close(self) -> None:
        """Write what is buffered and close the file."""
        self._logger.info("ended")
        self._logger.removeHandler(self._handler)
        self._logger.setLevel(self._level_before)
        self._stream.close()

    def _stamp(self, record: logging.LogRecord) -> bool:
        record.run_id = self.run_id
        return True


class RedactingFormatter(logging.Formatter):
    """Formats log lines: times in UTC, `***` for whatever looks like a secret."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(FORMAT, "%Y-%m-%dT%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """A record as one line, with its traceback on the lines below."""
        return without_secrets(super().format(record))


def log_error(error: BaseException) -> None:
    """Log the error that ends the command, with its traceback."""
    logging.getLogger(LOGGER).error("%s", error, exc_info=error)


def keep_crash(folder: Path, text: str, clock: Clock) -> Path:
    """Write the traceback of a bug into a file of its own and return its path."""
    make_own(folder)
    keep_out_of_git(folder.parent)
    path = folder / f"crash-{clock.now():%Y%m%dT%H%M%S%f}.log"
    write_own(path, without_secrets(text))
    return path


def without_secrets(text: str) -> str:
    """The text, with `***` for whatever looks like a secret."""
    for pattern in SECRETS:
        text = pattern.sub(r"\1***", text)
    return text


def keep_out_of_git(folder: Path) -> None:
    """Make git ignore a state folder, without a change to the project's own `.gitignore`."""
    ignore = folder / ".gitignore"
    with suppress(OSError):  # for want of it nothing fails
        if not ignore.exists():
            write_own(ignore, "*\n")
