import os
import zipfile
from io import BytesIO

from awsit.aws.deployment.builds import archive


def folder(path, names):
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(name)
    return path


def test_the_same_files_give_the_same_bytes_whatever_their_times_and_order(tmp_path):
    first = folder(tmp_path / "a", ["x.py", "sub/y.py"])
    second = folder(tmp_path / "b", ["sub/y.py", "x.py"])
    os.utime(second / "x.py", (1, 1))

    assert archive.pack(archive.members(first)) == archive.pack(archive.members(second))
    assert archive.digest(archive.members(first)) == archive.digest(reversed(list(archive.members(second))))


def test_another_content_is_another_digest(tmp_path):
    before = archive.digest(archive.members(folder(tmp_path, ["x.py"])))
    (tmp_path / "x.py").write_text("changed")

    assert archive.digest(archive.members(tmp_path)) != before


def test_what_a_function_does_not_need_is_left_out(tmp_path):
    folder(tmp_path, ["app.py", "__pycache__/app.cpython-313.pyc", "sub/old.pyc", ".git/HEAD", "bin/run"])
    (tmp_path / "bin" / "run").chmod(0o755)

    with zipfile.ZipFile(BytesIO(archive.pack(archive.members(tmp_path, "code")))) as packed:
        assert packed.namelist() == ["code/app.py", "code/bin/run"]
        modes = [oct(info.external_attr >> 16) for info in packed.infolist()]
        assert modes == ["0o644", "0o755"]
        assert packed.read("code/app.py") == b"app.py"
