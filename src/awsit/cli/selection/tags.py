"""Scenarios by their tags: `--tag` and `--exclude-tag`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from awsit.cli.selection.selected import SelectedScenario
from awsit.errors import NotFoundError
from awsit.model.text.counts import none_of


class Tags(Struct, frozen=True):
    """A choice of scenarios: those with one of the `wanted` tags, if there are any, and without all `excluded` ones."""

    wanted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def admit(self, tags: Iterable[str]) -> bool:
        """Whether a scenario with these tags is chosen."""
        have = set(tags)
        return (not self.wanted or not have.isdisjoint(self.wanted)) and have.isdisjoint(self.excluded)

    def admitted(self, scenarios: Iterable[SelectedScenario]) -> Iterator[SelectedScenario]:
        """The scenarios that are chosen. Raises NotFoundError at the end when there are some and none is chosen."""
        keys, tags, is_any = set[str](), set[str](), False
        for scenario in scenarios:
            if self.admit(scenario.tags):
                is_any = True
                yield scenario
            elif not is_any:  # else nobody is told of them
                keys.add(scenario.key)
                tags.update(scenario.tags)
        if keys and not is_any:
            raise NotFoundError(
                f"{none_of(len(keys), 'scenario')} {self}",
                hint=f"their tags are {', '.join(sorted(tags))}" if tags else "they have no tags",
            )

    def __str__(self) -> str:
        wanted = f"has the tag {' or '.join(self.wanted)}" if self.wanted else ""
        excluded = f"is without the tag {' and '.join(self.excluded)}" if self.excluded else ""
        return " and ".join(filter(None, (wanted, excluded)))
