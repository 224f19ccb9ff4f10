"""The check of a response against the operation that its URL belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import lru_cache, partial
from http import HTTPStatus
from itertools import islice
from urllib.parse import urlsplit, urlunsplit

from jsonschema_path import SchemaPath
from msgspec import Struct
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.responses.exceptions import ResponseFinderError
from openapi_core.templating.responses.finders import ResponseFinder
from openapi_core.validation.response.exceptions import MissingData
from referencing.exceptions import Unresolvable
from werkzeug.datastructures import Headers

from awsit.actions.http_call.body import content_type
from awsit.actions.http_call.contract.failures import DocumentedOperation, failures_of, no_operation
from awsit.actions.http_call.contract.library import DocumentReader, Request, Response, make_reader, of_range
from awsit.errors import ActionError, ExpressionError
from awsit.expressions import budget
from awsit.model.http import HttpResponse
from awsit.model.result import AssertionResult, ContractCall
from awsit.openapi.document import Document, ReadFile, parse, read_files, unusable
from awsit.openapi.servers import is_below, is_on_host, servers_of
from awsit.records import replace

MOST_FAILURES = 5
"""Failures of one response that are shown: what is wrong in one item of a list is wrong in each."""

_PREPARED_DOCUMENTS = 8
_WITHOUT_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class CheckedResponse(Struct, frozen=True):
    """What the check of a response found, and the `call` that it was; None for one that is no operation's."""

    results: tuple[AssertionResult, ...] = ()
    call: ContractCall | None = None


class Contract(Struct, frozen=True):
    """A document that is ready to check responses. `is_known` says whether a URL is one of the document's."""

    document: Document
    reader: DocumentReader
    is_known: Callable[[str], bool]

    def check(self, method: str, response: HttpResponse) -> CheckedResponse:
        """One passed result, or one for each thing that does not fit; none for a URL that is not of the contract.

        `method` is that of the request that was answered, the last one after redirects. Raises ActionError of kind
        validation for a document that is wrong at the place that is needed.
        """
        url = urlunsplit((*urlsplit(response.url)[:3], "", ""))
        seconds = budget.contract_seconds(len(response.body))
        try:
            with budget.contract(seconds):
                return self._check(method, url, response)
        except (ExpressionError, RecursionError) as error:
            raise self._too_complex(method, url, error, seconds) from error
        except PathError as error:
            if self.is_known(url):
                return CheckedResponse((no_operation(self.document, method, url, error),))
            return CheckedResponse(call=ContractCall(self.document.name))
        except (OpenAPIError, Unresolvable, LookupError, TypeError, ValueError, AttributeError) as error:
            raise unusable(f"{self.document.name} cannot be used for {method} {url}: {error!r}") from error

    def _too_complex(
        self, method: str, url: str, error: ExpressionError | RecursionError, seconds: float
    ) -> ActionError:
        subject = f"{self.document.name} cannot be used for {method} {url}"
        if isinstance(error, RecursionError):
            message = "its schema refers to itself without an end, or goes too deep"
            return unusable(f"{subject}: {message}", "let each `$ref` lead to a part of the value")
        if error.code == "bad_regex":
            return unusable(f"{subject}: {error.message}", error.hint)
        message = f"the check of this response takes more than {seconds:.2g} s, or too much memory"
        return unusable(f"{subject}: {message}", "make its schemas simpler, or the response smaller")

    def _check(self, method: str, url: str, response: HttpResponse) -> CheckedResponse:
        found = self.reader.finder.find(method.lower(), url)
        described = _described(found.operation, response)
        path = found.path_result.pattern
        operation = DocumentedOperation(self.document, method, path, described.keys, described.media)
        has_body = method != "HEAD" and response.status not in _WITHOUT_BODY
        failed = (
            failure
            for error in self.reader.validator.iter_errors(Request(method.lower(), url), described.response)
            if has_body or not isinstance(error, MissingData)
            for failure in failures_of(error, operation, response)
        )
        results = tuple(_bounded(failed)) or (operation.passed(),)
        return CheckedResponse(results, ContractCall(self.document.name, operation.name))


def load(name: str, read: ReadFile, server: str | None = None, *, is_own: bool = True) -> Contract:
    """The document of that name, prepared once in a process. `server` stands in the place of its `servers`.

    Known are all URLs on the hosts of its servers when it `is_own`: named for one action. The document of a whole
    scenario stands beside others, maybe on the same host, so that only URLs below its servers are known.
    Raises ActionError of kind validation for one that cannot be read, or is no OpenAPI document.
    """
    contract = _prepare(name, tuple(read_files(name, read).items()), server)
    return contract if is_own else replace(contract, is_known=partial(is_below, servers_of(contract.document.root)))


@lru_cache(maxsize=_PREPARED_DOCUMENTS)
def _prepare(name: str, contents: tuple[tuple[str, bytes], ...], server: str | None) -> Contract:
    document = Document(name, {file: parse(file, content) for file, content in contents})
    if server is not None and isinstance(document.root, Mapping):
        document = replace(document, files={**document.files, name: {**document.root, "servers": [{"url": server}]}})
    return Contract(document, make_reader(document), partial(is_on_host, servers_of(document.root)))


class _Described(Struct, frozen=True):
    """A response as the library takes it, where the document describes it, and the media type as that spells it."""

    response: Response
    keys: tuple[str | int, ...] = ()
    media: str = ""


def _described(operation: SchemaPath, response: HttpResponse) -> _Described:
    received = content_type(response.headers.get("content-type", ""))[0]
    headers = Headers(dict(response.headers))
    try:
        described = ResponseFinder(operation / "responses").find(str(response.status))
    except ResponseFinderError:
        return _Described(Response(response.status, headers, received, response.body))
    declared = list((described / "content").str_keys()) if "content" in described else []
    media = next((each for each in declared if content_type(each)[0] == received), received)
    if media in declared:
        return _Described(Response(response.status, headers, media, response.body), tuple(described.parts), media)
    media = next((each for each in declared if fnmatch(received, each)), received)
    as_read = of_range(media, received) if media in declared else media
    return _Described(Response(response.status, headers, as_read, response.body), tuple(described.parts), media)


def _bounded(failures: Iterator[AssertionResult]) -> Sequence[AssertionResult]:
    """The first failures; the last one says how many more there are."""
    shown = list(islice(failures, MOST_FAILURES))
    more = sum(1 for _ in failures)
    if more:
        shown[-1] = replace(shown[-1], message=f"{shown[-1].message}, and {more} more")
    return shown
