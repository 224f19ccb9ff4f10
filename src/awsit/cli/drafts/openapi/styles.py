"""Values of parameters as text, by `style` and `explode` (OpenAPI 3.1.1, Parameter Object, Style Examples).

Texts are percent-encoded as RFC 6570 says, and written as a scenario holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from awsit.cli.drafts.openapi.document import UndraftableError
from awsit.cli.drafts.openapi.written import encoded, text_of, written
from awsit.model.json import Json

_FORM_BY_DEFAULT = {"query", "cookie", "form"}
NESTED = "its style does not say how lists and objects are written inside a value"
UNDEFINED = "check {name} of {operation}: OpenAPI does not say how lists and objects are written inside a deepObject"
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}
_RESERVED = ":/?@!$'()*,;"
"""What `allowReserved` leaves as it is: reserved (RFC 3986, section 2.2) and without a meaning in a query."""


class Query(Struct):
    """A query string: `named` are params of the call, which it encodes; `texts` are encoded and stand in the URL.

    The fields of a form are `named` alone. `undefined` names parameters that the specification gives no text for.
    """

    named: dict[str, Json] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    undefined: list[str] = field(default_factory=list)


class Style(Struct, frozen=True):
    """How a parameter is written."""

    name: str
    explode: bool
    allow_reserved: bool = False
    is_in_body: bool = False

    @classmethod
    def of(cls, node: Mapping[str, Json], place: str) -> Style:
        """The style of a parameter in `path`, `query`, `header` or `cookie`, or of a field of a `form`."""
        style, explode = node.get("style"), node.get("explode")
        name = style if isinstance(style, str) else "form" if place in _FORM_BY_DEFAULT else "simple"
        is_exploded = explode if isinstance(explode, bool) else name == "form"
        is_in_body = place == "form"
        return cls(name, is_exploded, node.get("allowReserved") is True and not is_in_body, is_in_body)

    def in_path(self, name: str, value: Json) -> tuple[str, str]:
        """What stands in the place of `{name}`: the style's prefix, and the text that the value gives."""
        self._known("simple", "label", "matrix")
        if not isinstance(value, list | dict):
            text = "" if value is None else encoded(value)
            return {"matrix": f";{encoded(name)}{'=' if text else ''}", "label": "."}.get(self.name, ""), text
        pairs = _flat(value)
        if self.name == "matrix" and self.explode:
            text = ";".join(f"{encoded(key or name)}={encoded(item)}" for key, item in pairs)
            prefix = ";" if isinstance(value, dict) else f";{encoded(name)}="
            return prefix, text if isinstance(value, dict) else text.removeprefix(prefix[1:])
        between = "." if self.name == "label" and self.explode else ","
        prefix = {"matrix": f";{encoded(name)}=", "label": "."}.get(self.name, "")
        return prefix, between.join(self._joined(key, encoded(item)) for key, item in pairs)

    def in_query(self, name: str, value: Json) -> Query:
        """The parameters of a query string, or the fields of a form."""
        if not isinstance(value, list | dict):
            return self._single(name, value)
        if self.name == "deepObject":
            is_defined = isinstance(value, dict) and not any(isinstance(each, list | dict) for each in value.values())
            return Query(dict(_deep(name, value)), undefined=[] if is_defined else [name])
        pairs = _flat(value)
        if self.name in _DELIMITERS and not (self.explode and isinstance(value, list)):
            if self.explode:
                raise UndraftableError(f"style {self.name} says nothing of an object that is exploded")
            return Query(
                {str(written(name)): _DELIMITERS[self.name].join(str(written(text)) for text in _texts(pairs))}
            )
        self._known("form", *_DELIMITERS)
        if self.explode:
            return self._exploded(name, value)
        if self.is_in_body:
            return Query({str(written(name)): ",".join(str(written(text)) for text in _texts(pairs))})
        return Query(texts=[f"{encoded(name)}={','.join(encoded(text, self._safe) for text in _texts(pairs))}"])

    def in_header(self, value: Json) -> str:
        """The value of a header: nothing in it is encoded."""
        self._known("simple")
        if not isinstance(value, list | dict):
            return str(written(text_of(value)))
        return ",".join(self._joined(key, str(written(text_of(item)))) for key, item in _flat(value))

    def in_cookie(self, name: str, value: Json) -> str:
        """The parts of a Cookie header; `form` would part exploded ones with `&`, which cookies do not know."""
        self._known("form")
        if not isinstance(value, list | dict):
            return f"{name}={encoded(value)}"
        pairs = _flat(value)
        if self.explode:
            return "; ".join(f"{key or name}={encoded(item)}" for key, item in pairs)
        return f"{name}={','.join(map(encoded, _texts(pairs)))}"

    @property
    def _safe(self) -> str:
        return _RESERVED if self.allow_reserved else ""

    def _single(self, name: str, value: Json) -> Query:
        if self.name == "deepObject":
            raise UndraftableError("style deepObject is for objects only")
        if self.allow_reserved and encoded(value, self._safe) != encoded(value):
            return Query(texts=[f"{encoded(name)}={encoded(value, self._safe)}"])
        return Query({str(written(name)): written(value)})

    def _exploded(self, name: str, value: Json) -> Query:
        if self.allow_reserved:
            return Query(texts=[f"{encoded(key or name)}={encoded(item, self._safe)}" for key, item in _flat(value)])
        if isinstance(value, dict):
            return Query(dict(written({key: item for key, item in value.items() if item is not None})))
        return Query({str(written(name)): written(value)})

    def _joined(self, key: str, text: str) -> str:
        """A property with its value, `R,100` or, exploded, `R=100`; an item of an array."""
        return f"{encoded(key)}{'=' if self.explode else ','}{text}" if key else text

    def _known(self, *names: str) -> None:
        if self.name not in names:
            raise UndraftableError(f"style {self.name} is not for such a value")


def _deep(name: str, value: Json) -> Iterator[tuple[str, Json]]:
    """`name[key]` for the properties of an object, and so on inside; the items of a list are numbered, as qs does."""
    if not isinstance(value, list | dict):
        yield str(written(name)), written(value)
        return
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if item is not None:
            yield from _deep(f"{name}[{key}]", item)


def _flat(value: Json) -> list[tuple[str, Json]]:
    """The properties of an object, or the items of an array under an empty name. Raises UndraftableError."""
    pairs = list(value.items()) if isinstance(value, dict) else [("", item) for item in value]
    if any(isinstance(item, list | dict) for _, item in pairs):
        raise UndraftableError(NESTED)
    pairs = [(key, item) for key, item in pairs if item is not None]
    if not pairs:
        raise UndraftableError("its style says nothing of an empty list or object")
    return pairs


def _texts(pairs: list[tuple[str, Json]]) -> list[str]:
    """Names and values in a row."""
    return [text for key, item in pairs for text in ([key] if key else []) + [text_of(item)]]


def merged_query(items: Iterable[Query]) -> Query:
    """One query string of several."""
    whole = Query()
    for item in items:
        whole.named |= item.named
        whole.texts += item.texts
    return whole
