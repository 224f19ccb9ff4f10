"""Texts that would be markup, or an end of it, in a report: HTML, JUnit, Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.attack.commands import call, response
from tests.attack.payload import Payload

_TEXTS = (
    "<script>owned()</script>",
    "</script><script>owned()</script>",
    "<img src=x onerror=owned()>",
    "<svg/onload=owned()>",
    "'\"><svg onload=owned()>",
    "</style><script>owned()</script>",
    "</textarea><script>owned()</script>",
    "</title><script>owned()</script>",
    "<!--<script>owned()",
    "--><script>owned()</script>",
    "<iframe src=javascript:owned()>",
    "<a href='javascript:owned()'>x</a>",
    "<base href=http://evil.test/>",
    "<meta http-equiv=refresh content='0;url=http://evil.test/'>",
    "<link rel=stylesheet href=http://evil.test/a.css>",
    "<form action=http://evil.test/><input name=a>",
    "<object data=http://evil.test/>",
    "<template><script>owned()</script></template>",
    "\\u003cscript\\u003eowned()\\u003c/script\\u003e",
    "&lt;script&gt;owned()&lt;/script&gt;",
    "&#60;script&#62;owned()",
    "<scr\0ipt>owned()</scr\0ipt>",
    "<SCRIPT SRC=http://evil.test/a.js>",
    "]]><script>owned()</script><![CDATA[",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "<?xml version='1.0'?><testsuites/>",
    "</testcase></testsuite><testsuite name='owned'>",
    "</system-out><failure message='owned'/>",
    "]]>",
    "\x00\x01\x0b\ufffe\uffff",
    "\ud800",
    "[click](javascript:owned())",
    "![x](http://evil.test/a.png)",
    "<http://evil.test/>",
    "[x]: http://evil.test/",
    "| a | b |\n|---|---|\n| owned | x |",
    "```\n# owned\n```",
    "~~~\n# owned",
    "````\n`````\n# owned",
    "# owned",
    "\n\n# owned\n\n",
    "a\n===",
    "@everyone #1 GH-1",
    "</details><h1>owned</h1>",
    "</code></pre><h1>owned</h1>",
    "`x` ``y`` ```z```",
    "\u2028<script>owned()</script>",
    "{{ constructor.constructor('owned()')() }}",
    "${owned()}",
    "*/owned()/*",
    "'-owned()-'",
    "\\'-owned()//",
)
_FOREIGN = re.compile(r"evil\.test|javascript:|owned")
_ATTRIBUTES = re.compile(r"on\w+|href|src|action|style|content|data|formaction|srcdoc")


class _Page(HTMLParser):
    """Collects what of a page is markup and bears the attacker's words."""

    def __init__(self) -> None:
        super().__init__()
        self.fallen: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_data = ("type", "application/json") in attrs
        self._open.append("data" if is_data else tag)
        self.fallen += [
            f"<{tag} {name}={value}>"
            for name, value in attrs
            if _ATTRIBUTES.fullmatch(name) and _FOREIGN.search(value or "")
        ]

    def handle_data(self, data: str) -> None:
        if (
            self._open
            and self._open[-1] == "script"
            and "owned()" in data
            and "</" not in data
            and "run_id" not in data
        ):
            self.fallen.append(f"a script has {data[:80]!r}")


def _html(text: str) -> str:
    page = _Page()
    page.feed(text)
    return str(page.fallen) if page.fallen else ""


def _junit(text: str) -> str:
    suites = ET.fromstring(text)
    cases = [*suites.iter("testcase")]
    is_ours = len([*suites.iter("testsuite")]) == 1 and all("owned" not in element.tag for element in suites.iter())
    return "" if is_ours and cases and "DOCTYPE" not in text[:200] else "its elements are not those of one run"


def _markdown(text: str) -> str:
    """What is outside code is checked: no link, picture, markup or heading of the attacker's."""
    from markdown_it import MarkdownIt

    page = _Page()
    rendered = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text)
    page.feed(rendered)
    headings = re.findall(r"<h\d>\s*owned|<t[dh]>\s*owned|<script|<img[^>]*evil", rendered)
    return str(page.fallen or headings) if page.fallen or headings else ""


READERS: Mapping[str, Callable[[str], str]] = {"html": _html, "junit": _junit, "markdown": _markdown}


def payloads() -> Iterator[Payload]:
    for text in _TEXTS:
        for report, reader in READERS.items():
            yield Payload(f"{report}: {text!r}", partial(_report, report, reader, text))


def _report(report: str, reader: Callable[[str], str], text: str) -> str:
    """The text in what a service answers, in names and texts of the scenario, and in what it captures."""
    import json

    body = json.dumps({"note": text, text: [text]}).encode()
    written = "x" if "{{" in text or "\ud800" in text else text  # a scenario with these is refused
    checks = [{"path": "$.body.note", "equals": f"{written}x", "name": written}]
    call(
        lambda _: response(body),
        f"--{report}=report.out",
        params={"method": "POST", "body": written, "headers": {"x-a": "a"}},
        **{"assert": checks, "pass_to_context": {"note": "$.body"}},
    )
    return reader(Path("report.out").read_text(encoding="utf-8"))
