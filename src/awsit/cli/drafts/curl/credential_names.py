"""What is taken for a credential in a draft because of what it is called.

More than what reports hide (`model.secret_names`): a person reads a draft, and gives a wrong guess its value back.
"""

from __future__ import annotations

import re

from awsit.http.redirects import SECRET_HEADERS
from awsit.model.text.secret_names import is_secret_name, words_of

_CREDENTIAL = re.compile(
    r"(^|_)(pass|passwd|passcode|passphrase|pwd|pin|otp|totp|jwt|secret|token|assertion|credentials?|authori[sz]ation"
    r"|authentication|auth|signature|sig|hmac|session_?id|sess_?id|sid|app_?id_?key|code_verifier|device_code|sas|bearer)$"
    r"|pass_?words?(_?(confirmation|confirm|again|repeat|check|verify|[0-9]))?$"
    r"|(^|_)(api|app|access|account|admin|auth|client|consumer|developer|encryption|functions?|license|master|private"
    r"|project|rapidapi|read|secret|server|service|shared|signing|storage|subscription|team|user|webhook|write)_?keys?$"
)
_NOT_SECRET = re.compile(
    r"(^|_)(next|page|continuation|pagination|cursor|start|starting|sync|resume|scroll|client|client_request"
    r"|idempotency|public|marker)_?(token|key)$"
)
_HEADER_KEY = re.compile(
    r"(?<!idempotency)(?<!surrogate)(?<!cache)(?<!partition)(?<!routing)(?<!sort)(?<!websocket)(?<!public)_key$"
)


def is_credential(name: str) -> bool:
    """Whether a field, parameter or header that is called so holds a credential."""
    words = words_of(name)
    return not _NOT_SECRET.search(words) and (is_secret_name(name) or _CREDENTIAL.search(words) is not None)


def is_credential_header(name: str) -> bool:
    """Whether a header holds a credential; one that is called a key does, if it is not known for another kind."""
    return name.lower() in SECRET_HEADERS or is_credential(name) or _HEADER_KEY.search(words_of(name)) is not None


def variable_name(name: str) -> str:
    """The name of the variable for what is called so: `clientSecret` becomes `CLIENT_SECRET`."""
    words = words_of(name).upper()
    return words if words[:1].isalpha() else f"VALUE_{words}".rstrip("_")
