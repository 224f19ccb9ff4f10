"""Scenarios in the bucket of an installation.

The key of a pushed scenario is `scenarios/NAME.json`, that of a local file that ran `scenarios/sha256/HEX.json`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from typing import Any

from msgspec import Struct

from awsit.aws import scenario_files
from awsit.aws.client import errors
from awsit.aws.client.objects import read_object
from awsit.aws.scenario_files import BucketFiles
from awsit.errors import InvalidInputError, NotFoundError
from awsit.model import json
from awsit.model.json import Json
from awsit.model.ports import Aws
from awsit.scenario.compile.fingerprint import fingerprint

PREFIX = "scenarios/"
BY_HASH = f"{PREFIX}sha256/"
_SUFFIX = ".json"
_READERS = 8
_LATELY = 64
"""Scenarios of which a store remembers that it has stored them."""
_NO_FILES: Mapping[str, str] = {}


class StoredScenario(Struct, frozen=True):
    """A pushed scenario in a list. `actions` are the names of its actions, `key` is its key in the bucket."""

    name: str
    description: str
    tags: tuple[str, ...]
    actions: tuple[str, ...]
    key: str


class ScenarioStore:
    """The scenarios of one installation."""

    def __init__(self, aws: Aws, bucket: str) -> None:
        self._aws = aws
        self._bucket = bucket
        self._stored: deque[str] = deque(maxlen=_LATELY)

    def push(self, document: Json, name: str, files: Mapping[str, str] = _NO_FILES) -> str:
        """Store a scenario under its name, replacing an older one (the bucket keeps versions). Returns its key.

        `files` are the paths of those that its params name; they are stored first.
        """
        key = _key(name)
        document = self._with_files(document, files, scenario_files.PUSHED)
        with errors.reported(f"upload the scenario {name}"):
            self._put(key, _canonical(document))
        return key

    def put_by_hash(self, document: Json, files: Mapping[str, str] = _NO_FILES) -> str:
        """Store a scenario under its fingerprint: it expires after its last run. Returns its key.

        One that this store has stored lately, as with the rows of a matrix, is not sent again.
        `files` as in `push`; they are part of what the fingerprint tells apart.
        """
        document = self._with_files(document, files, scenario_files.RAN)
        key = f"{BY_HASH}{fingerprint(document)}{_SUFFIX}"
        if key not in self._stored:
            with errors.reported("upload the scenario"):
                self._put(key, _canonical(document))
            self._stored.append(key)
        return key

    def _with_files(self, document: Json, files: Mapping[str, str], prefix: str) -> Json:
        """The document, with the digests of the files that were stored for it."""
        if not files:
            return document
        return {**document, "files": BucketFiles(self._aws, self._bucket).put(files, prefix)}

    def get(self, name: str) -> Json:
        """The pushed scenario with this name. Raises NotFoundError, with similar names, when there is none."""
        try:
            return self._read(_key(name))
        except NotFoundError as error:
            similar = get_close_matches(name, list(self.names()), n=3)
            hint = f"did you mean {' or '.join(similar)}?" if similar else "`awsit push` uploads a folder of scenarios"
            raise NotFoundError(f"there is no scenario {name} in the bucket {self._bucket}", hint=hint) from error

    def names(self) -> Iterator[str]:
        """The names of the pushed scenarios, sorted."""
        with errors.reported(f"list the scenarios of the bucket {self._bucket}"):
            for key in self._keys():
                yield key.removeprefix(PREFIX).removesuffix(_SUFFIX)

    def list(self) -> tuple[StoredScenario, ...]:
        """The pushed scenarios, sorted by name. Reads each of them, for its description, tags and actions."""
        names = tuple(self.names())
        with ThreadPoolExecutor(max_workers=_READERS) as readers:
            documents = readers.map(self._read_listed, names)
            return tuple(_stored(name, document) for name, document in zip(names, documents, strict=True))

    def _read_listed(self, name: str) -> Json:
        try:
            return self._read(_key(name))
        except (InvalidInputError, NotFoundError):  # not JSON, or deleted since it was listed: its name is shown
            return {}

    def _read(self, key: str) -> Json:
        with errors.reported(f"read {key} from the bucket {self._bucket}"):
            content = read_object(self._s3, self._bucket, key)
        try:
            return json.loads(content)
        except ValueError as error:
            raise InvalidInputError(
                f"{key} in the bucket {self._bucket} is not JSON: {error}", hint="push the scenario again"
            ) from error

    @property
    def _s3(self) -> Any:
        return self._aws.client("s3")

    def _keys(self) -> Iterable[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=PREFIX, Delimiter="/")
        for page in pages:
            yield from (item["Key"] for item in page.get("Contents", ()) if item["Key"].endswith(_SUFFIX))

    def _put(self, key: str, content: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType="application/json")


def _key(name: str) -> str:
    if not name or "/" in name:
        raise InvalidInputError(f"{name!r} cannot be the name of a scenario", hint="a name has no slash")
    return f"{PREFIX}{name}{_SUFFIX}"


def _canonical(document: Json) -> bytes:
    return json.dumps(document).encode()


def _stored(name: str, document: Json) -> StoredScenario:
    fields = document if isinstance(document, Mapping) else {}
    metadata = fields.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, Mapping) else None
    actions = fields.get("actions")
    return StoredScenario(
        name=name,
        description=str(fields.get("description") or ""),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        actions=tuple(_action_names(actions)) if isinstance(actions, list) else (),
        key=_key(name),
    )


def _action_names(actions: Iterable[Json]) -> Iterator[str]:
    for action in actions:
        if isinstance(action, Mapping):
            yield str(action.get("name") or action.get("type") or "")
