"""Mistakes in the characters, words and lines of a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.properties.odd_values import EXPRESSIONS, PATHS, TEXTS

CHARACTERS = (
    *"\"'{}[]:,-#&*!|>%@`$?\\~<=. \t\n\r09aZ",
    *("\x00", "\x1b", "\x7f", "\x85", "\xa0", "\u2028", "\u202e", "\ufeff", "\ufffe", "é", "漢", "😀"),
    *("{{", "}}", "{%", "{#", "<<: ", "---\n", "...\n", "!!binary ", "!x ", "&a ", "*a", "? ", "|\n", ">-\n"),
)
BYTES = (b"\xff", b"\xc3", b"\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xfe\xff", b"\r")
EXPRESSION = re.compile(r"\{\{.*?\}\}")
PATH = re.compile(r"\$[.\[][^\s,}\"']*")
WORD = re.compile(r"[A-Za-z_]{3,}")
TOKEN = re.compile(r"[A-Za-z0-9_.$#-]+|\s+|.")

Mistake = Callable[[str, Random], str]


def with_mistake(content: bytes, random: Random) -> tuple[str, bytes]:
    """The name of a mistake, and the file with it."""
    if random.random() < 0.08:
        return "bytes", _bytes(content, random)
    name = random.choice(tuple(MISTAKES))
    return name, MISTAKES[name](content.decode(errors="replace"), random).encode(errors="surrogatepass")


def _bytes(content: bytes, random: Random) -> bytes:
    at = random.randint(0, len(content))
    return content[:at] + random.choice(BYTES) + content[at + random.randint(0, 2) :]


def _insert(text: str, random: Random) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(CHARACTERS) + text[at:]


def _replace(text: str, random: Random) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(CHARACTERS) + text[at + 1 :]


def _cut(text: str, random: Random) -> str:
    at = random.randint(0, len(text))
    return text[:at] + text[at + random.choice((1, 1, 1, 5, 20)) :]


def _end_early(text: str, random: Random) -> str:
    return text[: random.randint(0, len(text))]


def _swap_tokens(text: str, random: Random) -> str:
    tokens = TOKEN.findall(text)
    if len(tokens) > 1:
        first, second = random.randrange(len(tokens)), random.randrange(len(tokens))
        tokens[first], tokens[second] = tokens[second], tokens[first]
    return "".join(tokens)


def _without_line(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[:-1] if not lines else _dropped(lines, random.randrange(len(lines))))


def _line_again(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    if lines:
        lines.insert(random.randint(0, len(lines)), random.choice(lines))
    return "".join(lines)


def _indent(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = random.randrange(len(lines))
    lines[at] = random.choice(("\t", " ", "  ", "    ")) + lines[at] if random.random() < 0.6 else lines[at].lstrip(" ")
    return "".join(lines)


def _comment(text: str, random: Random) -> str:
    return text + random.choice(("", " ", "\n")) + "# " + random.choice(CHARACTERS)


def _doubling(text: str, random: Random) -> str:
    """Each line holds the one before twice: small in YAML with aliases, and endless without."""
    levels = range(1, random.choice((*[4, 8] * 5, 40)))
    return text + "\nx0: &x0 [x]\n" + "".join(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]\n" for n in levels)


def _other_breaks(text: str, random: Random) -> str:
    return text.replace("\n", random.choice(("\r\n", "\r", "\x85", "\u2028", "\n\n")), random.choice((-1, 1, 3)))


def _misspell(text: str, random: Random) -> str:
    return _at_random(WORD, text, random, lambda word: _shuffled(word, random))


def _other_expression(text: str, random: Random) -> str:
    return _at_random(EXPRESSION, text, random, lambda _: random.choice(EXPRESSIONS))


def _inside_expression(text: str, random: Random) -> str:
    return _at_random(EXPRESSION, text, random, lambda found: _replace(found, random))


def _other_path(text: str, random: Random) -> str:
    return _at_random(PATH, text, random, lambda _: random.choice(PATHS))


def _inside_path(text: str, random: Random) -> str:
    return _at_random(PATH, text, random, lambda found: _insert(found, random))


def _other_word(text: str, random: Random) -> str:
    return _at_random(WORD, text, random, lambda _: random.choice(TEXTS))


def _many_times(text: str, random: Random) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(CHARACTERS) * random.choice((10, 100, 5000)) + text[at:]


def _at_random(pattern: re.Pattern[str], text: str, random: Random, change: Callable[[str], str]) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return _insert(text, random)
    chosen = random.choice(found)
    return text[: chosen.start()] + change(chosen[0]) + text[chosen.end() :]


def _dropped(lines: list[str], index: int) -> list[str]:
    return lines[:index] + lines[index + 1 :]


def _shuffled(word: str, random: Random) -> str:
    letters = list(word)
    at = random.randrange(len(letters) - 1)
    letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


MISTAKES: dict[str, Mistake] = {
    "a character too many": _insert,
    "another character": _replace,
    "characters missing": _cut,
    "an early end": _end_early,
    "two words swapped": _swap_tokens,
    "a line missing": _without_line,
    "a line again": _line_again,
    "other indentation": _indent,
    "a comment": _comment,
    "doubled and doubled": _doubling,
    "other line breaks": _other_breaks,
    "a misspelt word": _misspell,
    "another expression": _other_expression,
    "a broken expression": _inside_expression,
    "another path": _other_path,
    "a broken path": _inside_path,
    "another word": _other_word,
    "the same character many times": _many_times,
}
