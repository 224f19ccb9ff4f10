"""A function that asks the API whether it is well, as another service would."""

import json
import os
from urllib.request import urlopen


def handler(_event: dict, _context: object) -> dict:
    """The answer of the API's health route."""
    with urlopen(os.environ["HEALTH_URL"], timeout=5) as response:  # noqa: S310 - the template's own URL
        return json.load(response)
