"""What the command line would print, kept as text for pytest to show."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from io import BytesIO, TextIOWrapper

from awsit.reporting.terminal.terminal import Console

WIDTH = "100"


class Page:
    """A console without colours that writes into memory.

    It keeps to the characters of the process's own output: pytest writes a text with any other as one line of escapes.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        """Begin empty; of the environment's variables, `COLUMNS` is followed."""
        self._encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
        self._bytes = BytesIO()
        file = TextIOWrapper(self._bytes, self._encoding, "backslashreplace", newline="")
        self.console = Console({"COLUMNS": variables.get("COLUMNS") or WIDTH}, file=file)

    def text(self) -> str:
        """All that was written."""
        self.console.file.flush()
        return self._bytes.getvalue().decode(self._encoding).strip("\n")
