import zipfile

from awsit.aws.deployment.builds import archive, site


def fill(folder):
    for name in ("lib/__init__.py", "lib-1.dist-info/METADATA", "lib-1.dist-info/RECORD", "bin/lib"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def test_a_folder_is_made_once_for_a_key(tmp_path):
    calls = []

    def install(folder):
        calls.append(folder)
        fill(folder)

    first, again = (site.installed("key", tmp_path, install) for _ in range(2))
    other = site.installed("another", tmp_path, install)

    assert first == again != other
    assert len(calls) == 2
    assert not list(tmp_path.glob("installing-*"))


def test_the_code_is_taken_where_both_have_a_file(tmp_path):
    fill(tmp_path / "site")
    (tmp_path / "code" / "lib").mkdir(parents=True)
    (tmp_path / "code" / "lib" / "__init__.py").write_text("mine")

    installed = site.Packages(tmp_path / "site")
    path = site.packed("code", archive.members(tmp_path / "code"), installed, tmp_path / "cache")

    with zipfile.ZipFile(path) as packed:
        assert packed.namelist() == ["lib-1.dist-info/METADATA", "lib/__init__.py"]
        assert packed.read("lib/__init__.py") == b"mine"


def test_packages_can_go_to_a_folder_of_the_zip(tmp_path):
    fill(tmp_path / "site")

    names = [member.name for member in site.Packages(tmp_path / "site", prefix="python/").members()]

    assert names == ["python/lib/__init__.py", "python/lib-1.dist-info/METADATA"]


def test_a_package_can_be_left_out(tmp_path):
    fill(tmp_path / "site")
    (tmp_path / "site" / "library").mkdir()
    (tmp_path / "site" / "library" / "x.py").write_text("")

    assert [member.name for member in site.Packages(tmp_path / "site", without=("lib",)).members()] == ["library/x.py"]


def test_a_package_that_somebody_else_put_into_the_cache_is_built_anew(tmp_path):
    code, cache = tmp_path / "code", tmp_path / "cache"
    code.mkdir()
    (code / "app.py").write_text("mine")
    path = site.packed("function", archive.members(code), None, cache)
    content = path.read_bytes()

    path.write_bytes(b"planted")
    assert site.packed("function", archive.members(code), None, cache).read_bytes() == content

    path.with_name(f"{path.name}.sha256").unlink()
    path.write_bytes(b"planted")
    assert site.packed("function", archive.members(code), None, cache).read_bytes() == content


def test_installed_packages_that_were_changed_are_installed_anew(tmp_path):
    (site.installed("key", tmp_path, fill) / "lib" / "__init__.py").write_text("planted")

    assert (site.installed("key", tmp_path, fill) / "lib" / "__init__.py").read_text() == "lib/__init__.py"
