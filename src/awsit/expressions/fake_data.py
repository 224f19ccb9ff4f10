"""`fake.name()` and its kin: made-up data of Faker's English locale, the same whenever the seed is the same.

Faker is slow to import, so it is imported where the first value is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from operator import methodcaller
from threading import Lock
from typing import TYPE_CHECKING, Final

from awsit.model.json import Json

if TYPE_CHECKING:
    from faker import Faker

LOCALES: Final = ("en_US", "en_GB", "en")
"""Faker's locale, and those that it falls back to."""
MODULES: Final = frozenset(
    {"address", "color", "company", "currency", "date_time", "file", "geo", "internet", "job", "lorem", "person"}
)
"""The modules of Faker that `PROVIDERS` are in, and `date_time`, which `address` imports."""

PROVIDERS: Final[Mapping[str, Callable[[Faker], Json]]] = {
    "address": methodcaller("address"),
    "building_number": methodcaller("building_number"),
    "city": methodcaller("city"),
    "color_name": methodcaller("color_name"),
    "company": methodcaller("company"),
    "country": methodcaller("country"),
    "country_code": methodcaller("country_code"),
    "currency_code": methodcaller("currency_code"),
    "domain_name": methodcaller("safe_domain_name"),
    "email": methodcaller("ascii_safe_email"),
    "file_name": methodcaller("file_name"),
    "first_name": methodcaller("first_name"),
    "hex_color": methodcaller("hex_color"),
    "ipv4": methodcaller("ipv4"),
    "ipv6": methodcaller("ipv6"),
    "job": methodcaller("job"),
    "last_name": methodcaller("last_name"),
    "latitude": methodcaller("latitude"),
    "longitude": methodcaller("longitude"),
    "mac_address": methodcaller("mac_address"),
    "mime_type": methodcaller("mime_type"),
    "name": methodcaller("name"),
    "number": methodcaller("random_int"),
    "paragraph": methodcaller("paragraph"),
    "phone_number": methodcaller("numerify", "+1%##55501##"),
    "postcode": methodcaller("postcode"),
    "sentence": methodcaller("sentence"),
    "state": methodcaller("state"),
    "street_address": methodcaller("street_address"),
    "text": methodcaller("text"),
    "user_name": methodcaller("user_name"),
    "word": methodcaller("word"),
    "words": methodcaller("words"),
}
"""What `fake` can make up. Nothing of it reaches a person.

E-mail addresses and domains are those that are reserved for examples (RFC 2606, section 3), and telephone numbers those
for fiction, 555-0100 to 555-0199 (North American Numbering Plan). Nothing depends on the present, as dates would.
"""

_LOCK = Lock()


class FakeData(Mapping[str, Callable[[], Json]]):
    """The value of `fake` in templates: a function for each of `PROVIDERS`.

    The seed and the number of the call decide the value, and nothing else.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._calls = 0

    def __getitem__(self, name: str) -> Callable[[], Json]:
        return partial(self._draw, PROVIDERS[name])

    def __iter__(self) -> Iterator[str]:
        return iter(PROVIDERS)

    def __len__(self) -> int:
        return len(PROVIDERS)

    def _draw(self, provider: Callable[[Faker], Json]) -> Json:
        self._calls += 1
        with _LOCK:
            faker = _faker()
            faker.seed_instance(f"{self._seed}:{self._calls}")
            return provider(faker)


@cache
def _faker() -> Faker:
    from faker import Faker

    return Faker(LOCALES[0], providers=[f"faker.providers.{name}" for name in sorted(MODULES)])
