"""The table of report formats; tests/functional/test_report_formats.py adds one to it."""

import pytest
from tests.unit.reporting.runs import EVERY, FAILED

from awsit.errors import EnvironmentFailure
from awsit.model.evidence import Evidence, EvidenceKind
from awsit.records import replace
from awsit.reporting.registry import FORMATS, ReportContext


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_every_format_renders_runs_and_none(each):
    assert "".join(each.render(EVERY, ReportContext()))
    assert all(isinstance(part, str) for part in each.render((), ReportContext()))


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


LINES_FOR_PROGRAMS = {"outputs"}


@pytest.mark.parametrize("each", [e for e in FORMATS if e.name not in LINES_FOR_PROGRAMS], ids=lambda e: e.name)
def test_every_format_shows_what_explains_a_failure(each):
    cause = Evidence(EvidenceKind.FUNCTION_ERROR, "function worker", "KeyError: no-such-id")
    run = replace(FAILED, steps=tuple(replace(step, evidence=(cause,)) for step in FAILED.steps))

    assert "KeyError: no-such-id" in "".join(each.render([run], ReportContext()))


@pytest.mark.parametrize("name", ["json", "html", "junit", "markdown", "ctrf"])
def test_every_report_shows_what_diagnostics_brought_back(name):
    step = replace(FAILED.steps[0], index=9, phase="on_failure", name="Look", response={"depth": "many-messages"})
    run = replace(FAILED, steps=(*FAILED.steps, step))
    render = next(each.render for each in FORMATS if each.name == name)

    assert "many-messages" in "".join(render([run], ReportContext()))
