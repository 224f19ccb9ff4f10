"""Values on their way into a scenario: templates are kept, all other text is written so that it stays what it is."""

from __future__ import annotations

from urllib.parse import quote

from awsit.expressions.templates.template import literal
from awsit.model.json import Json, dumps


class Template(str):
    """A text that is a template."""

    __slots__ = ()


UUID = Template("{{ uuid() }}")
PASSWORD = Template("{{ random_string(16) }}")
SAMPLES = {UUID: "00000000-0000-4000-8000-000000000000", PASSWORD: "x" * 16}
"""What a template may become when the scenario runs."""


def written(value: Json) -> Json:
    """The value as the scenario holds it."""
    if isinstance(value, Template):
        return str(value)
    if isinstance(value, dict):
        return {literal(key): written(item) for key, item in value.items()}
    return [written(item) for item in value] if isinstance(value, list) else literal(value)


def sample(value: Json) -> Json:
    """The value as it may be sent: each template replaced by a sample of it."""
    if isinstance(value, Template):
        return SAMPLES.get(value, str(value))
    if isinstance(value, dict):
        return {key: sample(item) for key, item in value.items()}
    return [sample(item) for item in value] if isinstance(value, list) else value


def text_of(value: Json) -> str:
    """A single value as text, numbers and booleans as in JSON; a template stays one."""
    return value if isinstance(value, str) else dumps(value)


def encoded(value: Json, safe: str = "") -> str:
    """A single value percent-encoded (RFC 3986, section 2.1), as the scenario holds it; a template stays one."""
    text = text_of(value)
    return str(text) if isinstance(text, Template) else str(literal(quote(text, safe=safe)))
