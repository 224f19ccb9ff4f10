"""What a key of another tool, or one in the wrong place, is called in awsit, for the hints of unknown keys.

Tavern, Step CI, Karate, Postman, GitHub Actions, Ansible, pytest and requests have other names for nearly everything.
"""

from __future__ import annotations

from functools import cache

from awsit.key_hints.params import PARAMS_HINTS
from awsit.key_hints.scenario import SCENARIO_HINTS

HINTS = {**SCENARIO_HINTS, **PARAMS_HINTS}
"""For each model, by the name of its class, what its users should write in place of which keys."""


def key_hint(owner: str, key: str) -> str:
    """What to write in place of an unknown key; `owner` is the class of the model, `Assertion`, or `type` for a type.

    The key `[]` is a list in place of the mapping, `=` a text or a whole number. Empty when nothing is known. Case, `-`
    and `_` do not matter: `statusCode` is `status_code`.
    """
    return _by_key(owner).get(_folded(key), "")


@cache
def _by_key(owner: str) -> dict[str, str]:
    hints = HINTS.get(owner, {})
    return {_folded(key): hint for hint, keys in hints.items() for key in keys.split()}


def _folded(key: str) -> str:
    return key.casefold().replace("_", "").replace("-", "")
