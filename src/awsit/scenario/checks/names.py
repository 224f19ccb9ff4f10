"""Checks of names: each action has one of its own, and whatever templates refer to is defined by then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import starmap

from msgspec import Struct

from awsit.errors import Problem
from awsit.expressions.templates import template
from awsit.expressions.templates.names import FAKE, GENERATORS, LOOKUPS, NAMESPACES
from awsit.expressions.templates.substitution import uses
from awsit.model.action.abilities import FollowsAction
from awsit.model.action.protocol import Action
from awsit.model.json import Json
from awsit.scenario.checks.rendered import PlacedText, rendered_texts
from awsit.scenario.schema.matrix import matrix_variables
from awsit.scenario.schema.walk import ActionSite, SiteWalk, are_exclusive, parallel_of
from awsit.suggestions import suggestion

_NOT_CALLED = NAMESPACES | {FAKE}
_RUN_TIME_ROOTS = LOOKUPS | GENERATORS | {FAKE, "run", "suite"}


def duplicate_problems(sites: Iterable[ActionSite]) -> Iterator[Problem]:
    """Actions that share a name. Clean-up and diagnostics may: nothing refers to them."""
    first: dict[str, ActionSite] = {}
    for site in sites:
        if site.phase.is_follow_up or not site.name:
            continue
        if site.name in first:
            message = f"the name `{site.name}` is taken by `{first[site.name].path}`"
            yield Problem("duplicate_name", message, f"{site.path}.name", "give each action a name of its own")
        first.setdefault(site.name, site)


def let_problems(sites: Iterable[ActionSite]) -> Iterator[Problem]:
    """Names of `let`, and of the lists of a `for_each`, that something else gives a value too.

    What is computed, or gathered, once may be relied on.
    """
    by_name: dict[str, list[ActionSite]] = defaultdict(list)
    for site in sites:
        for name in site.captures:
            by_name[name].append(site)
    for name, owners in by_name.items():
        for site in owners:
            other = next((each for each in owners if _clash(site, each, name)), None)
            key = _own_by(site, name)
            if key and other is not None:
                message = f"`context.{name}` gets a value from `{other.name or other.path}` too"
                yield Problem("duplicate_name", message, f"{site.path}.{key}.{name}", "give it a name of its own")


def _own_by(site: ActionSite, name: str) -> str:
    """The key of an action that gives a name which is its own; empty for a capture, which others may capture too."""
    if name in site.lets:
        return "let"
    return "pass_to_context" if site.of_item and name in site.known_later else ""


def _clash(site: ActionSite, other: ActionSite, name: str) -> bool:
    if other is site:
        captured = site.raw.get("pass_to_context")
        is_captured = isinstance(captured, Mapping) and name in captured
        return is_captured and (name in site.lets or name in site.of_item)
    return not are_exclusive(site.path, other.path)


class _Text(Struct, frozen=True):
    """A text with templates, and the names in it."""

    path: str
    text: str
    is_key: bool

    @property
    def names(self) -> template.References:
        return template.references(self.text)

    def problem(self, code: str, message: str, root: str, name: str) -> Problem:
        """A problem with the first use of a name."""
        first = next((use for use in uses(self.text, frozenset({root})) if use.key == name), None)
        if first is None or self.is_key:
            return Problem(code, message, self.path)
        return Problem(code, message, self.path, offset=first.begin, length=first.end - first.begin)


def unset_env_problems(document: Json, names: Iterable[str]) -> Iterator[Problem]:
    """Environment variables that are not set, each at the first place that reads it."""
    texts = [_Text(*each) for each in template.placed_texts(document, "")]
    for name in names:
        first = next((each for each in texts if name in each.names.env), _Text("", "", is_key=True))
        yield first.problem("missing_env", f"the environment variable `{name}` is not set", "env", name)


class NameChecker(Struct, frozen=True):
    """Checks references against the whole scenario: one that comes too late has a message of its own."""

    variables: frozenset[str]
    walked: SiteWalk

    def elsewhere(self, name: str) -> str:
        """The end of a message about a name that is not there: the roots under which the scenario has it, if it has."""
        known = self.walked.known
        roots = {"context": known.context, "vars": self.variables, "actions": known.actions}
        meant = [f"`{root}.{name}`" for root, names in roots.items() if name in names]
        return f"; did you mean {' or '.join(meant)}?" if meant else ""

    def problems(self, document: Mapping[str, Json]) -> Iterator[Problem]:
        """References to names that are not defined by then, or nowhere."""
        for site in self.walked.sites:
            yield from self._let_problems(site)
            for key, _, texts in rendered_texts(site):
                if key != "let":
                    names = (site.context - site.lets.keys()) | _own(site, key)
                    yield from self._text_problems(texts, names, site.actions)
        known = self.walked.known
        yield from self._value_problems(document.get("contract"), "contract", frozenset(), frozenset())
        yield from self._value_problems(document.get("concurrency"), "concurrency", frozenset(), frozenset())
        yield from self._value_problems(document.get("at"), "at", known.context, known.actions)
        yield from _unknown_before_the_run(document.get("concurrency"))
        yield from self._value_problems(document.get("assertions"), "assertions", known.context, known.actions)
        yield from self._variable_problems(document.get("variables"))

    def _let_problems(self, site: ActionSite) -> Iterator[Problem]:
        """Each entry may use those above it."""
        known = (site.context - site.lets.keys()) | site.of_item
        for name, value in site.lets.items():
            yield from self._value_problems(value, f"{site.path}.let.{name}", known, site.actions)
            known |= {name}

    def _value_problems(
        self, value: Json, path: str, context: frozenset[str], actions: frozenset[str]
    ) -> Iterator[Problem]:
        yield from self._text_problems(template.placed_texts(value, path), context, actions)

    def _text_problems(
        self, texts: Iterable[PlacedText], context: frozenset[str], actions: frozenset[str]
    ) -> Iterator[Problem]:
        for text in starmap(_Text, texts):
            used = text.names
            for name in sorted(used.context - context):
                if f"context.{name}" not in used.optional or name not in self.walked.known.context:
                    yield text.problem("unknown_context", self._context_message(name, context), "context", name)
            for name in sorted(used.actions - actions):
                yield text.problem("unknown_action", self._action_message(name, actions), "actions", name)
            yield from self._unknown_variables(text, self.variables)

    def _context_message(self, name: str, known: frozenset[str]) -> str:
        owner = next((site for site in self.walked.sites if name in site.captures), None)
        if owner is not None and owner.of_item and name not in owner.known_later:
            return f"`context.{name}` is known in `{owner.name or owner.path}` and its follow-ups only, for each item"
        if owner is not None and name in owner.lets:
            return f"`context.{name}` has no value by then: `{owner.name or owner.path}` computes it"
        if owner is not None:
            return f"`context.{name}` is not captured by then: `{owner.name or owner.path}` captures it"
        near = self.elsewhere(name) or suggestion(name, known, "nothing is captured by then")
        return f"nothing captures `context.{name}`{near}"

    def _action_message(self, name: str, known: frozenset[str]) -> str:
        site = next((site for site in self.walked.sites if not site.phase.is_follow_up and site.name == name), None)
        if site is None:
            return f"there is no action `{name}`{suggestion(name, known - {''}, 'no action has run by then')}"
        if site.of_item:
            return f"`{name}` has a result for each item: write `actions['{site.steps[0]}']`"
        if name not in self.walked.known.actions:
            return f"`{name}` is a `{site.type}` and has no result of its own"
        return f"`actions.{name}` has no result by then: it runs later, or beside this action"

    def _unknown_variables(self, text: _Text, known: frozenset[str]) -> Iterator[Problem]:
        for name in sorted(text.names.vars - known):
            if name in self.variables:
                message = f"`vars.{name}` has no value by then: it is defined later"
            else:
                near = self.elsewhere(name) or suggestion(name, known, "none is defined")
                message = f"there is no variable `{name}`{near}"
            yield text.problem("unknown_variable", message, "vars", name)

    def _variable_problems(self, variables: Json) -> Iterator[Problem]:
        """Variables are rendered in order, when the plan is made: nothing has run by then."""
        own = variables if isinstance(variables, Mapping) else {}
        known = self.variables - own.keys()
        for name, value in own.items():
            for text in _texts(value, f"variables.{name}"):
                yield from self._unknown_variables(text, known)
                for root in _run_time_names(text.names):
                    message = f"`{root}` is not known when variables get their values"
                    yield Problem("not_allowed_here", message, text.path, "use it in the action that needs it")
            known |= {name}


def followed_problems(
    sites: Sequence[ActionSite], actions: Mapping[str, Action], *, is_expanded: bool
) -> Iterator[Problem]:
    """Params that name no action of the type that they must name, or one that has not run by then.

    With `is_expanded` that is left to the run: the actions of a `use` have got longer names.
    """
    of_types = ((name, actions[name]) for name in {site.type for site in sites} & actions.keys())
    followers = {name: action for name, action in of_types if isinstance(action, FollowsAction)}
    if not followers or is_expanded:
        return
    named = _Named({step: site.type for site in sites for step in site.steps}, _first_items(sites))
    for site in sites:
        action, params = followers.get(site.type), site.raw.get("params")
        if action is not None and isinstance(params, Mapping):
            for param in action.followed:
                name = params.get(param)
                if isinstance(name, str) and name and "{{" not in name:
                    yield from named.problems(site, param, name, action.followed)
    yield from _taken_twice(sites, followers)


def _taken_twice(sites: Sequence[ActionSite], followers: Mapping[str, FollowsAction]) -> Iterator[Problem]:
    """Actions that take the same as one beside them, in another branch of a `parallel`."""
    parallels = {site.path: site.raw.get("params") for site in sites}
    takers: list[tuple[ActionSite, Json]] = []
    for site in sites:
        action, params = followers.get(site.type), site.raw.get("params")
        taken = action.taken(params) if action is not None and isinstance(params, Mapping) else None
        if taken is None or not site.in_parallel:
            continue
        for other, others in takers:
            beside = parallels.get(parallel_of(site.path, other.path))
            if others == taken and isinstance(beside, Mapping) and beside.get("max_concurrency") != 1:
                message = f"`{site.name}` may take the message that `{other.name}`, beside it, takes"
                hint = "give each its own `match`; or put them one after the other, or take both by one with `count`"
                yield Problem("taken_twice", message, f"{site.path}.params", hint)
                break
        takers.append((site, taken))


def _first_items(sites: Sequence[ActionSite]) -> Mapping[str, str]:
    return {site.name: site.steps[0] for site in sites if site.of_item}


class _Named(Struct, frozen=True):
    """What params may name: the type of each step, and the first step of each action with a `for_each`."""

    types: Mapping[str, str]
    items: Mapping[str, str]

    def problems(self, site: ActionSite, param: str, name: str, followed: Mapping[str, str]) -> Iterator[Problem]:
        """That of a param which names another action; none where that has run by then and is of the right type."""
        known = {each for each in site.actions if self.types.get(each) == followed[param]}
        if name in known:
            return
        hint = ""
        if self.types.get(name) == followed[param]:
            message = f"`{name}` has not run by then: it runs later, or beside this action"
        elif name in self.items:
            message = f"`{name}` has a step for each item: write `{self.items[name]}`"
        else:
            message = f"no `{followed[param]}` is called `{name}`{suggestion(name, known, 'none has run by then')}"
            hint = _other_param(followed, self.types.get(name))
        yield Problem("unknown_action", message, f"{site.path}.params.{param}", hint)


def _other_param(followed: Mapping[str, str], named: str | None) -> str:
    """What to write where the action of this name is of a type that another param names."""
    return next((f"it is a `{each}`: name it in `{param}`" for param, each in followed.items() if each == named), "")


def _own(site: ActionSite, key: str) -> frozenset[str]:
    """The names of an action's own that the templates under one of its keys may use."""
    if key in {"for_each", "when"}:
        return frozenset()
    return site.captures if key == "assert" else site.of_item.union(site.lets)


def name_checker(document: Mapping[str, Json], walked: SiteWalk) -> NameChecker:
    """The checker of one document."""
    variables = document.get("variables")
    own = set(variables) if isinstance(variables, Mapping) else set()
    return NameChecker(frozenset(own | matrix_variables(document)), walked)


def _texts(value: Json, path: str) -> Iterator[_Text]:
    return (_Text(*each) for each in template.placed_texts(value, path))


def _unknown_before_the_run(value: Json) -> Iterator[Problem]:
    for text in _texts(value, "concurrency"):
        for root in dict.fromkeys(use.root for use in uses(text.text, _RUN_TIME_ROOTS)):
            message = f"`{root if root in _NOT_CALLED else f'{root}()'}` is not known before the run"
            yield Problem("not_allowed_here", message, text.path, "use variables and environment variables")


def _run_time_names(used: template.References) -> list[str]:
    later = {
        "context": used.context,
        "actions": used.actions,
        "suite": used.suite,
        "secret()": used.secrets,
        "parameter()": used.parameters,
    }
    return [root for root, names in later.items() if names]
