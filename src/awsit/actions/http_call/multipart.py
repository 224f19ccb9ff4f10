"""Bodies of `multipart/form-data` (RFC 7578), written as browsers write them (WHATWG HTML, section 4.10.21.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from mimetypes import MimeTypes
from pathlib import PurePosixPath
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator
from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from awsit.actions.http_call.encoding import base64_bytes, check_base64, scalar_text
from awsit.actions.http_call.headers import check_content_type, check_part_headers
from awsit.actions.http_call.utf8 import in_utf8
from awsit.actions.params import Params, Scalar
from awsit.model.files import FileSource, digest_of
from awsit.model.json import Json

_BINARY = "application/octet-stream"

Base64 = Annotated[str, AfterValidator(check_base64)]
"""Bytes in base64."""
PartHeaders = Annotated[dict[str, Scalar], AfterValidator(check_part_headers)]
ContentType = Annotated[str, AfterValidator(check_content_type)]


class MultipartPart(Params):
    """One part of a form; exactly one of `value`, `file` and `base64`."""

    name: str = Field(description="Name of the form's field; several parts may have the same.")
    value: Any = Field(default=None, description="Text, sent as it is; anything else is sent as JSON.")
    file: str | None = Field(
        default=None, description="File to send: a path relative to the file in which it is written."
    )
    base64: Base64 | None = Field(default=None, description="Bytes to send, in base64.")
    filename: str | None = Field(default=None, description="Name to send; default: that of `file`.")
    content_type: ContentType | None = Field(
        default=None, description="Content type; default: that of the file name's ending; JSON for lists and mappings."
    )
    headers: PartHeaders = Field(default_factory=dict, description="Further headers of the part.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(each is not None for each in (self.value, self.file, self.base64)) != 1:
            raise ValueError("must hold exactly one of `value`, `file` and `base64`")
        return self


def encode_multipart(parts: Sequence[MultipartPart], files: FileSource) -> tuple[bytes, str, Json]:
    """The body of the parts, in their order, its content type, and the body as reports show it.

    Of a file, these show its size and digest. Raises ActionError of kind validation.
    """
    contents = [_content(part, files) for part in parts]
    fields = [_field(part, content) for part, content in zip(parts, contents, strict=True)]
    body, content_type = encode_multipart_formdata(fields)  # whose random boundary stands in none of the parts
    shown = [_shown(part, field, content) for part, field, content in zip(parts, fields, contents, strict=True)]
    return body, content_type, {"multipart": shown}


def named_files(parts: Json) -> Iterator[tuple[str, Json]]:
    """Place and value of each `file`; the params need not be right."""
    for index, part in enumerate(parts if isinstance(parts, list) else ()):
        if isinstance(part, Mapping) and "file" in part:
            yield f"multipart[{index}].file", part["file"]


def _content(part: MultipartPart, files: FileSource) -> bytes:
    if part.file is not None:
        return files.read(part.file)
    if part.base64 is not None:
        return base64_bytes(part.base64, f"`base64` of the part {part.name}")
    return in_utf8(scalar_text(part.value), f"multipart part {part.name}")


def _field(part: MultipartPart, content: bytes) -> RequestField:
    filename = part.filename or (PurePosixPath(part.file).name if part.file else None)
    for text in (part.name, filename or "", part.content_type or ""):
        in_utf8(text, "multipart", "take it out of the part's name, file name or content type")
    headers = {name: scalar_text(value) for name, value in part.headers.items() if value is not None}
    content_type = part.content_type or _default_type(part, filename)
    field = RequestField(part.name, content, filename)
    field.make_multipart(content_type=content_type)
    field.headers.update(headers)
    return field


def _default_type(part: MultipartPart, filename: str | None) -> str | None:
    if filename is not None or part.base64 is not None:
        return MimeTypes().guess_type(filename or "")[0] or _BINARY
    return "application/json" if isinstance(part.value, dict | list) else None


def _shown(part: MultipartPart, field: RequestField, content: bytes) -> Json:
    shown: dict[str, Json] = {"name": part.name}
    if part.file is not None:
        shown |= {"file": part.file, "bytes": len(content), "digest": digest_of(content)}
    else:
        shown |= {"base64": part.base64} if part.base64 is not None else {"value": part.value}
    if part.filename is not None or part.file is not None:
        shown["filename"] = part.filename or PurePosixPath(part.file or "").name
    if field.headers["Content-Type"]:
        shown["content_type"] = field.headers["Content-Type"]
    if part.headers:
        shown["headers"] = dict(part.headers)
    return shown
