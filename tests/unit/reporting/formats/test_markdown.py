"""Markdown for a pull request, rendered as a reader would see it."""

import re

import pytest
from markdown_it import MarkdownIt
from tests.unit.reporting.runs import EVERY, FAILED, HOSTILE, LEFT, PASSED, many

from awsit.records import replace
from awsit.reporting.formats.markdown import LARGEST, escape, markdown

COMMENT, STEP_SUMMARY = 65_536, 1024 * 1024
"""GitHub's limits: characters of a comment, bytes of a step's summary."""


def rendered(results):
    return MarkdownIt("gfm-like", {"linkify": False}).disable("linkify").render("".join(markdown(results)))


def rows(results):
    return re.findall(r"<tr>.*?</tr>", rendered(results).partition("<tbody>")[2], re.DOTALL)


def test_the_verdict_comes_first():
    assert "".join(markdown([PASSED])).startswith("## ✅ awsit: 1 scenario, 1 passed\n")
    assert "".join(markdown(EVERY)).startswith("## ❌ awsit: 10 scenarios, 4 failed, 2 error")
    assert "".join(markdown([])).startswith("## ⚪ awsit: no scenarios ran")


def test_every_scenario_has_a_row_with_its_reason():
    assert len(rows(EVERY)) == len(EVERY)
    (row,) = rows([LEFT])
    assert [each in row for each in ("order_is_shipped", "left behind", "2.8 s", "left behind: DeleteOrder")]


def test_failures_explain_themselves_in_folds():
    page = rendered([PASSED, FAILED])
    assert page.count("<details") == 1
    assert "<details open><summary>❌ <b>order_has_its_total</b>: failed</summary>" in page
    assert "&quot;total&quot;: 29.90" in page


def test_data_breaks_no_table_and_brings_no_html():
    page = rendered([HOSTILE])
    (row,) = rows([HOSTILE])
    assert row.count("<td") == 5
    assert "<img" not in page
    assert "<script" not in page
    assert page.count("<details") == page.count("</details>") == 1


def test_data_mentions_nobody_and_no_issue():
    outside_code = re.sub(r"(`{3,})text\n.*?\n\1", "", "".join(markdown([HOSTILE])), flags=re.DOTALL)
    assert "octocat" in outside_code
    assert not re.search(r"@\w|(?<!&)#\d", outside_code)


@pytest.mark.parametrize("text", ["a|b", "*a*", "<b>", "[a](b)", "`a`", "~~a~~", "$x$", "_a_", "\\|", "&amp;", "a\nb"])
def test_escaped_text_is_read_as_it_was(text):
    inline = MarkdownIt("commonmark").render(escape(text))
    assert re.sub(r"</?p>\n?", "", inline) == (
        text.replace("\n", " ").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )


def test_a_fence_is_longer_than_any_in_the_data():
    held = replace(FAILED, error=None, steps=(replace(HOSTILE.steps[0], response={"body": "````\n</details>\n````"}),))
    assert rendered([held]).count("</details>") == 1


def test_the_size_is_bounded_and_says_what_is_missing():
    bad = [replace(FAILED, scenario=f"scenario_{number}" + "🚚" * 300) for number in range(600)]
    page = "".join(markdown(bad))
    assert len(page) <= LARGEST < COMMENT
    assert len(page.encode()) < STEP_SUMMARY
    assert "left out: this page is full" in page
    assert "And 400 more scenarios: 400 failed." in page
    assert page.count("<details") == page.count("</details>")


def test_two_hundred_scenarios_fit():
    assert len(rows(many(200))) == 200
