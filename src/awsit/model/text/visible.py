r"""Text from outside as people, terminals and CI servers are shown it: it is text, and steers none of them.

- Control characters (ECMA-48: C0, C1, DEL), the separators of lines and paragraphs, and the characters that turn the
  direction of text (Unicode Bidirectional Algorithm, UAX 9) are shown as their codes: `\x1b`, `\u202e`. A tab and a
  line feed stay.
- So are characters that cannot be seen, or not be told from a space (Unicode Standard, section 23.2 and table 6-2): two
  texts that differ in them alone would look the same. Joiners stay: emoji and several scripts are written with them.
- What a CI server would take for a command loses its first character to its code: `::add-mask::` at the beginning of a
  line, also after blanks (GitHub Docs, "Workflow commands for GitHub Actions"), `##[` and `##vso[` anywhere (Azure
  Pipelines, "Logging commands"), `section_start:` (GitLab, "Job logs").
"""

from __future__ import annotations

import re

from awsit.model.text.encoding import escaped
from awsit.patterns import lazy_pattern

_UNSEEN = "\xa0\xad\u061c\u180e\u2000-\u200b\u200e\u200f\u202f\u205f-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"
_TAGS = "\U000e0000-\U000e007f"
_OTHER_CONTROL = f"\x7f-\x9f\u2028-\u202e\u2066-\u2069{_UNSEEN}{_TAGS}"
_CONTROL = lazy_pattern(f"[\x00-\x08\x0b-\x1f{_OTHER_CONTROL}]")
_CONTROL_IN_JSON = lazy_pattern(f"[{_OTHER_CONTROL}]")
_LINE_COMMAND = r"(?:(?<=\n)|\A)(?P<blanks>[^\S\n]*):(?=:[\w-]+(?: [^\n]*)?::)"
_COMMAND_ANYWHERE = r"#(?=#\w*\[)|s(?=ection_(?:start|end):\d)"
_COMMAND = lazy_pattern(rf"{_LINE_COMMAND}|{_COMMAND_ANYWHERE}")
_COMMAND_IN_JSON = lazy_pattern(_COMMAND_ANYWHERE)


def visible(text: str) -> str:
    r"""The text, with the codes of what is no text; what UTF-8 cannot hold is shown as its code too (`\ud83d`)."""
    text = _CONTROL.sub(_code, escaped(text).replace("\r\n", "\n"))
    return without_commands(text)


def without_commands(text: str) -> str:
    """The text without commands to a CI server, everything else as it is."""
    return _COMMAND.sub(lambda command: (command["blanks"] or "") + _code_of(command[0][-1]), text)


def visible_json(document: str) -> str:
    r"""The same JSON, in which texts hold such characters, and the beginnings of commands, as escapes (`\u009b`)."""
    if not document.isascii() or "\x7f" in document:  # few documents need to be looked through for any of these
        document = _CONTROL_IN_JSON.sub(lambda match: _json_escape(match[0]), document)
    if "##" in document or "section_" in document:
        document = _COMMAND_IN_JSON.sub(lambda match: _json_escape(match[0]), document)
    return document


def on_one_line(text: str) -> str:
    """The text as `visible` makes it, its lines joined with blanks."""
    return without_commands(" ".join(visible(text).split("\n")))


def has_control(text: str) -> bool:
    """Whether the text holds what a terminal would follow."""
    return bool(_CONTROL.search(text))


def _code(match: re.Match[str]) -> str:
    return _code_of(match[0])


def _code_of(character: str) -> str:
    if character < "\u0100":
        return f"\\x{ord(character):02x}"
    return f"\\u{ord(character):04x}" if character < "\U00010000" else f"\\U{ord(character):08x}"


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
