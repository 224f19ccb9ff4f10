"""The templates of a scenario document, found once: several checks of a document look for names in them."""

from __future__ import annotations

from functools import lru_cache

from awsit.expressions.templates import template
from awsit.expressions.templates.references import References
from awsit.expressions.templates.segments import templates_in
from awsit.identity import Identity
from awsit.model.json import OBJECTS, Json
from awsit.scenario.schema.keys import TEMPLATED_KEYS, templated


def forget() -> None:
    """Let the texts be found anew: whoever begins to check a document does not know whether it has been changed."""
    _rendered_texts.cache_clear()
    _references.cache_clear()


def rendered_texts(document: Json) -> tuple[str, ...]:
    """Each different template in the parts of a document that are rendered."""
    return _rendered_texts(Identity(document))


def rendered_references(document: Json) -> References:
    """The names that the rendered parts of a document use."""
    return _references(Identity(document))


def every_text(document: Json) -> list[str]:
    """The templates of a document, those in parts that are not rendered too, such as a description."""
    if not isinstance(document, OBJECTS):
        return list(templates_in(document))
    others = {key: value for key, value in document.items() if key not in TEMPLATED_KEYS}
    return [*rendered_texts(document), *templates_in(others)]


@lru_cache(maxsize=1)
def _rendered_texts(same: Identity[Json]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(templates_in(templated(same.value))))


@lru_cache(maxsize=1)
def _references(same: Identity[Json]) -> References:
    return template.references(list(rendered_texts(same.value)))
