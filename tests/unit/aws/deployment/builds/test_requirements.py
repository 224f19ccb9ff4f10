import pytest
from tests.wheels import make_wheel

from awsit.aws.deployment.builds import requirements
from awsit.aws.deployment.builds.requirements import NotBuildableError


def write(folder, **files):
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def test_lines_are_those_of_the_requirements_file(tmp_path):
    write(tmp_path, requirements__txt="# why\nlib==1 \\\n  --hash=sha256:00\nother>=2  # why\n\n", pyproject__toml="")

    found = requirements.read(tmp_path)

    assert found.file == tmp_path / "requirements.txt"
    assert found.lines == ("lib==1    --hash=sha256:00", "other>=2")
    assert found.pins == ()


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"requirements__txt": "# nothing\n\n--index-url https://packages.example\n"},
        {"pyproject__toml": "[tool.ruff]\nline-length = 120\n"},
        {"pyproject__toml": "[project]\nname = 'a'\ndependencies = []\n"},
    ],
)
def test_code_that_needs_nothing(tmp_path, files):
    assert requirements.read(write(tmp_path, **files)) is None


def test_a_project_s_dependencies_with_the_versions_of_its_lock(tmp_path):
    write(
        tmp_path,
        pyproject__toml="[project]\nname = 'a'\ndependencies = ['lib>=1', 'other']\n",
        uv__lock="""
[[package]]
name = "a"
[[package]]
name = "lib"
version = "1.5"
[[package]]
name = "twice"
version = "1"
[[package]]
name = "twice"
version = "2"
""",
    )

    found = requirements.read(tmp_path)

    assert found.file.name == "pyproject.toml"
    assert found.lines == ("lib>=1", "other")
    assert found.pins == ("lib==1.5",)


@pytest.mark.parametrize(
    ("files", "reason", "remedy"),
    [
        ({"requirements__txt": "lib\n-e .\n"}, "names `-e .`, which is not a wheel", "sam build"),
        ({"requirements__txt": "../shared/src/\n"}, "names `../shared/src/`, which is not a wheel", "pip wheel"),
        ({"requirements__txt": "."}, "names `.`, which is not a wheel", "pip wheel"),
        ({"requirements__txt": "lib @ git+https://git.example/lib"}, "which is not a wheel", "pip wheel"),
        ({"requirements__txt": "lib @ https://x.example/lib-1.tar.gz#sha256=0"}, "is not a wheel", "pip wheel"),
        ({"requirements__txt": "./lib-1-py3-none-any.whl"}, "which does not exist", "correct its path"),
        ({"requirements__txt": "-r more.txt"}, "names `-r more.txt`, which does not exist", "correct its path"),
        ({"requirements__txt": "-r more.txt", "more__txt": "-e ../x"}, "more.txt names `-e ../x`", "sam build"),
        ({"pyproject__toml": "[project]\ndynamic = ['dependencies']"}, "dynamic dependencies", "requirements.txt"),
        ({"pyproject__toml": "[tool.poetry.dependencies]\npython='3'\nlib='1'"}, "Poetry's own", "poetry export"),
        ({"pyproject__toml": "[project]\nname='a'\n[tool.uv.sources]\nlib={path='../lib'}"}, "lib from", "uv export"),
        ({"pyproject__toml": "[project"}, "is not TOML", "correct it"),
    ],
)
def test_what_is_no_wheel_is_named_with_a_way_on(tmp_path, files, reason, remedy):
    with pytest.raises(NotBuildableError) as caught:
        requirements.read(write(tmp_path, **files))

    assert reason in str(caught.value)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    "line",
    [
        "lib==1",
        "lib[a,b]>=1.0; python_version < '3.12'",
        "lib @ https://x.example/lib-1-py3-none-any.whl",
        "a.b",
        "lib~=1.0",
    ],
)
def test_what_is_a_wheel_of_an_index(tmp_path, line):
    assert requirements.read(write(tmp_path, requirements__txt=line)).lines == (line,)


def test_the_digest_changes_with_all_that_is_named(tmp_path):
    make_wheel(tmp_path, "own")
    write(tmp_path, requirements__txt="-r more.txt\n./own-1.0-py3-none-any.whl\n", more__txt="lib==1")
    first = requirements.read(tmp_path).digest

    write(tmp_path, more__txt="lib==2")
    second = requirements.read(tmp_path).digest
    (tmp_path / "own-1.0-py3-none-any.whl").write_bytes(b"another")

    assert len({first, second, requirements.read(tmp_path).digest}) == 3
