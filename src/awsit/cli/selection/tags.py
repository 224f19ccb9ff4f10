"""Scenarios by their tags: `--tag` and `--exclude-tag`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from awsit.cli.selection.selected import SelectedScenario
from awsit.errors import NotFoundError
from awsit.records import dataclass


@dataclass(frozen=True, slots=True)
class Tags:
    """A choice of scenarios: those with one of the `wanted` tags, if there are any, and without all `excluded` ones."""

    wanted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def admit(self, tags: Iterable[str]) -> bool:
        """Whether a scenario with these tags is chosen."""
        have = set(tags)
        return (not self.wanted or not have.isdisjoint(self.wanted)) and have.isdisjoint(self.excluded)

    def admitted(self, scenarios: Sequence[SelectedScenario]) -> list[SelectedScenario]:
        """The scenarios that are chosen. Raises NotFoundError when there are some and none is chosen."""
        admitted = [scenario for scenario in scenarios if self.admit(scenario.tags)]
        if scenarios and not admitted:
            known = sorted({tag for scenario in scenarios for tag in scenario.tags})
            raise NotFoundError(
                f"none of {len(scenarios)} scenarios {self}",
                hint=f"their tags are {', '.join(known)}" if known else "they have no tags",
            )
        return admitted

    def __str__(self) -> str:
        wanted = f"has the tag {' or '.join(self.wanted)}" if self.wanted else ""
        excluded = f"is without the tag {' and '.join(self.excluded)}" if self.excluded else ""
        return " and ".join(filter(None, (wanted, excluded)))
