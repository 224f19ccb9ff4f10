"""A command line as cmd.exe of Windows and curl.exe read it: its words, with quotes taken off.

Two readers, one after the other: cmd takes carets and `%NAME%` (Microsoft, "cmd" and "Command shell overview"), then
the program splits the line itself ("Parsing C command-line arguments"), where a backslash counts only before a quote.
"""

from __future__ import annotations

import re

from awsit.cli.drafts.curl.words.variables import variable
from awsit.errors import UsageError

_BASH_QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_CARET = re.compile(r"\^[ \t]*\r?(?:\n|$)|(?:^|\s)\^_")
_VARIABLE = re.compile(r"%([A-Z_][A-Z0-9_]{2,})%", re.ASCII)
_CMD = re.compile(r'"[^"\n]*"?|\^(?P<escaped>\r?\n(?:\r?\n)?|.)|(?P<operator>[&|<>\n])|[^"&|<>^\n]+|\^', re.DOTALL)
_ARGUMENT = re.compile(r'(?P<slashes>\\*)(?P<quote>"+)|(?P<space>[ \t]+)|(?P<plain>\\+|[^\\" \t]+)')


def is_for_cmd(command: str) -> bool:
    """Whether carets stand outside bash's quotes: before a quote, or at the end of a line."""
    return _CARET.search(_BASH_QUOTED.sub("_", command)) is not None


def cmd_words(command: str) -> list[str]:
    """The words of the command. Raises UsageError."""
    return _arguments(_without_carets(_VARIABLE.sub(lambda found: variable(found[1]), command)))


def _without_carets(command: str) -> str:
    text = ""
    for found in _CMD.finditer(command):
        if found["operator"]:
            _check_end(found["operator"], command[found.end() :])
            break
        escaped = found["escaped"]
        text += found[0] if escaped is None else escaped.replace("\r", "").removeprefix("\n")
    return text


def _check_end(operator: str, rest: str) -> None:
    if rest.strip():
        shown = "a new line" if operator == "\n" else f"`{operator}`"
        raise UsageError(
            f"the curl command cannot be read: more follows after {shown}",
            hint="give it one curl command; end a line that goes on with a caret",
        )


def _arguments(line: str) -> list[str]:
    words: list[str] = []
    word: str | None = None
    quoted = False
    for found in _ARGUMENT.finditer(line):
        if found["space"] and not quoted:
            words += [] if word is None else [word]
            word = None
        elif found["quote"]:
            text, quoted = _quotes(len(found["slashes"]), len(found["quote"]), quoted=quoted)
            word = (word or "") + text
        else:
            word = (word or "") + found[0]
    return words if word is None else [*words, word]


def _quotes(slashes: int, quotes: int, *, quoted: bool) -> tuple[str, bool]:
    """What backslashes and quotes after them stand for, and whether a quoted part is open behind them."""
    text = "\\" * (slashes // 2)
    if slashes % 2:
        text, quotes = text + '"', quotes - 1
    while quotes:
        if quoted and quotes > 1:
            text, quotes = text + '"', quotes - 2
        else:
            quoted, quotes = not quoted, quotes - 1
    return text, quoted
