"""What the pages show is true: each scenario in them is valid, and each of the wrong ones is wrong."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import click
import pytest

from awsit.actions.registry import BY_TYPE
from awsit.cli.main import cli
from awsit.config import load
from awsit.errors import Problem
from awsit.scenario.cases import with_cases
from awsit.scenario.checks.library import library_problems
from awsit.scenario.checks.validate import validate
from awsit.scenario.library.expand import expand
from awsit.scenario.library.files import Libraries
from awsit.scenario.matrix_file import with_rows
from awsit.scenario.reading.kinds import SUITE_FILE, is_library, is_suite
from awsit.scenario.reading.load import load_text
from awsit.scenario.suite import SuiteFiles

ROOT = Path(__file__).parents[2]
LONGEST_PAGE = 250
ALL_PAGES = [
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
PAGES = [page for page in ALL_PAGES if not page.read_text(encoding="utf-8").startswith("<!-- Written by `make docs`")]
"""Those that are written by hand."""
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
VARIABLES = "{order_id: A-17, quantity: 2}"
NO_COMMANDS = {"awsit = true", "awsit = false", "awsit execute", "awsit -j 2"}
"""Code in the pages that begins with `awsit` and is no command: an ini option, a segment of X-Ray, a row of a table."""
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")


def blocks() -> Iterator[Any]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in BLOCK.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield pytest.param(page, found[1], id=f"{page.name}:{line}")


def libraries_of(page: Path, folder: Path) -> Libraries:
    """The libraries that a page shows, as files."""
    shown = [block for block in BLOCK.findall(page.read_text(encoding="utf-8")) if block.startswith("library:")]
    for number, block in enumerate(shown):
        (folder / f"{number}.yaml").write_text(block, encoding="utf-8")
    return Libraries([folder] if shown else [])


def write_cases_of(page: Path, folder: Path) -> None:
    """The cases that a page shows, as files: each follows the scenario that names the folder `cases`."""
    (folder / "cases").mkdir()
    shown = re.findall(
        r"^cases: cases/.*?^```json\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    for number, block in enumerate(shown):
        (folder / "cases" / f"{number}.json").write_text(block, encoding="utf-8")


def write_rows_of(page: Path, folder: Path) -> None:
    """The file of rows that a page shows, which follows the scenario that names it."""
    shown = re.findall(
        r"^matrix: {file: (\S+)}.*?^```csv\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    for name, block in shown:
        (folder / name).write_text(block, encoding="utf-8")


def problems_of(block: str, libraries: Libraries, folder: Path) -> list[Problem]:
    name = SUITE_FILE if block.startswith(f"# scenarios/{SUITE_FILE}\n") else "page.yaml"
    source = load_text(as_scenario(block), str(folder / name))
    if is_suite(source):
        return SuiteFiles(folder, libraries, BY_TYPE, str).problems(source)
    if is_library(source.document):
        return library_problems(source, libraries, BY_TYPE)
    return validate(with_rows(with_cases(expand(source, libraries), folder), folder), BY_TYPE)


def as_scenario(block: str) -> str:
    """A list of actions becomes a scenario; a whole scenario stays as it is."""
    return f"name: from_the_page\nvariables: {VARIABLES}\nactions:\n{block}" if block.startswith("- ") else block


@pytest.mark.parametrize(("page", "block"), list(blocks()))
def test_every_scenario_in_the_pages_is_valid(page: Path, block: str, tmp_path: Path) -> None:
    write_cases_of(page, tmp_path)
    write_rows_of(page, tmp_path)
    assert problems_of(block, libraries_of(page, tmp_path), tmp_path) == []


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [f"{target}#{anchor}" for target, anchor in links if not leads_somewhere(page, target, anchor)] == []


def leads_somewhere(page: Path, target: str, anchor: str) -> bool:
    """Whether the target of a link is there, seen from a page, and has a heading for its anchor."""
    place = page.parent / target if target else page
    return place.exists() and (not anchor or anchor in anchors(place))


def test_the_fragments_of_changes_become_a_changelog_whose_links_lead_somewhere() -> None:
    draft = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "1.0"]
    changes = subprocess.run(draft, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    links = LINK.findall(changes)
    assert [
        f"{target}#{anchor}" for target, anchor in links if not leads_somewhere(ROOT / "CHANGELOG.md", target, anchor)
    ] == []


def test_each_fragment_is_of_a_kind_that_the_changelog_has() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["towncrier"]
    kinds = {each["directory"] for each in settings["type"]}
    fragments = [path.name for path in (ROOT / settings["directory"]).glob("*.md")]
    assert fragments
    assert [name for name in fragments if name.split(".")[1] not in kinds] == []


@cache
def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the site and GitHub make them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip()) for title in titles}


def test_the_gallery_holds_at_least_twenty_wrong_files_and_shows_the_place_of_each() -> None:
    files = sorted((ROOT / "docs" / "errors").glob("*.yaml"))
    pages = "".join(page.read_text("utf-8") for page in (ROOT / "docs/reference").glob("errors_*.md"))
    assert len(files) >= 20
    assert [path.name for path in files if f"--> {path.name}:" not in pages] == []


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_is_so_long_that_it_should_be_two(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= LONGEST_PAGE


def test_every_permission_that_the_stack_can_give_is_explained() -> None:
    template = (ROOT / "infra" / "template.yaml").read_text(encoding="utf-8")
    parameters = re.findall(r"^  ((?:Allowed|ActionPolicy)\w+):$", template, re.MULTILINE)
    page = (ROOT / "docs/operate/security.md").read_text(encoding="utf-8")
    assert parameters
    assert [name for name in parameters if f"`{name}`" not in page] == []


def test_the_reference_of_templates_is_what_templates_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from template_examples import templates_page  # fails for a filter without an example, and for one that is not true

    assert (ROOT / "docs/reference/templates.md").read_text(encoding="utf-8").endswith(templates_page())


def command_lines(page: Path) -> Iterator[str]:
    """Each line that begins with `awsit` in a shell block of a page, and each such piece of code in its text."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^```(?:sh|shell)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        yield from re.findall(r"^(?:.*\| *)?(awsit .*)$", block.replace("\\\n", " "), re.MULTILINE)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    yield from set(re.findall(r"`(awsit [^`]+)`", prose)) - NO_COMMANDS


def unknown_in(line: str) -> list[str]:
    """The commands and options of a line that do not exist."""
    words = list(takewhile(lambda word: word not in {"|", ">", ">>", "&&", ";"}, shlex.split(line, comments=True)))[1:]
    command: click.Command = cli
    context = click.Context(cli, info_name="awsit")
    known = {"-h", "--help", *(option for each in cli.params for option in each.opts)}
    unknown: list[str] = []
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            if word.isupper() or word == "…":
                return unknown
            child = command.get_command(context, word)
            if child is None:
                return [*unknown, word]
            command, known = (
                child,
                {"-h", "--help", *(opt for each in child.params for opt in each.opts + each.secondary_opts)},
            )
        elif word.startswith("-") and word != "-" and word.partition("=")[0] not in known:
            unknown.append(word)
    return unknown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_line_in_the_pages_has_commands_and_options_that_exist(page: Path) -> None:
    assert {line: unknown for line in command_lines(page) if (unknown := unknown_in(line))} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_setting_in_the_pages_is_valid(page: Path, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources: {}\n", encoding="utf-8")
    for block in re.findall(r"^```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        (tmp_path / "awsit.toml").write_text(block, encoding="utf-8")
        assert load({}, {}, tmp_path).file == tmp_path / "awsit.toml"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_json_in_the_pages_is_valid(page: Path) -> None:
    for block in re.findall(r"^```json\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        assert isinstance(json.loads(block), dict | list), block


def test_security_counts_the_roles_and_policies_that_the_template_makes() -> None:
    template = (ROOT / "infra" / "template.yaml").read_text(encoding="utf-8")
    counts = [
        len(re.findall(rf"^    Type: AWS::IAM::{kind}$", template, re.MULTILINE)) for kind in ("Role", "ManagedPolicy")
    ]
    names = {3: "three", 4: "four", 5: "five", 6: "six", 7: "seven"}
    roles, policies = (names[count] for count in counts)
    sentence = f"{roles} roles and {policies} policies"
    for page in (ROOT / "README.md", ROOT / "docs/operate/security.md"):
        assert sentence in page.read_text(encoding="utf-8").lower(), page


def test_the_page_of_clean_up_counts_the_services_whose_creations_are_taken_back() -> None:
    rows = (ROOT / "docs/reference/inverses.md").read_text(encoding="utf-8").splitlines()
    services = {row.split("`")[1] for row in rows if row.startswith("| `")}
    page = (ROOT / "docs/write/cleanup.md").read_text(encoding="utf-8")
    assert f"of {len(services)} AWS services" in page
