"""Secrets under the names that vendors give them, and in the forms that programs write them: shown nowhere."""

from __future__ import annotations

import base64
import html
import json
import quopri
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import cycle
from pathlib import Path
from urllib.parse import quote, quote_plus

from tests.attack.commands import call, response
from tests.attack.payload import Payload

NAMES = (
    *("Authorization", "authorization", "Proxy-Authorization", "authorizationToken", "AUTHORIZATION"),
    *("Cookie", "Set-Cookie", "cookies", "X-Vault-Token", "PRIVATE-TOKEN", "X-GitHub-Token", "JOB-TOKEN"),
    *("X-Amz-Security-Token", "x-amz-signature", "x-api-key", "X-API-KEY", "apiKey", "api_key", "apikey", "Api-Key"),
    *("password", "Password", "PASSWORD", "db_password", "dbPassword", "DB-PASSWORD", "passwd", "user.password"),
    *("passphrase", "pwd", "adminPwd", "passcode", "otp", "totp", "jwt", "id_token", "idToken", "access_token"),
    *("accessToken", "refreshToken", "refresh_token", "sessionToken", "SessionToken", "bearerToken", "csrfToken"),
    *("client_secret", "clientSecret", "ClientSecret", "secret", "secrets", "SecretString", "SecretBinary"),
    *("SecretAccessKey", "secret_access_key", "aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "secretKey"),
    *(
        "private_key",
        "privateKey",
        "PRIVATE_KEY",
        "accountKey",
        "AccountKey",
        "storage_key",
        "signing_key",
        "master_key",
    ),
    *("connectionString", "ConnectionString", "connection_string", "Plaintext", "plaintext", "credentials"),
    *("credential", "code_verifier", "client_assertion", "GITHUB_TOKEN", "X-Auth-Token", "X-Shopify-Access-Token"),
    *("subscription-key", "Ocp-Apim-Subscription-Key", "x-functions-key", "X-Goog-Api-Key", "stripeSecretKey"),
)
SECRETS = (
    'c4nary-p@ss/w%rd &é"q\\',
    "c4nary+plain=1234567890==",
    "C4nary ümlaut 秘密",
    "c4nary\n\ttwo 'lines'",
    "c4nary'or'1'='1",
)


def _mixed(text: str) -> str:
    """Every other byte percent-encoded, in changing case."""
    raw = text.encode()
    return "".join(
        f"%{byte:02X}" if n % 4 == 0 else f"%{byte:02x}" if n % 2 or byte > 127 else quote(chr(byte), safe="")
        for n, byte in enumerate(raw)
    )


def _units(text: str) -> list[str]:
    raw = text.encode("utf-16-be").hex()
    return [raw[start : start + 4] for start in range(0, len(raw), 4)]


def _with_units(text: str) -> str:
    return "".join(one if one.isalnum() and one.isascii() else "\\u" + "\\u".join(_units(one)) for one in text)


FORMS: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": json.dumps,
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "JSON, not ASCII": lambda text: json.dumps(text, ensure_ascii=False),
    "repr": repr,
    "HTML": html.escape,
    "HTML of Handlebars": lambda text: re.sub("[&<>\"'`=/]", lambda one: f"&#x{ord(one[0]):X};", text),
    "HTML, decimal": lambda text: re.sub(r"\W", lambda one: f"&#{ord(one[0])};", text),
    "HTML, every character": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "HTML, mixed": lambda text: html.escape(text).replace("=", "&#61;").replace("/", "&#x2f;"),
    "JSON of .NET": lambda text: re.sub(r"\\u....", lambda one: one[0].upper().replace("U", "u"), _with_units(text)),
    "JSON of PHP": lambda text: json.dumps(text).replace("/", "\\/"),
    "JSON of PHP in JSON": lambda text: json.dumps(json.dumps(text).replace("/", "\\/")),
    "JSON, every character": lambda text: "".join(f"\\u{unit}" for unit in _units(text)),
    "percent": lambda text: quote(text, safe=""),
    "percent, lower case": lambda text: quote(text, safe="").lower(),
    "percent, with slashes": quote,
    "form": quote_plus,
    "percent, every byte": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent, every byte, lower case": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "percent, mixed": _mixed,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64, URL-safe": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 after one byte": lambda text: base64.b64encode(b"a" + text.encode() + b"zz").decode(),
    "base64 after two bytes": lambda text: base64.b64encode(b"ab" + text.encode() + b"z").decode(),
    "base64 in lines": lambda text: base64.encodebytes(b"x" * 50 + text.encode() + b"z" * 30).decode(),
    "base64 of JSON": lambda text: base64.b64encode(json.dumps({"a": text}).encode()).decode(),
    "base64 of a form": lambda text: base64.b64encode(f"a={quote_plus(text)}".encode()).decode(),
    "base64 in base64": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "base64 in a query": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    "basic": lambda text: "Basic " + base64.b64encode(f"user:{text}".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "hex, upper case": lambda text: text.encode().hex().upper(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base32 after bytes": lambda text: base64.b32encode(b"abc" + text.encode() + b"zz").decode(),
    "UTF-16": lambda text: text.encode("utf-16-le").decode() if text.isascii() else text,
    "base64 of UTF-16": lambda text: base64.b64encode(f'Write-Host "{text}";'.encode("utf-16-le")).decode(),
    "base64 of UTF-16, big-endian": lambda text: base64.b64encode(f"a{text}zz".encode("utf-16-be")).decode(),
    "base64 of UTF-16, marked": lambda text: base64.b64encode(text.encode("utf-16")).decode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()).decode(),
    "quoted-printable, blanks too": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
    "quoted-printable in lines": lambda text: quopri.encodestring(b"x" * 66 + text.encode() + b"z" * 80).decode(),
    "upper case": str.upper,
    "lower case": str.lower,
    "inside a text": lambda text: f"it was <{text}>, was it",
    "in a URL": lambda text: f"http://a.test/?q={quote(text, safe='')}#x",
    "in a URL as a password": lambda text: f"http://user:{quote(text, safe='')}@a.test/",
}
_LONG = {
    "schemes that lead nowhere": "a.b+c" * 40_000 + "://",
    "beginnings of web tokens": "eyJ-" * 50_000,
    "beginnings of two parts": "eyJaaaaaaaa.a" * 15_000,
    "users without a host": "a://b:" * 33_000,
    "parameters": "?a.b-c" * 33_000 + "=",
    "words before credentials": "bearer " * 15_000 + "basic " * 15_000,
    "percent signs": "%25" * 60_000,
    "cuts": "… (" * 60_000,
}
_REPEATED = {
    "percent-encoded": "ab%25cdef ",
    "a beginning": "aaaaaaaa ",
    "in base64": base64.b64encode(b'"ab%cdef" "ab%cdef"').decode() + " ",
    "cut off": "ab%cde… (",
}
_FILES = ("junit", "markdown", "html", "ctrf", "json", "events", "annotations")


def payloads() -> Iterator[Payload]:
    secrets = cycle(SECRETS)
    for name in NAMES:
        yield Payload(f"named {name}", partial(_shown, next(secrets), name, "as it is"))
    for form in FORMS:
        for secret in SECRETS:
            yield Payload(f"{form}: {secret!r}", partial(_shown, secret, "password", form))
    for name, text in _LONG.items():
        yield Payload(f"looked through: {name}", partial(_searched, text))
    for name, written in _REPEATED.items():
        yield Payload(f"known, and repeated: {name}", partial(_repeated, written))
    for length in (100, 2000, 2100, 5000, 60000):
        for form in ("percent, mixed", "percent, every byte", "base64", "as it is"):
            yield Payload(
                f"{form}, {length} characters", partial(_shown, "c4nary" + "aé%/" * (length // 4), "token", form)
            )


def _searched(text: str) -> str:
    """What masking looks through, in JSON and as it is."""
    for body, kind in ((json.dumps({"note": text}).encode(), "application/json"), (text.encode(), "text/plain")):
        call(lambda _, body=body, kind=kind: response(body, kind=kind), pass_to_context={"kept": "$.body"})
    return ""


def _repeated(written: str) -> str:
    """An answer with a hundred secrets, and with one of them, or what looks like them, very often."""
    secrets = [{"password": f'{"a" * 19}%{number}&é"'} for number in range(98)]
    document = {"secrets": [{"password": "ab%cdef"}, *secrets], "note": written * (500_000 // len(written))}
    output = call(lambda _: response(json.dumps(document).encode()), "-v", pass_to_context={"kept": "$.body.note"})
    return "shown" if "ab%cdef" in output else ""


def _shown(secret: str, name: str, form: str) -> str:
    """The service answers with the secret by its name, and elsewhere in another form."""
    written = FORMS[form](secret)
    body = json.dumps({"data": {name: secret}, "note": written, "list": [written]}).encode()
    options = [f"--{each}={each}.out" for each in _FILES]
    step = {"assert": [{"path": "$.body.note", "equals": "x"}], "pass_to_context": {"kept": "$.body.note"}}
    output = call(lambda _: response(body), "-v", *options, **step)
    texts = {"the terminal": output, **{f"--{each}": Path(f"{each}.out").read_text() for each in _FILES}}
    fallen = [place for place, text in texts.items() if _holds(text, secret, written)]
    return f"shown in {', '.join(fallen)}" if fallen else ""


def _holds(text: str, secret: str, written: str) -> bool:
    """Whether a good part of the secret, or of the form in which it was written, is shown."""
    middle = [each[len(each) // 2 - 6 : len(each) // 2 + 6] for each in (secret, written)]
    words = ("c4nary", "C4NARY", base64.b64encode(b"c4nary").decode(), b"c4nary".hex(), "%63%34%6e", "%63%34%6E")
    return any(word in text for word in words) or any(
        len(each) > 8 and each in text for each in middle if "<" not in each
    )
