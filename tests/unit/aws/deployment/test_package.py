import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import faker
import grimp
import pytest

from awsit.aws.deployment import package
from awsit.aws.deployment.builds import pip as pip_module
from awsit.aws.deployment.builds.site import Packages
from awsit.errors import EnvironmentFailure
from awsit.expressions.fake_data import FakeData

LOCK = package.infra_folder() / "function-requirements.txt"
FROM_PACKAGE = """
import sys
sys.path.insert(0, sys.argv[1])
from awsit.actions.registry import BY_TYPE
from awsit.lambdas.atomic_invoker import lambda_handler
lambda_handler({"action_type": "wait", "params": {"seconds": 0}}, None)
for action_type in BY_TYPE:
    try:
        lambda_handler({"action_type": action_type, "params": {"?": 1}}, None)
    except Exception as error:
        assert "are not right" in str(error), error
for name, module in sys.modules.items():
    if name.split(".")[0] == "awsit":
        print(module.__file__, file=sys.stderr)
"""
"""Waits, has every action type refuse an unknown param, then prints the files of awsit that it has imported."""


@pytest.fixture
def pip(monkeypatch):
    """A fake pip that installs one small distribution. Returns the list of its commands."""
    commands = []
    really = subprocess.run

    def run(command, **options):
        if "--target" not in command:
            return really(command, **options)
        commands.append(command)
        target = Path(command[command.index("--target") + 1])
        for name in ("lib/__init__.py", "lib-1.dist-info/METADATA", "lib-1.dist-info/RECORD", "bin/lib"):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_text(name)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(pip_module.subprocess, "run", run)
    return commands


def names(path):
    with zipfile.ZipFile(path) as packed:
        return packed.namelist()


def test_the_package_holds_what_the_function_needs_and_no_more(tmp_path, pip):
    found = names(package.function_zip("arm64", tmp_path))

    assert {
        "awsit/lambdas/__init__.py",
        "awsit/engine/step/policy.py",
        "lib/__init__.py",
        "lib-1.dist-info/METADATA",
    } <= set(found)
    not_needed = ("awsit/cli", "awsit/reporting/html", "awsit/sandbox", "bin/")
    assert not [name for name in found if name.startswith(not_needed)]
    assert "lib-1.dist-info/RECORD" not in found


def test_the_package_holds_all_that_the_function_imports_and_no_folder_that_it_does_not(tmp_path):
    graph = grimp.build_graph("awsit", exclude_type_checking_imports=True, cache_dir=None)
    roots = {each for each in graph.modules if each.startswith(("awsit.lambdas", "awsit.actions"))}
    needed = roots.union(*map(graph.find_upstream_modules, roots))

    packed = names(package.function_zip("arm64", tmp_path, dependencies=False))

    modules = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in packed}
    assert needed <= modules
    folders = {name.split("/")[1] for name in packed if name.count("/") > 1}
    assert folders <= {each.split(".")[1] for each in needed - {"awsit"}}


def test_the_function_works_from_its_package_alone(tmp_path):
    packed = package.function_zip("arm64", tmp_path, dependencies=False)
    variables = dict.fromkeys(("AWSIT_BUCKET", "AWSIT_TABLE", "AWSIT_ACTIONS_ROLE"), "x")

    command = [sys.executable, "-c", FROM_PACKAGE, packed]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert {line.startswith(f"{packed}/awsit/") for line in done.stderr.splitlines()} == {True}


def test_the_function_and_its_actions_import_no_dependency_that_its_package_lacks():
    program = (
        "import sys\nfrom awsit.actions.registry import BY_TYPE\nfrom awsit.lambdas import tasks\n"
        "for action in BY_TYPE.values():\n    action.params_model.model_json_schema()\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = done.stdout.split()
    packages = {name.partition(".")[0] for name in modules}
    distributions = packages_distributions()
    imported = {distributions[name][0].lower().replace("_", "-") for name in packages if name in distributions}

    needed = {re.split(r"[^\w-]", each)[0] for each in requires("awsit") or () if "extra ==" not in each}
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK.read_text(), re.MULTILINE))
    assert "msgspec" in imported & needed
    assert imported & needed <= {*locked, "boto3"}  # which its runtime brings
    unused = tuple(folder.replace("/", ".") for folder in package.UNUSED)
    assert [name for name in modules if name.startswith(unused)] == []


def test_fake_data_can_be_drawn_from_what_the_package_holds_of_faker(tmp_path):
    installed = Path(faker.__file__).parents[1]
    without = tuple(package.unused_of_faker(installed))
    members = [each for each in Packages(installed, without=without).members() if each.name.startswith("faker/")]
    for member in members:
        (tmp_path / member.name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / member.name).symlink_to(member.file)

    program = (
        "from awsit.expressions.fake_data import FakeData\nprint(*[repr(draw()) for draw in FakeData('1').values()])"
    )
    command = [sys.executable, "-c", program]
    variables = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)

    assert not [each for each in members if "/de_DE/" in each.name or "/providers/emoji/" in each.name]
    assert done.stdout.split() == " ".join(repr(draw()) for draw in FakeData("1").values()).split()


def test_the_same_input_gives_the_same_bytes(tmp_path, pip):
    first, second = (package.function_zip("arm64", tmp_path / name) for name in ("a", "b"))

    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_the_package_holds_byte_code_of_what_a_start_imports_where_that_python_is_here(tmp_path, pip, monkeypatch):
    def byte_code_of(version):
        monkeypatch.setattr(package, "PYTHON_VERSION", version)
        return {name for name in names(package.function_zip("arm64", tmp_path)) if "__pycache__" in name}

    tag = sys.implementation.cache_tag
    found = byte_code_of(f"{sys.version_info[0]}.{sys.version_info[1]}")
    assert f"awsit/lambdas/__pycache__/atomic_invoker.{tag}.pyc" in found
    assert f"awsit/actions/mock/__pycache__/script.{tag}.pyc" in found
    assert f"awsit/actions/sqs/__pycache__/action.{tag}.pyc" not in found
    assert byte_code_of("3.98") == set()


def test_the_second_time_nothing_is_installed(tmp_path, pip):
    first = package.function_zip("arm64", tmp_path)
    second = package.function_zip("arm64", tmp_path)

    assert first == second
    assert len(pip) == 1
    assert not list(tmp_path.glob("installing-*"))


def test_dependencies_are_pinned_for_the_target_platform(tmp_path, pip):
    package.function_zip("x86_64", tmp_path)

    command = " ".join(pip[0])
    for word in ("--require-hashes", "--only-binary=:all:", "--platform manylinux2014_x86_64", "--python-version 3.13"):
        assert word in command
    assert str(LOCK) in command


def test_each_architecture_has_its_own_package(tmp_path, pip):
    assert package.function_zip("x86_64", tmp_path) != package.function_zip("arm64", tmp_path)


def test_a_sandbox_gets_the_code_alone(tmp_path, pip):
    found = names(package.function_zip("arm64", tmp_path, dependencies=False))

    assert {name.split("/")[0] for name in found} == {"awsit"}
    assert pip == []


def test_the_folder_for_sam_holds_the_same_files(tmp_path, pip):
    (tmp_path / "function").mkdir()
    (tmp_path / "function" / "old.py").write_text("of an older build")

    package.function_folder(tmp_path / "function", "arm64", tmp_path / "cache")

    files = {
        str(file.relative_to(tmp_path / "function")) for file in (tmp_path / "function").rglob("*") if file.is_file()
    }
    assert files == set(names(package.function_zip("arm64", tmp_path / "cache")))


def test_a_failure_of_pip_is_shown_in_one_line(tmp_path, monkeypatch):
    output = "WARNING: x\nERROR: No matching distribution found for lib==1\n\n[notice] more\n"
    monkeypatch.setattr(pip_module.subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 1, "", output))

    with pytest.raises(EnvironmentFailure, match=r"ERROR: No matching distribution found for lib==1$") as caught:
        package.function_zip("arm64", tmp_path)

    assert "pip" in caught.value.hint
    assert list(tmp_path.glob("function-*")) == []


def test_the_lock_pins_each_distribution_with_hashes_and_names_no_index():
    requirements = LOCK.read_text().replace("\\\n", " ").splitlines()

    assert len(requirements) > 10
    for requirement in requirements:
        assert "==" in requirement
        assert "--hash=sha256:" in requirement
    assert "http" not in LOCK.read_text()
    assert not [line for line in requirements if line.startswith(("boto3", "botocore"))], "the runtime brings it"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--help"], 0, "the folder is replaced"),
        ([], 2, "the following arguments are required: FOLDER"),
        (["function", "arm"], 2, "invalid choice: 'arm'"),
        (["--arm64"], 2, "the following arguments are required: FOLDER"),
    ],
)
def test_words_that_name_no_folder_make_none(tmp_path, words, code, said):
    command = [sys.executable, "-m", "awsit.aws.deployment.package", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []
