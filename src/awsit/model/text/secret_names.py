"""Which names are taken for those of secrets: of headers, fields, variables and parameters."""

from __future__ import annotations

from functools import lru_cache

from awsit.patterns import lazy_pattern

_BETWEEN_WORDS = lazy_pattern(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")

_SECRET = lazy_pattern(
    r"^(proxy_?)?authorization$|^(set_?)?cookies?$|^bearer$|passwo?r?d$|passphrase$|secrets?$|credentials?$"
    r"|secret_?(value|access_?key|string|binary|key)$|(api|private)_?key$|connection_?strings?$|x_amz_signature$"
    r"|(^|_)(access|account|functions|master|shared|signing|storage|subscription)_key$"
    r"|(access|refresh|id|session|auth|bearer|api|csrf|xsrf|security)_?token$|(^|_)token$"
    r"|(^|_)(pwd|otp|totp|jwt|passcode|plaintext|code_verifier|client_assertion)$"
)
"""Of the words of a name: passwords, keys and tokens under the names that services and vendors give them."""

_NO_SECRET = lazy_pattern(r"(next|page|continuation)_token$")
"""What AWS and others call a token that opens nothing: the place in a list."""

_SECRET_VARIABLE = lazy_pattern(
    r"^aws_|token|secret|passw|passphrase|pwd|credential|cookie|session|private|apikey|(^|_)(key|auth|dsn|cert)(_|$)"
)
_ELEMENT = lazy_pattern(r"\[\d+\]$")
_LONGEST_REMEMBERED = 100
"""Characters of a name: services say how long names are, and nobody shall fill the memory with them."""
_USERINFO = lazy_pattern(r"://[^/\s@]*:[^/\s@]+@")


def is_secret_variable(name: str, value: str) -> bool:
    """Whether a variable of the environment is taken for a secret, when in doubt: by its name, or a password in it."""
    return bool(_SECRET_VARIABLE.search(words_of(name)) or is_secret_name(name) or _USERINFO.search(value))


def is_secret_name(name: str) -> bool:
    """Whether what is called so is taken for a secret."""
    return _is_secret(name) if len(name) <= _LONGEST_REMEMBERED else _is_secret.__wrapped__(name)


@lru_cache(maxsize=4096)
def _is_secret(name: str) -> bool:
    words = words_of(_ELEMENT.sub("", name))
    return _SECRET.search(words) is not None and _NO_SECRET.search(words) is None


def words_of(name: str) -> str:
    """The words of a name, in lower case, joined by `_`: `X-Vault-Token` and `xVaultToken` are `x_vault_token`."""
    return _BETWEEN_WORDS.sub("_", name).strip("_").lower()
