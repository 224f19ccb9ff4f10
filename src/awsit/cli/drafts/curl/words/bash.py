"""A command line as bash reads it: its words, with quotes taken off (POSIX.1-2024, Shell Command Language, section 2).

A variable stands in its word as `variables.variable` marks it. What would run another command or open a file to get
a word, such as `$(...)`, is refused.
"""

from __future__ import annotations

import re

from msgspec import Struct, field

from awsit.cli.drafts.curl.words.variables import shown, variable
from awsit.errors import UsageError

_TOKEN = re.compile(
    r"""
    (?P<continuation>\\(?:\r?\n|\Z))
    | \\(?P<escaped>.)
    | '(?P<single>[^']*)'
    | (?P<split>\$\w*(?:\\\r?\n)+(?=\w) | \$(?:\\\r?\n)+)
    | \$'(?P<ansi>(?:[^'\\]|\\.)*)'
    | \$?"(?P<double>(?:[^"\\]|\\.)*)"
    | \$\{(?P<braced>[^}]*)\}
    | (?P<expansion>\$[(\[{] | ` | [<>]\()
    | \$(?P<name>[A-Za-z_]\w*)
    | (?P<special>\$[0-9@*\#?!$-])
    | (?P<redirection>&>>? | <<<? | <& | <> | < | >> | >& | >\| | >)
    | (?P<operator>\|\|? | &&? | ; | \n | \( | \))
    | (?P<space>[ \t\r]+)
    | (?P<open>\$?['"])
    | (?P<plain>[$\\] | [^\\'"`$<>|&;()\s]+ | .)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_QUOTED = re.compile(
    r"(?P<split>\$\w*(?:\\\n)+(?=\w)|\$(?:\\\n)+)|(?P<continuation>\\\n)|\\(?P<escaped>[$`\"\\])|\$\{(?P<braced>[^}]*)\}|(?P<expansion>\$[(\[{]|`)"
    r"|\$(?P<name>[A-Za-z_]\w*)|(?P<special>\$[0-9@*#?!$-])|(?P<plain>.)",
    re.DOTALL | re.ASCII,
)
_ANSI_C = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9A-Fa-f]{1,2})|u(?P<u>[0-9A-Fa-f]{1,4})|U(?P<U>[0-9A-Fa-f]{1,8})"
    r"|c(?P<control>.)|(?P<letter>.))",
    re.DOTALL,
)
_LETTERS = dict(zip("abeEfnrtv", "\a\b\x1b\x1b\f\n\r\t\v", strict=True))
_QUOTE = '"'
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_TILDE = re.compile(r"([A-Za-z_]\w*=)?~(?=/|\Z)", re.ASCII)
_BRACES = re.compile(r"\{[^{}]*(?:,|\.\.)[^{}]*\}")
_OF_THE_SHELL = frozenset({"RANDOM", "SECONDS", "LINENO", "BASHPID", "EPOCHSECONDS", "EPOCHREALTIME", "UID", "PPID"})


class _Line(Struct):
    """What was read so far. `text` is None between words; `unquoted` is its text with a mark for each quoted part."""

    words: list[str] = field(default_factory=list)
    text: str | None = None
    unquoted: str = ""
    is_file: bool = False

    def add(self, text: str, *, quoted: bool = True) -> None:
        self.text = (self.text or "") + text
        self.unquoted += _QUOTE if quoted else text

    def end_word(self) -> None:
        if self.text is None:
            return
        if _BRACES.search(self.unquoted):
            raise _refused(f"the shell would make several words of {shown(self.text)!r}", "put it in single quotes")
        if home := _TILDE.match(self.unquoted):
            self.text = f"{self.text[: home.end() - 1]}{variable('HOME')}{self.text[home.end() :]}"
        if self.is_file:
            self.is_file = False
        else:
            self.words.append(self.text)
        self.text, self.unquoted = None, ""


def bash_words(command: str) -> tuple[list[str], str]:
    """The words of the first command, and the pipe that follows it (empty without one). Raises UsageError."""
    line = _Line()
    position = 0
    while position < len(command):
        if command[position] == "#" and line.text is None:
            position = _end_of_line(command, position)
            continue
        token = _TOKEN.match(command, position)
        assert token is not None, "the last alternative takes any character"
        position = token.end()
        if token["operator"]:
            line.end_word()
            if token["operator"] == "\n" and not line.words:
                continue
            return line.words, _rest(token["operator"], command[position:])
        _read(line, token)
    line.end_word()
    return line.words, ""


def _end_of_line(command: str, start: int) -> int:
    end = command.find("\n", start)
    return len(command) if end < 0 else end


def _read(line: _Line, token: re.Match[str]) -> None:
    if token["continuation"]:
        return
    if token["space"]:
        line.end_word()
    elif token["redirection"]:
        _redirect(line, token["redirection"])
    elif token["open"]:
        raise _refused(f"No closing quotation, of {token['open']}", "check its quotes")
    elif token["double"] is not None:
        line.add("".join(_inside_quotes(found) for found in _QUOTED.finditer(token["double"])))
    elif token["ansi"] is not None:
        line.add(_ansi_c(token["ansi"]))
    elif token["plain"]:
        line.add(token["plain"], quoted=False)
    else:
        line.add(_expanded(token) or token["escaped"] or token["single"] or "")


def _redirect(line: _Line, operator: str) -> None:
    """The next word is the name of a file; a number before the operator is a file descriptor."""
    if operator.startswith("<<"):
        raise _refused(f"the command reads a text with {operator}", "give the data to -d or --data-raw")
    if line.text is not None and line.text == line.unquoted and line.text.isdigit():
        line.text, line.unquoted = None, ""
    line.end_word()
    line.is_file = True


def _inside_quotes(found: re.Match[str]) -> str:
    return "" if found["continuation"] else found["escaped"] or found["plain"] or _expanded(found)


def _expanded(found: re.Match[str]) -> str:
    """The variable that the token stands for; empty if it is none."""
    if found["split"]:
        raise _refused("a line ends within the name of a variable", "write the name on one line")
    name = found["name"] or found["braced"]
    if found["expansion"] or found["special"] or name in _OF_THE_SHELL:
        shown = found["expansion"] or found["special"] or f"${name}"
        raise _refused(f"only the shell knows what {shown} stands for", "write the value, or a variable such as $TOKEN")
    if name is None:
        return ""
    if not _NAME.fullmatch(name):
        raise _refused(f"${{{name}}} is no plain variable", "write the value, or a variable such as ${TOKEN}")
    return variable(name)


def _ansi_c(text: str) -> str:
    r"""The characters that `$'...'` stands for; those of `\xHH` and `\nnn` are bytes. A NUL ends it, as in bash."""
    whole = b""
    end = 0
    for found in _ANSI_C.finditer(text):
        whole += text[end : found.start()].encode("utf-8", "surrogateescape") + _escape(found)
        end = found.end()
    whole += text[end:].encode("utf-8", "surrogateescape")
    return whole.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _escape(found: re.Match[str]) -> bytes:
    if found["octal"]:
        return bytes([int(found["octal"], 8) & 0xFF])
    if found["hex"]:
        return bytes([int(found["hex"], 16)])
    if code := found["u"] or found["U"]:
        return _character(int(code, 16), found[0])
    if found["control"]:
        return bytes([ord(found["control"]) & 0x1F])
    letter = found["letter"]
    return (_LETTERS.get(letter) or (letter if letter in "\\'\"?" else found[0])).encode("utf-8", "surrogateescape")


def _character(code: int, shown: str) -> bytes:
    try:
        return chr(code).encode()
    except (ValueError, UnicodeEncodeError):
        raise _refused(f"{shown} is no character for a shell", "write the character itself") from None


def _rest(operator: str, rest: str) -> str:
    """The pipe behind the command. Raises UsageError when other commands follow."""
    if operator == "|":
        return rest.strip()
    if operator not in "()" and not re.sub(r"#.*", "", rest).strip(" \t\r\n;&"):
        return ""
    shown = "a new line" if operator == "\n" else f"`{operator}`"
    hint = "give it one curl command; put a URL in quotes, and end a line that goes on with a backslash"
    raise _refused(f"more follows after {shown}", hint)


def _refused(message: str, hint: str) -> UsageError:
    return UsageError(f"the curl command cannot be read: {message}", hint=hint)
