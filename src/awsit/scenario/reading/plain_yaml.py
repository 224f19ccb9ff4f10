"""The document of a YAML text that is in order, read in one pass over libyaml's events, without nodes and positions.

Most files are read so. Whatever takes a message, and aliases, tags and merge keys too, are left to `yaml_nodes` and
`nodes`, which read the text again and know where everything stands.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from awsit.model.json import Json
from awsit.scenario.limits import MAX_DEPTH, MAX_NODES
from awsit.scenario.reading.nodes import scalar_value
from awsit.scenario.reading.yaml_nodes import TAG, ScenarioLoader, implicit_tag, unprintable

TEXT = f"{TAG}str"
_KINDS = {f"{TAG}{kind}": kind for kind in ("null", "bool", "int", "float")}
_START = (yaml.StreamStartEvent, yaml.DocumentStartEvent)


class NotPlain(Exception):
    """The text is to be read by way of nodes."""


def document_of(text: str) -> Json:
    """The document that the text holds. Raises NotPlain for a text that is not in order, or holds more than values."""
    if unprintable(text):
        raise NotPlain
    try:
        return _PlainReader(yaml.parse(text, Loader=ScenarioLoader)).read()
    except (yaml.YAMLError, ValueError) as error:
        raise NotPlain from error


class _PlainReader:
    """Reads one stream of events."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._values = 0

    def read(self) -> Json:
        """The only document of the stream."""
        if not all(isinstance(next(self._events), kind) for kind in _START):
            raise NotPlain
        document = self._value(next(self._events), 0)
        next(self._events)  # the document's end
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            raise NotPlain
        return document

    def _value(self, event: yaml.Event, depth: int) -> Json:
        self._values += 1
        if self._values > MAX_NODES:
            raise NotPlain
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if not isinstance(event, yaml.CollectionStartEvent) or event.anchor is not None or event.tag is not None:
            raise NotPlain
        if depth == MAX_DEPTH:
            raise NotPlain
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        return self._mapping(depth + 1) if is_mapping else self._sequence(depth + 1)

    def _sequence(self, depth: int) -> list[Json]:
        values: list[Json] = []
        for item in self._events:
            if isinstance(item, yaml.SequenceEndEvent):
                break
            values.append(self._value(item, depth))
        return values

    def _mapping(self, depth: int) -> dict[str, Json]:
        entries: dict[str, Json] = {}
        for key in self._events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            name = _key(key)
            if name in entries:
                raise NotPlain
            entries[name] = self._value(next(self._events), depth)
        return entries


def _key(event: yaml.Event) -> str:
    if not isinstance(event, yaml.ScalarEvent) or _tag(event) != TEXT:
        raise NotPlain
    return event.value


def _scalar(event: yaml.ScalarEvent) -> Json:
    tag = _tag(event)
    if tag == TEXT:
        return event.value
    if tag not in _KINDS:
        raise NotPlain
    return scalar_value(_KINDS[tag], event.value)


def _tag(event: yaml.ScalarEvent) -> str:
    if event.tag is not None or event.anchor is not None:
        raise NotPlain
    return implicit_tag(event.value) if event.implicit[0] else TEXT
