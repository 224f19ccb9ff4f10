"""The multipart form of a curl command as `multipart` of an `http_call`."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct
from pydantic import ValidationError

from awsit.actions.http_call.multipart import MultipartPart, encode_multipart
from awsit.cli.drafts.curl.body import is_text
from awsit.cli.drafts.curl.credentials import Credentials
from awsit.cli.drafts.curl.multipart.parts import BOUNDARY, MULTIPART, TYPES, FormPart, body_of
from awsit.cli.drafts.curl.words.variables import shown
from awsit.cli.drafts.destination import Destination
from awsit.errors import ActionError
from awsit.model.json import Json


def form_params(
    parts: Sequence[FormPart], headers: dict[str, str], credentials: Credentials, destination: Destination
) -> tuple[dict[str, Json], list[str]] | None:
    """The param that sends the parts, and notes; None where only the text of the form sends the same.

    The `Content-Type` which it brings itself is taken out of the headers. Files are named; those outside of the project
    are copied into the scenario.
    """
    name = next((name for name in headers if name.lower() == "content-type"), "")
    if not parts or headers[name] != f"{MULTIPART}; boundary={BOUNDARY}":
        return None
    written = [_written(part, destination) for part in parts]
    if not _sends(written, parts):
        return None
    headers.pop(name)
    copied = [part.file for part, each in zip(parts, written, strict=True) if part.file and "file" not in each]
    notes = [f"copied into the scenario, since it is outside of its project: the file {file}" for file in copied]
    return {"multipart": credentials.in_json(written)}, notes


def _written(part: FormPart, destination: Destination) -> Json:
    path = destination.path_to(part.file) if part.file else None
    headers = {name: value.strip() for name, _, value in (line.partition(":") for line in part.headers)}
    content = {"file": path} if path else _content(part)
    brief: Json = {"name": part.name, **content, **({"headers": headers} if headers else {})}
    if path and part.content_type in TYPES.values() and _sends([brief], [part]):
        return brief
    file_name = None if path and part.file_name == PurePosixPath(path).name else part.file_name
    settings = {"filename": file_name, "content_type": part.content_type}
    return brief | {key: value for key, value in settings.items() if value is not None}


def _content(part: FormPart) -> dict[str, Json]:
    if is_text(part.content):
        return {"value": part.content}
    return {"base64": base64.b64encode(part.content.encode("utf-8", "surrogateescape")).decode()}


def _sends(written: Sequence[Json], parts: Sequence[FormPart]) -> bool:
    """Whether an `http_call` sends these parts, byte for byte; variables stand as the shell writes them."""
    contents = {each["file"]: part.content for each, part in zip(written, parts, strict=True) if "file" in each}
    try:
        models = [MultipartPart.model_validate(_shown(each)) for each in written]
        body, content_type, _ = encode_multipart(models, _Contents(contents))
    except (ActionError, ValidationError):
        return False
    boundary = content_type.rpartition("=")[2].encode()
    expected = shown(body_of(parts)).encode("utf-8", "surrogateescape")
    return body.replace(boundary, BOUNDARY.encode()) == expected


class _Contents(Struct, frozen=True):
    """The files of a form, as text, by the names that the scenario has for them."""

    texts: Mapping[str, str]

    def read(self, name: str) -> bytes:
        return shown(self.texts[name]).encode("utf-8", "surrogateescape")


def _shown(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    return shown(value) if isinstance(value, str) else value
