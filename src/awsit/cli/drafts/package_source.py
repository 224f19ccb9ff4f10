"""Where a CI server gets awsit from, as an argument of `pip install` with the extra that the sandbox needs."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from awsit.errors import UsageError
from awsit.model import json
from awsit.model.json import Json

NAME, EXTRA = "awsit", "[sandbox]"
_ARCHIVES = (".whl", ".tar.gz", ".zip")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://")
_NAMED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)[ ]*(\[[^\]]*\])?[ ]*((?:===?|[<>!~]=|[<>]|@).*)?")
"""A name, extras, and versions or a URL (PyPA, "Dependency specifiers")."""


def requirement(source: str, project: Path) -> str:
    """The argument for a source that a person names: a path, a URL, or a name with or without a version.

    A path becomes one from the folder `project`, which a CI server checks out. Raises UsageError for one that it does
    not have.
    """
    if _URL.match(source):
        return _from_url(source)
    named = _NAMED.fullmatch(source)
    if named and not source.endswith(_ARCHIVES):
        name, extras, rest = named.groups(default="")
        if rest.startswith("@"):
            _check_url(rest[1:].strip())
        return f"{name}{_with_extra(extras)}{' ' if rest.startswith('@') else ''}{rest}"
    if not Path(source).exists():
        raise UsageError(
            f"--package: there is no {source}",
            hint="name a wheel or a folder in the project, a URL such as git+https://..., or a name on an index",
        )
    return _from_path(Path(source), project)


def installed_from(project: Path) -> str:
    """The argument for the awsit that is running, from what pip noted of its origin (PEP 610); empty if unknown."""
    try:
        origin = distribution(NAME).read_text("direct_url.json")
        version = distribution(NAME).version
    except PackageNotFoundError:
        return ""
    return from_origin(json.loads(origin), project) if origin else f"{NAME}{EXTRA}=={version}"


def from_origin(origin: Json, project: Path) -> str:
    """The argument for an origin as PEP 610 describes it.

    It is empty for one that is on this machine and not in the project, and for a URL with a credential.
    """
    fields = origin if isinstance(origin, dict) else {}
    url, vcs, folder = str(fields.get("url", "")), fields.get("vcs_info"), fields.get("subdirectory")
    place = urlsplit(url)
    if place.scheme == "file":
        path = Path(unquote(place.path)).resolve()
        return _from_path(path, project) if path.is_relative_to(project.resolve()) and not vcs else ""
    inside = f"#subdirectory={folder}" if folder else ""
    if not _URL.match(url) or _holds_credential(url):
        return ""
    if isinstance(vcs, dict):
        return _from_url(f"{vcs.get('vcs')}+{url}@{vcs.get('commit_id')}{inside}")
    return _from_url(url + inside)


def _with_extra(extras: str) -> str:
    """The extras with the sandbox among them."""
    names = {name.strip(): None for name in extras.strip("[]").split(",") if name.strip()}
    return f"[{','.join(names | {EXTRA.strip('[]'): None})}]"


def _from_url(url: str) -> str:
    _check_url(url)
    return f"{NAME}{EXTRA} @ {url}"


def _check_url(url: str) -> None:
    """Raise UsageError for what only this machine has, and for a password or token, which the workflow would show."""
    if url.startswith(("file:", "git+file:")):
        raise UsageError(f"--package: a CI server does not have {url}", hint="name a path in the project instead")
    if _holds_credential(url):
        raise UsageError(
            "--package: the URL holds a credential, which the workflow in the repository would show",
            hint="leave it out, or have the workflow read the URL from a secret: ${{ secrets.AWSIT_PACKAGE }}",
        )


def _holds_credential(url: str) -> bool:
    """Whether it has a password, or a name before the host, which is a token in URLs of HTTP but for git's own."""
    place = urlsplit(url)
    is_token = place.scheme.endswith(("http", "https")) and place.username not in {None, "", "git"}
    return bool(place.password) or is_token


def _from_path(path: Path, project: Path) -> str:
    inside = path.resolve()
    if not inside.is_relative_to(project.resolve()):
        raise UsageError(
            f"--package: {path} is outside of {project}, and a CI server has only what is in the repository",
            hint="copy the wheel into the repository, or name a URL of git or a name on an index",
        )
    return f"./{inside.relative_to(project.resolve()).as_posix()}{EXTRA}"
