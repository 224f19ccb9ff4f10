"""Which names are taken for those of secrets: of headers, fields, variables and parameters."""

from __future__ import annotations

import re

_NAME = (
    r"^(proxy-?)?authorization$|^(set-?)?cookies?$|x-?api-?key$|^x-amz-(security-token|signature)$|passwo?r?d$|passphrase$"
    r"|secrets?$|secret[-_]?(value|access[-_]?key|string|binary|key)$|api[-_]?key$|private[-_]?key$|^bearer$|credentials?$"
    r"|(access|refresh|id|session|auth|bearer|api|csrf|xsrf|security)[-_]?token$|^token$"
    r"|(?<!next)(?<!page)(?<!continuation)_token$|(^|_)pwd$"
)
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """Whether what is called so is taken for a secret."""
    return _SECRET_NAME.search(name) is not None
