"""The fingerprint of a scenario document."""

from __future__ import annotations

import hashlib

from awsit.model.json import Json, dumps


def fingerprint(document: Json) -> str:
    """The SHA-256 of the document as JSON, in hexadecimal.

    The order of keys counts: variables get their values in the order in which they are written.
    """
    return hashlib.sha256(dumps(document).encode()).hexdigest()
