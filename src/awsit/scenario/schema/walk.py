"""Every action of a scenario document, valid or not, with what has been captured and run before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from awsit.identity import Identity
from awsit.model.json import OBJECTS, Json
from awsit.model.plan import Phase
from awsit.model.text.paths import child_path
from awsit.patterns import lazy_pattern
from awsit.scenario.limits import DEFAULT_ITEMS, MAX_ACTIONS, MAX_ITEMS
from awsit.scenario.schema.keys import CHOICE, PARALLEL

_PARALLEL_BRANCH = lazy_pattern(r"\.params\.branches\[(\d+)\]")
_BRANCH = lazy_pattern(r"\.params\.(then|else)\[")


class ActionSite(Struct, frozen=True):
    """One action as it is written. `context` and `actions` are the names that its templates may use.

    `in_parallel`: it is inside a `parallel`. `choices`: the number of `choice` actions around it.
    """

    path: str
    raw: Mapping[str, Json]
    phase: Phase
    context: frozenset[str]
    actions: frozenset[str]
    in_parallel: bool = False
    choices: int = 0

    @property
    def type(self) -> str:
        """Its type; empty when it has none, or one that is no text."""
        kind = self.raw.get("type")
        return kind if isinstance(kind, str) else ""

    @property
    def name(self) -> str:
        """Its name; empty when it has none, or one that is no text."""
        name = self.raw.get("name")
        return name if isinstance(name, str) else ""

    @property
    def captures(self) -> frozenset[str]:
        """The names that it adds to the context."""
        return _added(self.raw) | self.of_item

    @property
    def of_item(self) -> frozenset[str]:
        """The names of the item of a `for_each` and of its index, which only the action and its follow-ups know."""
        if "for_each" not in self.raw:
            return frozenset()
        alias = _mapping(self.raw["for_each"]).get("as", "item")
        return frozenset({str(alias), f"{alias}_index"})

    @property
    def known_later(self) -> frozenset[str]:
        """The names that later actions may use: of a `for_each`, those of the lists that it captures."""
        return frozenset(_mapping(self.raw.get("pass_to_context"))) if self.of_item else self.captures

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of its steps: of a `for_each`, one for each item."""
        if "for_each" not in self.raw:
            return (self.name,)
        for_each = _mapping(self.raw["for_each"])
        items, most = for_each.get("item"), for_each.get("max_items", DEFAULT_ITEMS)
        number = len(items) if isinstance(items, list) else most if isinstance(most, int) else 1
        return tuple(child_path(self.name, index) for index in range(min(number, MAX_ITEMS)))

    @property
    def lets(self) -> Mapping[str, Json]:
        """What it computes before it is carried out."""
        return _mapping(self.raw.get("let"))


class Names(Struct, frozen=True):
    """The captured names and the actions that are known at one point of the scenario."""

    context: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()

    def __or__(self, other: Names) -> Names:
        """The names of both."""
        return Names(self.context | other.context, self.actions | other.actions)


class _Around(Struct, frozen=True):
    """What is around the actions of one list."""

    phase: Phase
    in_parallel: bool = False
    choices: int = 0

    def site(self, path: str, raw: Mapping[str, Json], known: Names) -> ActionSite:
        """The site of an action in the list."""
        return ActionSite(path, raw, self.phase, known.context, known.actions, self.in_parallel, self.choices)


class SiteWalk(Struct):
    """All actions in the order in which they are written; `known` has the names that are known at the end."""

    sites: list[ActionSite] = field(default_factory=list)
    known: Names = field(default_factory=Names)

    @property
    def number(self) -> int:
        """The number of steps: those of a `for_each`, with what follows them up, are there for each item."""
        return len(self.sites) + sum((len(site.steps) - 1) * (1 + _follow_ups(site)) for site in self.sites)

    def visit(self, document: Mapping[str, Json]) -> None:
        """Walk `setup`, `actions` and the scenario's own clean-up."""
        for phase in (Phase.SETUP, Phase.ACTIONS):
            self.known = self._list(document.get(str(phase)), str(phase), _Around(phase), self.known)
        self._follow_ups(document.get("cleanup"), "cleanup", Phase.CLEANUP, self.known)

    def _list(self, raw: Json, path: str, around: _Around, known: Names) -> Names:
        for place, action in _mappings(raw, path):
            site = around.site(place, action, known)
            self.sites.append(site)
            if len(self.sites) <= MAX_ACTIONS:  # beyond, the scenario is refused, and sets of all names would not fit
                known = self._after(site, known)
        return known

    def _after(self, site: ActionSite, known: Names) -> Names:
        params = _mapping(site.raw.get("params"))
        if site.type == PARALLEL:
            branches = [
                self._list(actions, place, _Around(site.phase, in_parallel=True, choices=site.choices), known)
                for place, actions in _branches(params.get("branches"), f"{site.path}.params.branches")
            ]
            return _union(known, branches)
        if site.type == CHOICE:
            known = known | Names(actions=frozenset({site.name}))
            return _union(known, [self._branch(site, params, key, known) for key in ("then", "else")])
        after = Names(known.context | site.known_later, known.actions.union(site.steps))
        if not _follow_ups(site):
            return after
        own = after | Names(site.captures)
        self._follow_ups(site.raw.get("on_failure"), f"{site.path}.on_failure", Phase.ON_FAILURE, own)
        self._follow_ups(site.raw.get("cleanup"), f"{site.path}.cleanup", Phase.CLEANUP, own)
        return after

    def _branch(self, site: ActionSite, params: Mapping[str, Json], key: str, known: Names) -> Names:
        path = f"{site.path}.params.{key}"
        return self._list(params.get(key), path, _Around(site.phase, site.in_parallel, site.choices + 1), known)

    def _follow_ups(self, raw: Json, path: str, phase: Phase, known: Names) -> None:
        """Each follow-up may use what the others of its list capture: clean-up is put into an order that allows it."""
        places = list(_mappings(raw, path))
        is_possible = len(places) <= MAX_ACTIONS
        for place, action in places:
            others = (other for _, other in places if other is not action)
            captured = frozenset(name for other in others for name in _added(other)) if is_possible else frozenset()
            self.sites.append(ActionSite(place, action, phase, known.context | captured, known.actions))


def walk(document: Mapping[str, Json]) -> SiteWalk:
    """Walk a document whose depth is within the limit; what is no action is left out."""
    _walked.cache_clear()
    return walked_before(document)


def walked_before(document: Mapping[str, Json]) -> SiteWalk:
    """As `walk`, which has walked the document before if it is the last one, and it has not been changed since."""
    return _walked(Identity(document))


@lru_cache(maxsize=1)
def _walked(same: Identity[Mapping[str, Json]]) -> SiteWalk:
    walked = SiteWalk()
    walked.visit(same.value)
    return walked


def parallel_of(one: str, other: str) -> str:
    """The place of the `parallel` in whose different branches two places are; empty where there is none."""
    for branch in _PARALLEL_BRANCH.finditer(one):
        begin = one[: branch.start(1)]
        number = other[len(begin) :].partition("]")[0] if other.startswith(begin) else branch[1]
        if number != branch[1]:
            return one[: branch.start()]
    return ""


def are_exclusive(one: str, other: str) -> bool:
    """Whether two places are in different branches of one `choice`."""
    for branch in _BRANCH.finditer(one):
        opposite = "else" if branch[1] == "then" else "then"
        if other.startswith(f"{one[: branch.start()]}.params.{opposite}["):
            return True
    return False


def _union(known: Names, others: list[Names]) -> Names:
    for other in others:
        known = known | other
    return known


def _branches(raw: Json, path: str) -> Iterator[tuple[str, Json]]:
    for index, branch in enumerate(raw if isinstance(raw, list) else []):
        place = child_path(path, index)
        if isinstance(branch, Mapping):
            yield child_path(place, "actions"), branch.get("actions")
        else:
            yield place, branch


def _mappings(raw: Json, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, item in enumerate(raw if isinstance(raw, list) else []):
        if isinstance(item, Mapping):
            yield child_path(path, index), item


def _added(raw: Mapping[str, Json]) -> frozenset[str]:
    return frozenset({*_mapping(raw.get("let")), *_mapping(raw.get("pass_to_context"))})


def _follow_ups(site: ActionSite) -> int:
    lists = (site.raw.get(key) for key in ("cleanup", "on_failure"))
    return sum(len(each) for each in lists if isinstance(each, list))


def _mapping(raw: Json) -> Mapping[str, Any]:
    return raw if isinstance(raw, OBJECTS) else {}
