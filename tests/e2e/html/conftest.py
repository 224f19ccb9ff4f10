"""The report in a real browser."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from tests.authorities.programs import not_installed
from tests.e2e.html.chromium import PROGRAM, Chromium

from awsit.model.result import RunResult
from awsit.reporting.failure_context import NO_CONTEXT, FailureContext
from awsit.reporting.html import html


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    if PROGRAM is None:
        pytest.skip(not_installed("chromium"))
    browser = Chromium(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def show(chromium: Chromium, tmp_path: Path) -> Callable[..., Chromium]:
    """Open the report of these results in the browser."""

    def open_report(results: Sequence[RunResult], context: FailureContext = NO_CONTEXT, **how) -> Chromium:
        path = tmp_path / "report.html"
        path.write_text("".join(html(results, lambda _: context)), encoding="utf-8")
        chromium.open(path, **how)
        return chromium

    return open_report
