"""The house rules that no linter knows. Each message says what to do."""

import ast
import re
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "awsit"
UNIT_TESTS = ROOT / "tests" / "unit"
SOURCES = sorted((ROOT / "src").rglob("*.py"))

LONGEST_FILE = 300
LONGEST_MEDIAN = 150
LONGEST_FUNCTION = 50
LONGEST_ARCHITECTURE_PAGE = 60
FULLEST_FOLDER = 13

FULLER_FOLDERS = {
    "cli/commands": "a module for each command",
    "reporting/terminal": "a module for each part of what the terminal shows",
}
VAGUE_NAMES = {
    "told": "name it after what it is: an error, a fingerprint, the fields of a log line",
}
TESTS_OF_SEVERAL_MODULES = {
    "actions/test_actions.py": "every action type, part by part",
    "engine/test_places.py": "source positions, from the file through the plan to the result",
    "reporting/test_endings.py": "every report of every way in which a run can end",
    "reporting/test_reports_agree.py": "all reports of the same run, compared",
    "test_documentation.py": "the pages of docs",
    "test_house_rules.py": "the files of the project",
}

# Joined here from parts, so that this file is not what it looks for.
MACHINE_PATHS = [
    "/" + "work/",
    "/" + "root/",
    "/" + "home/[a-z]",
    "/" + "Users/",
    "/opt/" + "(wheels|pypi)",
    r"(?<![\w.{}])/" + "tmp/",
]
REGISTRY_HOSTS = ["pypi" + r"\.org", "pythonhosted" + r"\.org", "npm" + "js"]
ALLOWED = {".gitignore"}


def tracked_texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if name in ALLOWED or not (ROOT / name).is_file():
            continue
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def lines_matching(patterns: list[str]) -> list[str]:
    unwanted = re.compile("|".join(patterns))
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in tracked_texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if unwanted.search(line)
    ]


def commands(group: click.Group, prefix: str = "awsit") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def variables(path: Path) -> Iterator[tuple[int, str]]:
    """The variables and parameters of a module, each with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg


def help_of(name: str, command: click.Command) -> str:
    return command.get_help(click.Context(command, info_name=name)).partition("Examples:")[2]


def has_subject(test: Path) -> bool:
    """Whether the path of a unit test names a module or package of awsit, or its folder one of the project."""
    subject = test.with_name(test.stem.removeprefix("test_"))
    candidates = (PACKAGE / f"{subject}.py", PACKAGE / subject / "__init__.py")
    return any(file.is_file() for file in candidates) or (ROOT / test.parts[0]).is_dir()


def test_no_source_file_is_longer_than_a_person_reads_in_one_go() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    median = statistics.median(lengths.values())
    too_long = [f"{path}: {length} lines" for path, length in lengths.items() if length > LONGEST_FILE]
    assert not too_long, f"divide these by their subjects (median {median}): {too_long}"
    assert median <= LONGEST_MEDIAN


def test_no_function_is_longer_than_a_screen() -> None:
    too_long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not too_long, f"give the parts names of their own: {too_long}"


def test_every_module_is_named_after_what_it_holds() -> None:
    nameless = {"utils", "util", "helpers", "helper", "common", "misc"}
    found = [str(path.relative_to(ROOT)) for path in SOURCES if nameless & set(path.with_suffix("").parts)]
    assert not found, f"name these after their subject: {found}"


def test_variables_are_named_after_what_they_hold() -> None:
    vague = [
        f"{path.relative_to(ROOT)}:{line} {name}: {VAGUE_NAMES[name]}"
        for path in SOURCES
        for line, name in variables(path)
        if name in VAGUE_NAMES
    ]
    assert not vague, "\n".join(vague)


def test_one_name_stands_for_one_class() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in SOURCES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path.relative_to(PACKAGE).as_posix())
    shared = {name: files for name, files in places.items() if len(files) > 1}
    assert not shared, f"give each of these classes a name of its own: {shared}"


def test_no_folder_holds_more_modules_than_one_sees_at_a_glance() -> None:
    modules = Counter(path.parent for path in SOURCES if path.name != "__init__.py")
    too_full = {
        name: count
        for folder, count in modules.items()
        if count > FULLEST_FOLDER and (name := folder.relative_to(PACKAGE).as_posix()) not in FULLER_FOLDERS
    }
    assert not too_full, f"give modules that belong together a folder of their own: {too_full}"


def test_unit_tests_mirror_the_package() -> None:
    strays = [
        name
        for path in sorted(UNIT_TESTS.rglob("test_*.py"))
        if (name := path.relative_to(UNIT_TESTS).as_posix()) not in TESTS_OF_SEVERAL_MODULES
        and not has_subject(Path(name))
    ]
    assert not strays, f"name these after the module, package or folder that they test: {strays}"


def test_no_file_holds_a_path_of_one_machine() -> None:
    assert not lines_matching(MACHINE_PATHS), "use a path relative to the project, or a temporary folder"


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert not lines_matching(REGISTRY_HOSTS), "where packages come from is the installing machine's business"


def test_every_command_shows_an_example_of_itself() -> None:
    from awsit.cli.main import cli

    found = dict(commands(cli))
    assert {"awsit run", "awsit status", "awsit logs", "awsit list-scenarios", "awsit deploy"} <= set(found)
    without = [name for name, command in found.items() if f"\n  {name}" not in help_of(name, command)]
    assert not without, f"add an example that starts with the command's own name to: {without}"


def test_every_action_type_has_a_page_with_its_parameters() -> None:
    from awsit.actions.registry import BY_TYPE

    pages = {name: ROOT / "docs/actions" / f"{name}.md" for name in BY_TYPE}
    missing = [
        name
        for name, page in pages.items()
        if not page.is_file()
        or f"# `{name}`" not in (text := page.read_text("utf-8"))
        or "## All parameters" not in text
    ]
    assert pages
    assert not missing, f"describe the action in docs/actions, then run `make docs`: {missing}"


def test_the_architecture_page_stays_short() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < LONGEST_ARCHITECTURE_PAGE, "ARCHITECTURE.md is an overview; details belong to docs/"


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_a_command_that_needs_little_imports_little(argument: str) -> None:
    slow = "{'boto3', 'botocore', 'pydantic', 'rich', 'jinja2', 'yaml', 'urllib3', 'simplejson'}"
    program = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print('imported:', sorted({slow} & set(sys.modules))))\n"
        "from awsit.cli.main import main\n"
        f"sys.argv = ['awsit', {argument!r}]\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "imported: []"
