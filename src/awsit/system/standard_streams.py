"""The standard streams of a command whose reader may go away, and whose disk may be full.

A command that only shows something ends when it cannot. One that acts goes on without its output: a run that ended with
it would leave behind what it made.
"""

from __future__ import annotations

import os
import selectors
import sys
from io import BufferedWriter, FileIO, RawIOBase, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from awsit.model.text.encoding import ESCAPE

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STDIN, STDOUT, STDERR = 0, 1, 2


class Output(RawIOBase):
    """What is written goes to a file until a write fails, and nowhere from then on.

    `error` is why. The write that fails raises it, unless the output is `optional`.
    """

    def __init__(self, file: RawIOBase, *, optional: bool = False) -> None:
        super().__init__()
        self._file = file
        self.optional = optional
        self.error: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        """Write some of the bytes; returns how many, or their number when they go nowhere."""
        if self.error is None:
            try:
                return self._write(data)
            except OSError as error:
                self.error = error
                if not self.optional:
                    raise
        return memoryview(data).nbytes

    def writable(self) -> bool:
        """It is, whatever becomes of what is written."""
        return True

    def fileno(self) -> int:
        """The descriptor of the file."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether the file is a terminal."""
        return self._file.isatty()

    def close(self) -> None:
        """Close the file."""
        super().close()
        self._file.close()

    def _write(self, data: ReadableBuffer) -> int:
        while (written := self._file.write(data)) is None:  # another program has made the terminal non-blocking
            with selectors.DefaultSelector() as selector:  # `select` knows no descriptor above 1,023
                selector.register(self._file, selectors.EVENT_WRITE)
                selector.select()
        return written


def protect() -> Output:
    """Have this process write to its standard output and standard error through an `Output`; returns the first's.

    A stream that is closed gets a descriptor that cannot be written to: else the next file that is opened would have
    its number, and be written to.
    """
    for descriptor in (STDIN, STDOUT, STDERR):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # the lowest number that is free (POSIX, open)
    output = Output(_file(sys.stdout, STDOUT))
    sys.stdout = _text(output, sys.stdout)
    sys.stderr = _text(Output(_file(sys.stderr, STDERR), optional=True), sys.stderr)
    return output


def optional_text(path: Path) -> TextIO:
    """A file to add text to, for what nothing depends on: what cannot be written is left out."""
    output = Output(FileIO(path, "a"), optional=True)
    return TextIOWrapper(BufferedWriter(output), "utf-8", ESCAPE)


def _file(stream: TextIO | None, descriptor: int) -> RawIOBase:
    """The file below a stream of text; `descriptor` is that of a stream that Python found closed."""
    if isinstance(stream, TextIOWrapper):
        file: object = stream.buffer.raw if isinstance(stream.buffer, BufferedWriter) else stream.buffer
        if isinstance(file, RawIOBase):
            return file
    return FileIO(descriptor, "w", closefd=False)


def _text(output: Output, like: TextIO | None) -> TextIO:
    """The output as text, in the encoding of another stream; what that cannot hold is written as its escape."""
    by_line = like is None or like.line_buffering or (isinstance(like, TextIOWrapper) and like.write_through)
    encoding = like.encoding if like else None
    return TextIOWrapper(BufferedWriter(output), encoding, ESCAPE, line_buffering=bool(by_line))
