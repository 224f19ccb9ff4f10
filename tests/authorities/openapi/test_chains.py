"""A drafted scenario creates, reads, changes and deletes on a server that keeps things in memory, and leaves none."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from tests.authorities.openapi.recording import RecordingHandler, Request, awsit, run_awsit, served

SHOP = {
    "type": "object",
    "required": ["shopId", "name"],
    "properties": {"shopId": {"type": "string", "readOnly": True}, "name": {"type": "string"}},
}
ITEM = {
    "type": "object",
    "required": ["id", "price"],
    "properties": {"id": {"type": "integer", "readOnly": True}, "price": {"type": "number", "minimum": 0.5}},
}


def content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def answer(status: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {status: {"description": "done", **content(schema)}}


def resource(path: str, name: str, schema: dict[str, Any], *, parameters: list[Any]) -> dict[str, Any]:
    """The paths of a collection and of one thing in it."""
    one = {
        "name": name,
        "in": "path",
        "required": True,
        "schema": schema["properties"].get(name) or {"type": "integer"},
    }
    body = {"requestBody": {"required": True, **content(schema)}}
    gone = {"204": {"description": "gone"}, "404": {"description": "not there"}}
    return {
        f"{path}/{{{name}}}": {
            "parameters": [*parameters, one],
            "delete": {"responses": gone},
            "get": {"responses": answer("200", schema)},
            "put": {**body, "responses": answer("200", schema)},
        },
        path: {
            "parameters": parameters,
            "get": {"responses": answer("200", {"type": "array", "items": schema})},
            "post": {**body, "responses": answer("201", {"type": "object", "properties": {"data": schema}})},
        },
    }


def document(server: str) -> dict[str, Any]:
    shop = {"name": "shopId", "in": "path", "required": True, "schema": {"type": "string"}}
    paths = resource("/shops/{shopId}/items", "itemId", ITEM, parameters=[shop])
    paths |= resource("/shops", "shopId", SHOP, parameters=[])
    return {"openapi": "3.0.3", "info": {"title": "Shops"}, "servers": [{"url": server}], "paths": paths}


@dataclass
class Store:
    """What the server keeps: things by their path. `created` counts all that ever were."""

    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    created: int = 0
    fails: tuple[str, str] = ("", "")

    def create(self, collection: str, values: dict[str, Any]) -> dict[str, Any]:
        self.created += 1
        key, value = ("id", self.created) if collection.endswith("items") else ("shopId", f"shop/{self.created} ü")
        thing = {**values, key: value}
        self.things[f"{collection}/{value}"] = thing
        return thing


class Shops(RecordingHandler):
    """Creates, reads, replaces and deletes."""

    store: Store

    def answer(self, request: Request) -> None:
        """Do what the method says, unless it is the one that fails."""
        method, kind = self.store.fails
        parts = request.target.strip("/").split("/")
        if method == request.method and parts[-2 if len(parts) % 2 == 0 else -1] == kind:
            self.respond(500)
            return
        path = "/" + "/".join(map(unquote, parts))
        status, value = self._done(request.method, path, len(parts), json.loads(request.body or b"null"))
        self.respond(status, json.dumps(value).encode() if value is not None else b"")

    def _done(self, method: str, path: str, length: int, body: Any) -> tuple[int, Any]:
        things = self.store.things
        if length % 2:
            if method == "POST":
                return 201, {"data": self.store.create(path, body)}
            return 200, [thing for key, thing in things.items() if key.rpartition("/")[0].startswith(path)]
        if path not in things:
            return 404, {"message": "not there"}
        if method == "DELETE":
            del things[path]
            return 204, None
        if method == "PUT":
            things[path] |= body
        return 200, things[path]


@pytest.fixture
def shops(tmp_path: Path) -> Iterator[Store]:
    """The store of a server, and in the folder the scenario that is drafted for it."""
    store = Store()
    with served(type("Handler", (Shops,), {"store": store})) as (address, _):
        (tmp_path / "api.json").write_text(json.dumps(document(address)), encoding="utf-8")
        awsit(tmp_path, "new", "--from-openapi", "api.json", "--output", "shops.yaml")
        yield store


def test_everything_is_done_and_nothing_is_left(shops: Store, tmp_path: Path) -> None:
    awsit(tmp_path, "validate", "shops.yaml")
    awsit(tmp_path, "run", "shops.yaml", "--engine", "local")
    assert (shops.created, shops.things) == (2, {})


@pytest.mark.parametrize(
    ("fails", "created"),
    [(("GET", "items"), 2), (("PUT", "shops"), 2), (("POST", "items"), 1), (("POST", "shops"), 0)],
)
def test_nothing_is_left_where_a_request_fails(
    shops: Store, tmp_path: Path, fails: tuple[str, str], created: int
) -> None:
    shops.fails = fails
    done = run_awsit(tmp_path, "run", "shops.yaml", "--engine", "local")
    assert done.returncode == 1, done.stdout + done.stderr
    assert (shops.created, shops.things) == (created, {})
