"""The transport of tests: gives canned answers, and remembers the requests."""

from __future__ import annotations

from collections.abc import Callable

from awsit.errors import ActionError, ErrorKind
from awsit.http.errors import too_large
from awsit.http.validation import check_request
from awsit.model.connections.transport import Wire
from awsit.model.http import HttpRequest, HttpResponse
from awsit.records import replace

Answer = HttpResponse | Exception | Callable[[HttpRequest], HttpResponse]


class FakeTransport:
    """An `HttpTransport` with canned answers, used in order; the last one is repeated.

    An answer is a response, an error to raise, or a function of the request. Requests are checked, header names
    lowered and sizes bounded as in `Urllib3Transport`; redirects are not followed. `requests` holds what was sent.
    """

    def __init__(self, *answers: Answer) -> None:
        self._answers = answers or (HttpResponse(200, {}, b"", ""),)
        self.requests: list[HttpRequest] = []

    def send(self, request: HttpRequest) -> HttpResponse:
        """The next answer; raises it when it is an error, and ActionError of kind validation as the real one does."""
        check_request(request)
        self.requests.append(request)
        answer = self._answers[min(len(self.requests), len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        response = answer(request) if callable(answer) else answer
        if len(response.body) > request.max_response_bytes:
            raise too_large(request)
        headers = {name.lower(): value for name, value in response.headers.items()}
        body = b"" if request.method == "HEAD" else response.body
        return replace(response, headers=headers, body=body, url=response.url or request.url)

    def connect(self, request: HttpRequest) -> Wire:
        """Nothing listens behind canned answers: raises ActionError of kind connection."""
        check_request(request)
        raise ActionError("there is no server", kind=ErrorKind.CONNECTION)
