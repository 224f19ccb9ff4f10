"""The cases of llhttp's `test/response/*.md`: bytes that a server sends, and what Node's parser makes of them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "llhttp"
_CASE = re.compile(
    r"^#+ (?P<title>[^\n]*)\n(?:(?!^#).)*?<!-- meta=(?P<meta>\{.*?\}) -->\n```http\n(?P<input>.*?)```\n"
    r"(?:(?!^#).)*?```log\n(?P<log>.*?)```",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Case:
    name: str
    strict: bool
    sent: bytes
    log: str

    @property
    def is_refused(self) -> bool:
        """Whether llhttp reports an error before the first message is complete."""
        return " error code=" in self.log.split("message complete")[0]


def cases() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("*.md")):
        for found in _CASE.finditer(file.read_text(encoding="utf-8")):
            strict = json.loads(found["meta"])["type"] in {"response", "response-finish"}
            yield Case(f"{file.stem}: {found['title']}", strict, _sent(found["input"]), found["log"])


def _sent(text: str) -> bytes:
    """The bytes, as llhttp's own runner reads them: lines end with CRLF, escapes stand for control characters."""
    text = re.sub(r"\n\Z", "", text)
    text = re.sub(r"\\\n", "", text).replace("\n", "\r\n")
    for escape, character in (("\\r", "\r"), ("\\n", "\n"), ("\\t", "\t"), ("\\f", "\f")):
        text = text.replace(escape, character)
    text = re.sub(r"\\x([0-9a-fA-F]+)", lambda found: chr(int(found[1], 16)), text)
    text = re.sub(r"\\([0-7]{1,3})", lambda found: chr(int(found[1], 8)), text)
    return text.encode("latin-1")
