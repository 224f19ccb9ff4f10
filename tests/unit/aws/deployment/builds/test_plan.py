"""What is built of a template's functions and layers, and what has to be built by another program first."""

import zipfile
from pathlib import Path

import pytest

from awsit.aws.deployment import template
from awsit.aws.deployment.builds import pip
from awsit.aws.deployment.builds.pip import Platform
from awsit.aws.deployment.builds.plan import plan_builds
from awsit.aws.deployment.model import AccountTarget
from awsit.errors import EnvironmentFailure, InvalidInputError
from awsit.sandbox.deployment.target import SandboxTarget

FUNCTION = "AWS::Serverless::Function"
LAYER = "AWS::Serverless::LayerVersion"


@pytest.fixture
def installed(monkeypatch):
    """A fake pip that installs the package `lib`. Returns what it is asked for: the file's lines, where, for what."""
    calls = []

    def install(arguments, target, platform, folder):
        files = [Path(argument) for argument in arguments if not argument.startswith("--")]
        calls.append(([file.read_text() for file in files], platform, folder))
        (target / "lib").mkdir()
        (target / "lib" / "__init__.py").write_text("")
        return ""

    monkeypatch.setattr(pip, "install", install)
    return calls


@pytest.fixture
def code(tmp_path):
    """The folder `code`, with these files."""

    def make(**files):
        folder = tmp_path / "code"
        folder.mkdir(exist_ok=True)
        (folder / "app.py").write_text("import lib\n")
        for name, text in files.items():
            file = folder / name.replace("__", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return folder

    return make


@pytest.fixture
def plan(tmp_path):
    def make(kind=FUNCTION, target=None, values=None, shared=None, metadata=None, **properties):
        name = {LAYER: "ContentUri", "AWS::Lambda::Function": "Code"}.get(kind, "CodeUri")
        resource = {"Type": kind, "Properties": {name: "code", **properties}, "Metadata": metadata or {}}
        document = {"Globals": {"Function": shared or {}}, "Resources": {"It": resource}}
        files = list(template.local_files(document, tmp_path))
        return plan_builds(files, document, values or {}, target or AccountTarget())

    return make


def names(path):
    with zipfile.ZipFile(path) as packed:
        return packed.namelist()


def test_dependencies_are_beside_the_code_and_the_user_s_folder_is_untouched(installed, code, plan, tmp_path):
    folder = code(requirements__txt="lib==1.0\n")

    (build,) = plan(Runtime="python3.12").values()
    path = build.zip_file(tmp_path / "cache")

    assert names(path) == ["app.py", "lib/__init__.py", "requirements.txt"]
    assert sorted(file.name for file in folder.rglob("*")) == ["app.py", "requirements.txt"]
    assert installed == [(["lib==1.0\n"], Platform("3.12", "x86_64"), folder)]


def test_the_same_packages_are_installed_once(installed, code, plan, tmp_path):
    cache = tmp_path / "cache"
    code(requirements__txt="lib")
    first = plan(Runtime="python3.12")["It.CodeUri"].zip_file(cache)
    assert plan(Runtime="python3.12")["It.CodeUri"].zip_file(cache) == first

    code(app__py="import lib  # changed\n")
    assert plan(Runtime="python3.12")["It.CodeUri"].zip_file(cache) != first
    assert len(installed) == 1

    code(requirements__txt="lib>=1")
    plan(Runtime="python3.12")["It.CodeUri"].zip_file(cache)
    plan(Runtime="python3.13")["It.CodeUri"].zip_file(cache)
    assert len(installed) == 3


def test_a_project_file_is_as_good(installed, code, plan, tmp_path):
    lock = "[[package]]\nname = 'lib'\nversion = '1.0'\n"
    code(pyproject__toml="[project]\nname = 'it'\ndependencies = ['lib', 'other']\n", uv__lock=lock)

    plan(Runtime="python3.12")["It.CodeUri"].zip_file(tmp_path / "cache")

    assert installed[0][0] == ["lib\nother", "lib==1.0"]


@pytest.mark.parametrize(
    ("given", "platform"),
    [
        ({"Runtime": "python3.11"}, "Python 3.11 on x86_64"),
        ({"Runtime": "python3.13", "Architectures": ["arm64"]}, "Python 3.13 on arm64"),
        ({"shared": {"Runtime": "python3.12", "Architectures": ["arm64"]}}, "Python 3.12 on arm64"),
        ({"Runtime": {"Ref": "R"}, "values": {"R": "python3.10"}}, "Python 3.10 on x86_64"),
        ({"kind": "AWS::Lambda::Function", "Runtime": "python3.12"}, "Python 3.12 on x86_64"),
        ({"Runtime": "python3.12", "target": SandboxTarget()}, "None"),
        ({"target": SandboxTarget()}, "None"),
    ],
)
def test_it_is_built_for_where_it_runs(code, plan, given, platform):
    code(requirements__txt="lib")

    (build,) = plan(**given).values()

    assert str(build.platform) == platform


@pytest.mark.parametrize(
    "sdk",
    [
        ("1.13.50", SandboxTarget(), False),
        ("1.31.0", SandboxTarget(), True),
        ("1.13.50", AccountTarget(), True),
    ],
)
def test_an_old_sdk_that_would_call_aws_is_left_out_in_the_sandbox(code, plan, monkeypatch, sdk):
    version, target, has_sdk = sdk

    def install(_arguments, folder, *_):
        for name in ("botocore/__init__.py", f"botocore-{version}.dist-info/METADATA", "lib/__init__.py"):
            (folder / name).parent.mkdir()
            (folder / name).write_text("")
        return ""

    monkeypatch.setattr(pip, "install", install)
    cache = code(requirements__txt="lib").with_name("cache")

    found = names(plan(Runtime="python3.12", target=target)["It.CodeUri"].zip_file(cache))

    assert ("botocore/__init__.py" in found, "lib/__init__.py" in found) == (has_sdk, True)


def test_a_layer_has_its_code_and_dependencies_in_the_folder_python(installed, code, plan, tmp_path):
    code(requirements__txt="lib")

    (build,) = plan(LAYER, metadata={"BuildMethod": "python3.12"}).values()

    assert {"python/app.py", "python/lib/__init__.py"} <= set(names(build.zip_file(tmp_path / "cache")))


@pytest.mark.parametrize(
    ("files", "given"),
    [
        ({}, {"Runtime": "python3.12"}),
        ({"requirements__txt": "lib"}, {"Runtime": "nodejs22.x"}),
        ({"requirements__txt": "lib"}, {"kind": LAYER}),
        ({"requirements__txt": "lib", "lib-1.dist-info/METADATA": ""}, {"Runtime": "python3.12"}),
        ({"requirements__txt": "lib"}, {"Runtime": "python3.12", "metadata": {"SkipBuild": True}}),
        ({"package__json": '{"dependencies": {"a": "1"}}', "node_modules/a/x.js": ""}, {"Runtime": "nodejs22.x"}),
        ({"package__json": '{"devDependencies": {"a": "1"}}'}, {"Runtime": "nodejs22.x"}),
        ({"bootstrap": "", "go__mod": ""}, {"Runtime": "provided.al2023"}),
    ],
)
def test_what_is_deployed_as_it_is(code, plan, files, given):
    code(**files)

    assert plan(**given) == {}


@pytest.mark.parametrize(("folder", "count"), [("It", 0), ("code", 1)])
def test_the_output_of_sam_build_is_deployed_as_it_is(tmp_path, folder, count):
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "requirements.txt").write_text("lib")
    metadata = {"SamResourceId": "It", "BuildMethod": "python-uv"} if not count else {"SamResourceId": "It"}
    resource = {"Type": FUNCTION, "Properties": {"CodeUri": folder, "Runtime": "python3.12"}, "Metadata": metadata}
    document = {"Resources": {"It": resource}}

    assert len(plan_builds(template.local_files(document, tmp_path), document, {}, AccountTarget())) == count


NODE = {"package__json": '{"dependencies": {"a": "1"}}'}


@pytest.mark.parametrize(
    ("files", "given", "expected"),
    [
        (NODE, {"Runtime": "nodejs22.x"}, "no node_modules; run `npm install` in "),
        ({**NODE, "package-lock__json": "{}"}, {"Runtime": "nodejs22.x"}, "no node_modules; run `npm ci` in "),
        ({"app__ts": ""}, {"Runtime": "nodejs22.x", "Handler": "app.handler"}, "is TypeScript; compile it "),
        ({"pom__xml": ""}, {"Runtime": "java21"}, "pom.xml tells of Java that has to be built; run `sam build`"),
        ({"It__csproj": ""}, {"Runtime": "dotnet8"}, "It.csproj tells of .NET that has to be built; run `sam build`"),
        ({"go__mod": ""}, {"Runtime": "provided.al2023"}, "`bootstrap`, and code has none; run `sam build`"),
        ({"Gemfile": ""}, {"Runtime": "ruby3.3"}, "no vendor folder; run `bundle config"),
        (
            {},
            {"Runtime": "python3.12", "metadata": {"BuildMethod": "makefile"}},
            "makefile` is a build of SAM; run `sam",
        ),
        ({}, {"kind": LAYER, "metadata": {"BuildMethod": "nodejs22.x"}}, "nodejs22.x` is a build of SAM; run `sam"),
        ({"requirements__txt": "-e ."}, {"Runtime": "python3.12"}, "which is not a wheel; make a wheel"),
        ({"requirements__txt": "lib"}, {"Runtime": {"Fn::If": []}}, "its Runtime is not text"),
        (
            {"requirements__txt": "lib"},
            {"Runtime": "python3.12", "Architectures": [{"Fn::If": []}]},
            "its Architectures is not text",
        ),
    ],
)
def test_what_another_program_builds_is_refused_by_name(code, plan, files, given, expected):
    code(**files)

    with pytest.raises(InvalidInputError, match="has to be built first; nothing was created") as caught:
        plan(**given)

    (problem,) = caught.value.problems
    assert problem.path == "It"
    assert expected in f"{problem.message}; {problem.hint}"


@pytest.mark.parametrize("properties", [{}, {"ImageUri": "it:latest"}])
def test_an_image_that_is_built_here_is_refused(plan, properties):
    metadata = {"Dockerfile": "Dockerfile", "DockerContext": "."}

    with pytest.raises(InvalidInputError) as caught:
        plan(PackageType="Image", metadata=metadata, CodeUri=None, **properties)

    assert caught.value.problems[0].message == "It.ImageUri: its container image is built from Dockerfile"


@pytest.mark.parametrize("given", [{"Runtime": "java21"}, {"PackageType": "Image", "CodeUri": None}])
def test_what_does_not_run_in_the_sandbox_needs_no_build_for_it(code, plan, given):
    code(pom__xml="")

    assert plan(target=SandboxTarget(allow_unsupported=True), metadata={"Dockerfile": "Dockerfile"}, **given) == {}


def test_an_image_of_a_registry_is_none_of_awsit_s_business(plan):
    uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/it:1"

    assert plan(PackageType="Image", CodeUri=None, ImageUri=uri) == {}


NO_WHEEL = "ERROR: No matching distribution found for lib==1.0\n"
OFFLINE = "WARNING: Retrying (Retry(total=0)) after connection broken\n"


@pytest.mark.parametrize(
    "failure",
    [
        (
            NO_WHEEL,
            "It needs lib==1.0, and the package index has no wheel of it for Python 3.12 on arm64",
            "sam build --use-container",
        ),
        (
            "ERROR: Invalid requirement: '???' (from line 1 of requirements.txt)\n",
            "requirements.txt asks for, for It: ERROR: Invalid requirement: '???' (from line 1 of requirements.txt)",
            "correct the requirement",
        ),
        (
            OFFLINE + NO_WHEEL,
            "requirements.txt asks for, for It: ERROR: No matching distribution found for lib==1.0",
            "the package index can be reached",
        ),
    ],
)
def test_what_pip_cannot_do_is_told_with_a_way_on(code, plan, monkeypatch, failure):
    output, message, hint = failure
    cache = code(requirements__txt="lib==1.0").with_name("cache")
    monkeypatch.setattr(pip, "install", lambda *_: output)

    with pytest.raises(EnvironmentFailure) as caught:
        plan(Runtime="python3.12", Architectures=["arm64"])["It.CodeUri"].zip_file(cache)

    assert str(caught.value).endswith(message)
    assert hint in caught.value.hint
    assert not list(cache.glob("*"))


def test_code_for_node_that_uses_the_runtime_s_sdk_is_refused_in_the_sandbox(code, plan):
    code(app__mjs='import { S3Client } from "@aws-sdk/client-s3"')

    assert plan(Runtime="nodejs22.x") == {}
    assert plan(Runtime="nodejs22.x", target=SandboxTarget(allow_unsupported=True)) == {}
    with pytest.raises(InvalidInputError) as caught:
        plan(Runtime="nodejs22.x", target=SandboxTarget())
    assert "It.CodeUri: its code uses @aws-sdk/client-s3, not in its node_modules" in caught.value.problems[0].message
