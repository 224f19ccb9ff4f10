"""Texts whose parts have styles, made without rich: it is slow to import, and what is piped shows no styles."""

from __future__ import annotations

from typing import Self

TAB_CELLS = 8


class Text:
    """A text, part by part. Styles are those of rich, such as `bold` or `red`; that of the text is also of each part.

    `parts` are texts, each with a style of its own.
    """

    __slots__ = ("parts", "style")

    def __init__(self, text: str = "", style: str = "") -> None:
        self.style = style
        self.parts: list[tuple[str, str]] = [(text, "")] if text else []

    def __bool__(self) -> bool:
        """Whether it has a character."""
        return bool(self.parts)

    @property
    def plain(self) -> str:
        """All of the text, without styles."""
        return "".join(text for text, _ in self.parts)

    @property
    def cell_len(self) -> int:
        """The columns that the text takes in a terminal."""
        return cell_len(self.plain)

    def append(self, text: str, style: str = "") -> Self:
        """Add a part."""
        if text:
            self.parts.append((text, style))
        return self

    def append_text(self, other: Text) -> Self:
        """Add the parts of another text; each keeps its styles."""
        self.parts += [(text, f"{other.style} {style}".strip()) for text, style in other.parts]
        return self

    def pad_right(self, count: int) -> None:
        """Add so many blanks."""
        self.append(" " * count)

    def rstrip(self) -> None:
        """Remove the white space at the end."""
        while self.parts:
            text, style = self.parts.pop()
            if stripped := text.rstrip():
                self.parts.append((stripped, style))
                return


def cell_len(text: str) -> int:
    """The columns that a text takes in a terminal: a wide character takes two, one that combines with another none."""
    if text.isascii() and text.isprintable():
        return len(text)
    from rich.cells import cell_len  # has the widths of Unicode

    return cell_len(text)


def without_tabs(text: str) -> str:
    """The text with blanks up to the next multiple of `TAB_CELLS` columns in the place of each tab."""
    return "\n".join(map(_without_tabs, text.split("\n"))) if "\t" in text else text


def _without_tabs(line: str) -> str:
    first, *others = line.split("\t")
    for part in others:
        first += " " * (TAB_CELLS - cell_len(first) % TAB_CELLS) + part
    return first
