"""What does not fit a contract, as assertion results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from jsonschema.exceptions import ValidationError, best_match
from msgspec import Struct
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.paths.exceptions import OperationNotFound, PathError
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.validation.response.exceptions import (
    HeaderValidationError,
    MissingData,
    MissingRequiredHeader,
)
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue

from awsit.actions.http_call.body import content_type, is_json
from awsit.expressions.assertions.json_schema import validator
from awsit.model.http import HttpResponse
from awsit.model.json import Json, exact
from awsit.model.result import CONTRACT, AssertionResult
from awsit.openapi.document import Document
from awsit.records import replace

Keys = tuple[str | int, ...]


class DocumentedOperation(Struct, frozen=True):
    """The operation that a response belongs to. `response` and `media` say where the document describes it."""

    document: Document
    method: str
    path: str
    response: Keys = ()
    media: str = ""

    @property
    def name(self) -> str:
        """As reports show it: `GET /pets/{id}`."""
        return f"{self.method} {self.path}"

    @property
    def keys(self) -> Keys:
        """Where it stands in the document."""
        return "paths", self.path, self.method.lower()

    def passed(self) -> AssertionResult:
        """The result of a response that fits."""
        return AssertionResult(True, CONTRACT, name=self._title, expected=self._expected(self.keys))

    def failed(self, path: str, actual: Json, reason: str, keys: Sequence[str | int], **more: Json) -> AssertionResult:
        """The result of something that does not fit: `path` leads into the response, `keys` into the document."""
        expected = {**self._expected(keys), **more}
        message = f"{path}: {reason} ({expected['at']})"
        return AssertionResult(False, CONTRACT, path, self._title, expected, actual, message=message)

    @property
    def _title(self) -> str:
        return f"{self.name} of {self.document.name}"

    def _expected(self, keys: Sequence[str | int]) -> dict[str, Json]:
        return {"document": self.document.name, "operation": self.name, "at": self.document.pointer(keys)}


def no_operation(document: Document, method: str, url: str, error: PathError) -> AssertionResult:
    """The result of a request that no operation describes."""
    known = isinstance(error, OperationNotFound)
    reason = f"the path is there, but not with {method}" if known else "no path of the document fits"
    message = f"{method} {urlsplit(url).path or '/'} is no operation of {document.name}: {reason}"
    expected: Json = {"document": document.name, "at": document.pointer(("paths",))}
    return AssertionResult(False, CONTRACT, "", f"operation of {document.name}", expected, url, message=message)


def failures_of(error: Exception, operation: DocumentedOperation, response: HttpResponse) -> Iterator[AssertionResult]:
    """The failed results of one error of the library."""
    if isinstance(error, ResponseNotFound):
        known = error.availableresponses
        status = response.status
        reason = f"the status {status} is not documented, only {_listed(known)}"
        yield operation.failed("$.status", status, reason, (*operation.keys, "responses"), statuses=known)
    elif isinstance(error, HeaderValidationError):
        yield from _of_header(error, operation, response.headers)
    else:
        yield from _of_body(error, operation, response.headers)


def _of_header(
    error: HeaderValidationError, operation: DocumentedOperation, headers: Mapping[str, str]
) -> Iterator[AssertionResult]:
    path, keys = f"$.headers['{error.name.lower()}']", (*operation.response, "headers", error.name)
    if isinstance(error, MissingRequiredHeader):
        result = operation.failed(path, None, "the header is required, and missing", (*keys, "required"), required=True)
        yield replace(result, actual_present=False)
        return
    value = headers.get(error.name.lower())
    if isinstance(error.__cause__, InvalidSchemaValue):
        yield from _of_schema(error.__cause__, operation, path, (*keys, "schema"))
    else:
        yield operation.failed(path, value, f"the header cannot be read as documented: {error.__cause__}", keys)


def _of_body(error: Exception, operation: DocumentedOperation, headers: Mapping[str, str]) -> Iterator[AssertionResult]:
    keys, cause = (*operation.response, "content"), error.__cause__
    media = headers.get("content-type", "")
    described = (*keys, operation.media)
    if isinstance(error, MissingData):
        yield operation.failed("$.body", None, "the body is empty", keys)
    elif isinstance(cause, MediaTypeNotFound):
        known = cause.availableMimetypes
        reason = f"the media type {media} is not documented, only {_listed(known)}" if media else "it has no media type"
        yield operation.failed("$.headers['content-type']", media or None, reason, keys, media_types=known)
    elif isinstance(cause, InvalidSchemaValue):
        if _has_schema(media):
            yield from _of_schema(cause, operation, "$.body", (*described, "schema"))
    else:
        yield operation.failed("$.body", None, f"the body is not {media}", described)


def _has_schema(header: str) -> bool:
    """Whether the body is a JSON value, or text; a schema of another one, such as XML, describes what it stands for."""
    media = content_type(header)[0]
    return is_json(media) or media.startswith("text/")


def _of_schema(
    error: InvalidSchemaValue, operation: DocumentedOperation, path: str, keys: Keys
) -> Iterator[AssertionResult]:
    """A failed result for each place that its schema does not allow."""
    messages: set[str] = set()
    for each in error.schema_errors:
        closest = best_match([each]) if isinstance(each, ValidationError) else None
        if isinstance(closest, ValidationError):
            result = _of_keyword(closest, operation, path, keys)
            if result.message not in messages:  # null is refused twice: as not nullable, and by its type
                messages.add(result.message)
                yield result


def _of_keyword(error: ValidationError, operation: DocumentedOperation, path: str, keys: Keys) -> AssertionResult:
    place = validator.place_of(error, path)
    reason = validator.sentence(error, path).removeprefix(f"{place}: ")
    rule = {str(error.validator): exact(error.validator_value)} if isinstance(error.validator, str) else {}
    return operation.failed(place, exact(error.instance), reason, (*keys, *error.absolute_schema_path), rule=rule)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:]))) or "nothing"
