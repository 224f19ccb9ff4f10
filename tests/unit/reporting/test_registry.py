"""The table of report formats; tests/functional/test_report_formats.py adds one to it."""

import pytest
from tests.unit.reporting.runs import EVERY

from awsit.errors import EnvironmentFailure
from awsit.reporting.registry import FORMATS, ReportContext


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_every_format_renders_runs_and_none(each):
    assert each.render(EVERY, ReportContext())
    assert isinstance(each.render((), ReportContext()), str)


def test_names_are_options_that_differ():
    names = [each.name for each in FORMATS]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)


def test_what_a_ci_server_reads_tells_of_an_error_too():
    error = EnvironmentFailure("no credentials")
    rendered = {each.name: each.render_error(error, ReportContext()) for each in FORMATS if each.render_error}
    assert rendered == {
        "outputs": "AWSIT_VERDICT=environment\nAWSIT_SUMMARY=nothing ran: no credentials\n",
        "annotations": "::error title=awsit::no credentials\n",
    }
