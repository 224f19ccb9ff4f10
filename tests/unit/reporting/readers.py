"""Names and verdicts as each report's own readers find them."""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from awsit.model import json

Found = Iterator[tuple[str, str]]
VERDICT_LINE = re.compile(r"^([A-Z][A-Z ]+?)  (\S*(?: \(\d+ of \d+\))?)  \S.*\n  run +(\S+)", re.MULTILINE)


def of_json(text: str) -> Found:
    document = json.loads(text)
    for report in document if isinstance(document, list) else [document]:
        left = report["status"] == "passed" and report["cleanup"]["verdict"] == "left_behind"
        again = " ({number} of {of})".format(**report["repetition"]) if report["repetition"] else ""
        yield (report["scenario"] or report["run_id"]) + again, "left_behind" if left else report["status"]


def of_junit(text: str) -> Found:
    for suite in ET.fromstring(text):
        verdicts = [each.get("value") for each in suite.iter("property") if each.get("name") == "verdict"]
        yield suite.find("testcase").get("name"), verdicts[0]


def of_ctrf(text: str) -> Found:
    for test in json.loads(text)["results"]["tests"]:
        yield test["name"], test["rawStatus"]


def of_html(text: str) -> Found:
    for run in index_of_html(text):
        yield run["name"], run["verdict"]


def index_of_html(text: str) -> list[dict[str, str]]:
    return json.loads(re.search(r'id="index">(.*?)</script>', text, re.DOTALL)[1])["runs"]


def of_markdown(text: str) -> Found:
    for name, verdict in re.findall(r"^\| \S+ \| (.*?) \| ([a-z ]+) \|", text, re.MULTILINE):
        yield name.replace("\\", ""), verdict.replace(" ", "_")


def of_terminal(text: str) -> Found:
    for verdict, name, run_id in VERDICT_LINE.findall(text):
        yield name or run_id, verdict.lower().replace(" ", "_")


READERS = {"json": of_json, "html": of_html, "junit": of_junit, "markdown": of_markdown, "ctrf": of_ctrf}
"""Of every format that `awsit report` writes."""


def read(name: str, text: str) -> Counter[tuple[str, str]]:
    """How often the report of a format has each name with each verdict."""
    assert name in READERS, f"--{name} needs a reader in tests/unit/reporting/readers.py"
    return Counter(READERS[name](text))
