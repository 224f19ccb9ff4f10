import pytest

from awsit.aws.runs.later import SINGLE_READS, EntriesReadLater, ReadLater


class Items:
    """Entries that note how they are read."""

    def __init__(self, **entries: object) -> None:
        self.entries = entries
        self.reads: list[str] = []

    def one(self, name: str) -> dict[str, object]:
        self.reads.append(name)
        return {name: self.entries[name]} if name in self.entries else {}

    def everything(self) -> dict[str, object]:
        self.reads.append("*")
        return self.entries

    def mapping(self, **known: object) -> EntriesReadLater[object]:
        return EntriesReadLater(known, self.one, self.everything)


def test_an_entry_is_read_once_when_it_is_looked_at() -> None:
    items = Items(a=None, b=2)
    entries = items.mapping()

    assert entries["a"] is None
    assert "a" in entries
    assert "c" not in entries
    assert entries.get("c") is None
    assert items.reads == ["a", "c"]


def test_who_looks_at_many_reads_all_at_once() -> None:
    items = Items(**{f"n{number}": number for number in range(100)})
    entries = items.mapping()

    assert [entries[f"n{number}"] for number in range(100)] == list(range(100))
    assert items.reads == [*(f"n{number}" for number in range(SINGLE_READS)), "*"]
    assert len(entries) == len(list(entries)) == 100
    assert items.reads.count("*") == 1


def test_what_is_known_is_there_unless_something_newer_is() -> None:
    items = Items(a="new")
    entries = items.mapping(a="old", b="old")

    assert (entries["a"], entries["b"]) == ("new", "old")
    assert entries == {"a": "new", "b": "old"}
    with pytest.raises(KeyError):
        entries["c"]


def test_a_sequence_is_read_when_it_is_looked_at() -> None:
    reads: list[int] = []
    elements = ReadLater(lambda: (reads.append(1), (4, 7))[1])

    assert reads == []
    assert elements == (4, 7)
    assert list(reversed(elements)) == [7, 4]
    assert elements[0:1] == (4,)
    assert reads == [1]
