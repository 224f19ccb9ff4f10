"""The examples as projects."""

from pathlib import Path

import pytest

from awsit import config

EXAMPLES = sorted(file.parent for file in (Path(__file__).parents[3] / "examples").glob("*/awsit.toml"))


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_the_stack_that_the_scenarios_read_is_deployed_to_the_sandbox(folder: Path) -> None:
    (template,) = config.load({}, {}, folder).sandbox_templates
    assert template.path.is_file()
    texts = [file.read_text(encoding="utf-8") for file in (folder / "scenarios").glob("*.yaml")]
    assert any(f"stack('{template.stack}')" in text for text in texts)


def test_the_page_about_events_begins_with_the_pipeline_s_scenario() -> None:
    root = Path(__file__).parents[3]
    page = (root / "docs" / "write" / "events.md").read_text(encoding="utf-8")
    scenario = (root / "examples" / "pipeline" / "scenarios" / "order_passes_through.yaml").read_text(encoding="utf-8")

    assert page.partition("```yaml\n")[2].partition("```")[0] == scenario
    assert len(scenario.splitlines()) < 40


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_writes_nothing_outside_its_folder(folder: Path) -> None:
    settings = config.load({}, {}, folder)
    assert settings.state_folder.resolve().is_relative_to(folder)
    assert settings.report_folder.resolve().is_relative_to(folder)
