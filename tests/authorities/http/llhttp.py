"""llhttp, Node's parser (in httptools), as the authority on what a response is."""

from dataclasses import dataclass, field

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser


@dataclass
class Verdict:
    """What the parser made of some bytes: an error, or the first final message as far as it came."""

    status: int = 0
    body: bytes = b""
    is_complete: bool = False
    error: str = ""
    interim: int = field(default=0)


class _Reader:
    def __init__(self) -> None:
        self.verdict = Verdict()
        self.parser: HttpResponseParser | None = None

    def on_headers_complete(self) -> None:
        if not self.verdict.is_complete:
            self.verdict.status = self.parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        if not self.verdict.is_complete:
            self.verdict.body += body

    def on_message_complete(self) -> None:
        if self.verdict.status // 100 == 1 and self.verdict.status != 101:
            self.verdict = Verdict(interim=self.verdict.interim + 1)
        else:
            self.verdict.is_complete = True


def judge(content: bytes) -> Verdict:
    """llhttp's verdict. An error after the message is complete is about what comes behind it."""
    reader = _Reader()
    reader.parser = HttpResponseParser(reader)
    try:
        reader.parser.feed_data(content)
    except HttpParserUpgrade:
        reader.verdict.is_complete = True
    except HttpParserError as error:
        if not reader.verdict.is_complete:
            reader.verdict.error = str(error) or type(error).__name__
    return reader.verdict
