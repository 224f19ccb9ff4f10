"""Mistakes in the keys, values, types and nesting of a document, which is then written as YAML or JSON again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import yaml
from tests.properties.odd_values import KEYS, VALUES

from awsit.model.json import dumps
from awsit.scenario.reading.load import load_text

Writer = Callable[[Any], str]


@dataclass(frozen=True)
class Place:
    """An entry of a document: of which mapping or list, under which key or index."""

    holder: Any
    key: Any

    @property
    def value(self) -> Any:
        return self.holder[self.key]

    def put(self, value: Any) -> None:
        self.holder[self.key] = value


def with_mistakes(content: bytes, random: Random, count: int) -> tuple[bytes, str, list[str]]:
    """The document with mistakes in it as a file, the ending of its name, and the mistakes."""
    document = load_text(content.decode()).document if _readable(content) else {"name": "s", "actions": []}
    names = [random.choice(tuple(MISTAKES)) for _ in range(count)]
    for name in names:
        places = list(_places(document)) or [Place([document], 0)]
        MISTAKES[name](random.choice(places), random)
    ending = random.choice((".yaml", ".yaml", ".json"))
    return _written(document, ending, random).encode(errors="surrogatepass"), ending, names


def _readable(content: bytes) -> bool:
    try:
        load_text(content.decode())
    except Exception:  # noqa: BLE001 # a seed that is wrong on purpose
        return False
    return True


def _places(value: Any) -> Iterator[Place]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(entries):
        yield Place(value, key)
        yield from _places(item)


def _written(document: Any, ending: str, random: Random) -> str:
    if ending == ".json":
        return dumps(document, indent=random.choice((None, 1, 2)))
    return yaml.dump(
        document,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=random.random() < 0.7,
        default_flow_style=random.choice((False, None, True)),
        width=random.choice((40, 100, 10_000)),
    )


class _Dumper(yaml.SafeDumper):
    """Writes exact numbers, and shared parts as aliases."""


_Dumper.add_representer(
    __import__("decimal").Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", str(value))
)


def _other_value(place: Place, random: Random) -> None:
    place.put(_value(random))


def _missing(place: Place, random: Random) -> None:
    del place.holder[place.key]


def _other_key(place: Place, random: Random) -> None:
    if isinstance(place.holder, dict):
        place.holder[random.choice(KEYS)] = place.holder.pop(place.key)
    else:
        _one_more(place, random)


def _one_more(place: Place, random: Random) -> None:
    if isinstance(place.holder, dict):
        place.holder[random.choice(KEYS)] = _value(random)
    else:
        place.holder.insert(place.key, _value(random))


def _twice(place: Place, random: Random) -> None:
    """The same object again, which YAML writes as an anchor and an alias."""
    if isinstance(place.holder, list):
        place.holder.extend([place.value] * random.choice((1, 3, 50)))
    else:
        place.holder[random.choice(KEYS)] = place.value


def _in_a_list(place: Place, random: Random) -> None:
    place.put([place.value])


def _in_a_mapping(place: Place, random: Random) -> None:
    place.put({random.choice(KEYS): place.value})


def _deep(place: Place, random: Random) -> None:
    value = place.value
    for _ in range(random.choice((5, 30, 70))):
        value = [value] if random.random() < 0.5 else {"a": value}
    place.put(value)


def _doubling(place: Place, random: Random) -> None:
    """Each level holds the one below twice: small in YAML with aliases, and endless without."""
    value: Any = ["x"]
    for _ in range(random.choice((2, 5, 9))):
        value = [value, value]
    place.put(value)


def _another_part(place: Place, random: Random) -> None:
    place.put(_copied(random.choice(list(_places(place.holder))).value))


def _a_text(place: Place, random: Random) -> None:
    place.put(str(place.value))


def _value(random: Random) -> Any:
    """A value of its own: later mistakes may change what is in it."""
    return _copied(random.choice(VALUES))


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


MISTAKES: dict[str, Callable[[Place, Random], None]] = {
    "another value": _other_value,
    "something missing": _missing,
    "another key": _other_key,
    "one more": _one_more,
    "the same twice": _twice,
    "in a list": _in_a_list,
    "in a mapping": _in_a_mapping,
    "nested deeply": _deep,
    "doubled and doubled": _doubling,
    "another part of it": _another_part,
    "as text": _a_text,
}
