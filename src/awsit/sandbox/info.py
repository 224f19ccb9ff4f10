"""What is known of a running sandbox, and the file that tells later commands."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from awsit.errors import SandboxError
from awsit.model import json
from awsit.sandbox.server import OLD_KEY
from awsit.system.files import write_own


class SandboxInfo(Struct, frozen=True):
    """A running sandbox. `started_at` is ISO 8601 UTC; `token` is random, and in this server's health page only.

    `concurrency` is its limit of functions at once; None when awsit of a version before this one has started it.
    `enforces_policies`: whether it denies functions what their roles' policies do not allow. The access key is
    that of the account's root, random at each start.
    """

    endpoint_url: str
    port: int
    pid: int
    state_folder: Path
    region: str
    started_at: str
    token: str
    concurrency: int | None = None
    enforces_policies: bool = False
    access_key_id: str = OLD_KEY
    secret_access_key: str = OLD_KEY

    __repr__ = object.__repr__  # the key is secret


def client_environment(info: SandboxInfo) -> dict[str, str]:
    """The environment variables with which an AWS client calls this sandbox; they replace the user's own."""
    return {
        "AWS_ENDPOINT_URL": info.endpoint_url,
        "AWS_ACCESS_KEY_ID": info.access_key_id,
        "AWS_SECRET_ACCESS_KEY": info.secret_access_key,
        "AWS_REGION": info.region,
        "AWS_DEFAULT_REGION": info.region,
    }


def write_info(path: Path, info: SandboxInfo) -> None:
    """Write the file in one move, so that nobody reads half of it, and for this user only: the keys are in it."""
    write_own(path, json.dumps(asdict(info) | {"state_folder": str(info.state_folder)}))


def read_info(path: Path) -> SandboxInfo | None:
    """The content of the file; None when it does not exist or cannot be parsed."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return SandboxInfo(**(fields | {"state_folder": Path(fields["state_folder"])}))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def check_policies(info: SandboxInfo, *, enforce: bool) -> None:
    """Raise SandboxError when policies are to be enforced and the running sandbox was started without that.

    One that enforces them is right for everybody: what passes there passes without as well.
    """
    if enforce and not info.enforces_policies:
        raise SandboxError(
            "the running sandbox was started without --enforce-policies: it denies functions nothing",
            code="policies_not_enforced",
            hint="Stop it, with all that is deployed to it; the next command starts it anew: awsit sandbox stop",
        )


def check_port(info: SandboxInfo, port: int | None) -> None:
    """Raise SandboxError when a `port` is asked for and the sandbox listens on another one."""
    if port not in (None, info.port):
        raise SandboxError(
            f"the sandbox is already running, on port {info.port}",
            hint=f"Use it as it is, or stop it first to have it on port {port}: awsit sandbox stop",
        )
