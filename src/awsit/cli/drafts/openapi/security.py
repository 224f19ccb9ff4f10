"""How a request shows who sends it: security schemes become templates of the environment."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from awsit.cli.drafts.draft import from_environment, scenario_name
from awsit.cli.drafts.openapi.document import OpenApi, Operation, UndraftableError
from awsit.cli.drafts.openapi.names import cookie_name, header_name
from awsit.expressions.templates.template import literal
from awsit.model.json import Json

FROM_ENVIRONMENT = "credentials come from the environment: set the variables that the file names as `env`"
_AUTHORIZATION = "Authorization"


class SecurityCredentials(Struct):
    """What a request holds: params `auth` and `query`, headers and cookies."""

    auth: dict[str, Json] = field(default_factory=dict)
    query: dict[str, Json] = field(default_factory=dict)
    headers: dict[str, Json] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)

    def clashes_with(self, other: SecurityCredentials) -> bool:
        """Whether both would be the Authorization header."""
        return self._is_authorization and other._is_authorization

    def add(self, other: SecurityCredentials) -> None:
        """Further credentials of the same request."""
        self.auth |= other.auth
        self.query |= other.query
        self.headers |= other.headers
        self.cookies += other.cookies

    @property
    def _is_authorization(self) -> bool:
        return bool(self.auth) or _AUTHORIZATION.lower() in {name.lower() for name in self.headers}


def credentials_of(api: OpenApi, operation: Operation) -> SecurityCredentials:
    """The credentials for the first way to sign in that the operation accepts and that can be drafted."""
    general = api.document.get("security")
    ways = operation.detail.get("security", general)
    reasons: list[str] = []
    for way in ways if isinstance(ways, list) else ():
        try:
            credentials = _for_way(api, way)
        except UndraftableError as error:
            reasons.append(str(error))
        else:
            if credentials != SecurityCredentials() and not credentials.auth.get("sigv4"):
                api.note(FROM_ENVIRONMENT)
            return credentials
    for reason in reasons[:1]:
        api.note(f"credentials of {operation.identifier} were left out: {reason}")
    return _in_parameters(api, operation)


def _in_parameters(api: OpenApi, operation: Operation) -> SecurityCredentials:
    """The Authorization header where the document describes it as a parameter, as none should."""
    for parameter in operation.parameters:
        name = str(parameter["name"])
        if parameter.get("in") == "header" and name.lower() == _AUTHORIZATION.lower():
            api.note(FROM_ENVIRONMENT)
            return SecurityCredentials(headers={_AUTHORIZATION: from_environment(_AUTHORIZATION.upper())})
    return SecurityCredentials()


def _for_way(api: OpenApi, way: Json) -> SecurityCredentials:
    """The schemes of one Security Requirement Object, all of them at once."""
    found = SecurityCredentials()
    schemes = api.entry(api.entry(api.document, "components"), "securitySchemes")
    for name in way if isinstance(way, Mapping) else ():
        if name not in schemes:
            raise UndraftableError(f"there is no security scheme {name}")
        scheme = _scheme(api.entry(schemes, name))
        if found.clashes_with(scheme):
            api.note(f"a request needs two credentials in the header {_AUTHORIZATION}: {name} was left out")
        else:
            found.add(scheme)
    return found


def _scheme(scheme: Mapping[str, Json]) -> SecurityCredentials:
    """What a Security Scheme Object asks for; API Gateway's exports mark IAM with an extension of their own."""
    kind, name = scheme.get("type"), str(scheme.get("name", ""))
    if str(scheme.get("x-amazon-apigateway-authtype", "")).lower() == "awssigv4":
        return SecurityCredentials(auth={"sigv4": {"service": "execute-api"}})
    if kind == "apiKey" and name:
        return _api_key(name, scheme.get("in"))
    if kind == "http":
        return _http(str(scheme.get("scheme", "")).lower())
    if kind in ("oauth2", "openIdConnect"):
        return SecurityCredentials(auth={"bearer": from_environment("API_TOKEN")})
    raise UndraftableError(f"a security scheme of type {kind} is not known")


def _api_key(name: str, place: Json) -> SecurityCredentials:
    value = from_environment(scenario_name(name).upper())
    if place == "header":
        return SecurityCredentials(headers={header_name(name): value})
    if place == "query":
        return SecurityCredentials(query={str(literal(name)): value})
    if place == "cookie":
        return SecurityCredentials(cookies=[f"{cookie_name(name)}={value}"])
    raise UndraftableError(f"an API key in {place} is not known")


def _http(scheme: str) -> SecurityCredentials:
    """HTTP authentication (RFC 9110, section 11); the whole header for a scheme that `auth` does not know."""
    if scheme == "basic":
        user, password = from_environment("API_USER"), from_environment("API_PASSWORD")
        return SecurityCredentials(auth={"basic": {"username": user, "password": password}})
    if scheme == "bearer":
        return SecurityCredentials(auth={"bearer": from_environment("API_TOKEN")})
    return SecurityCredentials(headers={_AUTHORIZATION: from_environment(_AUTHORIZATION.upper())})
