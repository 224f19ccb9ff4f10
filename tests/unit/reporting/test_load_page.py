"""The page of a load."""

from __future__ import annotations

from tests.unit.reporting.loads import load

from awsit.reporting.load_page import load_page


def test_it_shows_counts_percentiles_thresholds_and_errors() -> None:
    page = load_page(load())
    for text in ("30 iterations of 40", "200.5 ms", "p95_ms", "answered 500", "run-1"):
        assert text in page


def test_what_services_say_is_text_in_it() -> None:
    page = load_page(load("a<b>", "<script>alert(1)</script><!--style-->"))
    assert "<script" not in page
    assert "a&lt;b&gt;" in page
    assert "script-src" not in page  # so that default-src, which is none, holds for scripts
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
