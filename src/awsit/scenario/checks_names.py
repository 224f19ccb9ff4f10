"""Checks of names: each action has its own, and what templates and paths refer to exists by then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from awsit.errors import Problem
from awsit.expressions import templates
from awsit.model.json import Json
from awsit.scenario.matrix import matrix_variables
from awsit.scenario.near_names import offer
from awsit.scenario.rendered import rendered_parts
from awsit.scenario.sites import Role, Site, Walk


def duplicate_problems(sites: Iterable[Site]) -> Iterator[Problem]:
    """Actions that share a name. Clean-up and diagnostics may: nothing refers to them."""
    first: dict[str, Site] = {}
    for site in sites:
        if site.role is not Role.ACTION or not site.name:
            continue
        if site.name in first:
            message = f"the name `{site.name}` is taken by `{first[site.name].path}`"
            yield Problem("duplicate_name", message, f"{site.path}.name", "give each action a name of its own")
        first.setdefault(site.name, site)


@dataclass(frozen=True, slots=True)
class NameChecker:
    """Checks references against the whole scenario: what comes too late is told apart from what is nowhere."""

    variables: frozenset[str]
    walked: Walk

    def problems(self, document: Mapping[str, Json]) -> Iterator[Problem]:
        """References to names that are not there yet, or nowhere."""
        for site in self.walked.sites:
            for path, value in rendered_parts(site.raw, site.path):
                own = site.captures if path == f"{site.path}.assert" else frozenset()
                yield from self._value_problems(value, path, site.context | own, site.actions)
        known = self.walked.known
        yield from self._value_problems(document.get("assertions"), "assertions", known.context, known.actions)
        yield from self._variable_problems(document.get("variables"))

    def _value_problems(
        self, value: Json, path: str, context: frozenset[str], actions: frozenset[str]
    ) -> Iterator[Problem]:
        for place, text in templates.texts(value, path):
            used = templates.references(text)
            for name in sorted(used.context - context):
                if f"context.{name}" not in used.optional or name not in self.walked.known.context:
                    yield Problem("unknown_context", self._context_message(name, context), place)
            for name in sorted(used.actions - actions):
                yield Problem("unknown_action", self._action_message(name, actions), place)
            yield from self._unknown_variables(used, self.variables, place)

    def _context_message(self, name: str, known: frozenset[str]) -> str:
        owner = next((site.name or site.path for site in self.walked.sites if name in site.captures), "")
        if owner:
            return f"`context.{name}` is not captured by then: `{owner}` captures it"
        return f"nothing captures `context.{name}`{offer(name, known, 'nothing is captured by then')}"

    def _action_message(self, name: str, known: frozenset[str]) -> str:
        site = next((site for site in self.walked.sites if site.role is Role.ACTION and site.name == name), None)
        if site is None:
            return f"there is no action `{name}`{offer(name, known - {''}, 'no action has run by then')}"
        if name not in self.walked.known.actions:
            return f"`{name}` is a `{site.type}` and has no result of its own"
        return f"`actions.{name}` has no result by then: it runs later, or beside this action"

    def _unknown_variables(self, used: templates.References, known: frozenset[str], path: str) -> Iterator[Problem]:
        for name in sorted(used.vars - known):
            if name in self.variables:
                yield Problem("unknown_variable", f"`vars.{name}` has no value by then: it is defined later", path)
            else:
                yield Problem(
                    "unknown_variable", f"there is no variable `{name}`{offer(name, known, 'none is defined')}", path
                )

    def _variable_problems(self, variables: Json) -> Iterator[Problem]:
        """Variables are rendered in order, when the plan is made: nothing has run by then."""
        own = variables if isinstance(variables, Mapping) else {}
        known = self.variables - own.keys()
        for name, value in own.items():
            for place, text in templates.texts(value, f"variables.{name}"):
                used = templates.references(text)
                yield from self._unknown_variables(used, known, place)
                for root in _run_time_names(used):
                    hint = "use it in the action that needs it"
                    yield Problem(
                        "not_allowed_here", f"`{root}` is not known when variables get their values", place, hint
                    )
            known |= {name}


def name_checker(document: Mapping[str, Json], walked: Walk) -> NameChecker:
    """The checker of one document."""
    variables = document.get("variables")
    own = set(variables) if isinstance(variables, Mapping) else set()
    return NameChecker(frozenset(own | matrix_variables(document)), walked)


def _run_time_names(used: templates.References) -> list[str]:
    found = {"context": used.context, "actions": used.actions, "secret()": used.secrets, "parameter()": used.parameters}
    return [root for root, names in found.items() if names]
