"""Where the requests go: the servers of a document, a path or an operation, as variables of the scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from msgspec import Struct, field

from awsit.cli.drafts.draft import from_environment, scenario_name
from awsit.cli.drafts.openapi.document import OpenApi, Operation, UndraftableError
from awsit.expressions.templates.template import literal
from awsit.model.json import Json

NO_SERVER = "the document names no server: set BASE_URL in the environment before a run"
_VARIABLE = re.compile(r"\{([^{}]+)\}")
_URL = "!$%&'()*+,;=:@/?~[]"


class Servers(Struct):
    """The base URLs that are in use, each with the name of its variable: `base_url`, `base_url2`, ..."""

    api: OpenApi
    names: dict[str, str] = field(default_factory=dict)

    def variable(self, operation: Operation) -> str:
        """The variable with the base URL of an operation: its own server's, else the path's, else the document's."""
        url = self._url(operation.servers)
        return self.names.setdefault(url, f"base_url{len(self.names) + 1}" if self.names else "base_url")

    def variables(self) -> dict[str, Json]:
        """The variables and what they hold."""
        return {name: url for url, name in self.names.items()}

    def _url(self, own: tuple[Json, ...]) -> str:
        general = self.api.document.get("servers")
        for each in own or (general if isinstance(general, list) else ()):
            try:
                server = self.api.resolve(each)
                variables = self.api.entry(server, "variables")
            except UndraftableError as error:
                self.api.note(f"a server was passed over: {error}")
                continue
            if isinstance(server, Mapping) and isinstance(server.get("url"), str):
                return self._filled_in(server["url"], variables)
        return self._filled_in("", {})

    def _filled_in(self, url: str, variables: Mapping[str, Json]) -> str:
        """The URL with the defaults of its variables; one without comes from the environment."""

        def value(found: re.Match[str]) -> str:
            variable = variables.get(found[1])
            default = variable.get("default") if isinstance(variable, Mapping) else None
            if default in (None, ""):
                name = scenario_name(found[1]).upper()
                self.api.note(f"the server's URL has no value for `{found[1]}`: set {name} in the environment")
                return from_environment(name)
            return str(literal(quote(str(default), safe=_URL)))

        parts = _VARIABLE.split(url.strip())
        texts = [literal(quote(part, safe=_URL)) for part in parts[::2]]
        values = [value(found) for found in _VARIABLE.finditer(url)]
        whole = "".join(text + following for text, following in zip(texts, [*values, ""], strict=True)).rstrip("/")
        if whole.lower().startswith(("http://", "https://", "{{ env.")):
            return whole
        if whole.startswith("//"):
            return f"https:{whole}"
        self.api.note(NO_SERVER)
        return from_environment("BASE_URL") + ("" if not whole or whole.startswith("/") else "/") + whole
