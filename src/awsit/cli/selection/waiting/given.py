"""The variables of a command line, which the scenarios and the `suite.yaml` files around them share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from awsit.model.json import Json

if TYPE_CHECKING:
    from awsit.cli.selection.selected import SelectedScenario
    from awsit.cli.session import Session


class Given(Struct, frozen=True):
    """The `variables` that a scenario takes, and the names of all that are given and whose values are `redacted`."""

    variables: Mapping[str, Json]
    redacted: frozenset[str]

    @classmethod
    def to(cls, session: Session, scenario: SelectedScenario, variables: Mapping[str, Json]) -> Given:
        """What is given to a scenario: not what only the `suite.yaml` around it has. Raises InvalidInputError."""
        from awsit.engine.secrets.variables import redacted_names
        from awsit.scenario.schema.matrix import matrix_variables

        document = scenario.document
        suite = session.suites.around(scenario.file) if scenario.file and variables else None
        if not suite:
            return cls(variables, redacted_names(document))
        own = matrix_variables(document) | set(document.get("variables", {}))
        of_suite = suite.source.document.get("variables", {}).keys() - own
        taken = {name: value for name, value in variables.items() if name not in of_suite}
        return cls(taken, redacted_names(document) | redacted_names(suite.source.document))
