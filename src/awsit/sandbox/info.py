"""What is known of a running sandbox, and how commands tell each other."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from awsit.errors import SandboxError
from awsit.model import json
from awsit.sandbox.server import ACCOUNT_KEY


@dataclass(frozen=True, slots=True)
class SandboxInfo:
    """A running sandbox. `started_at` is ISO 8601 UTC; `token` is what this server alone answers with."""

    endpoint_url: str
    port: int
    pid: int
    state_folder: Path
    region: str
    started_at: str
    token: str


def environment(info: SandboxInfo) -> dict[str, str]:
    """The variables with which an AWS client talks to this sandbox; put them over the user's own."""
    return {
        "AWS_ENDPOINT_URL": info.endpoint_url,
        "AWS_ACCESS_KEY_ID": ACCOUNT_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCOUNT_KEY,
        "AWS_REGION": info.region,
        "AWS_DEFAULT_REGION": info.region,
    }


def write(path: Path, info: SandboxInfo) -> None:
    """Store it in one move, so that nobody reads half of it."""
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(info) | {"state_folder": str(info.state_folder)}), encoding="utf-8")
    draft.replace(path)


def read(path: Path) -> SandboxInfo | None:
    """What was stored, or None when there is nothing (yet), or nothing that can be read."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return SandboxInfo(**(fields | {"state_folder": Path(fields["state_folder"])}))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def on_port(info: SandboxInfo, port: int | None) -> SandboxInfo:
    """The sandbox, if it listens where it is wanted. Raises SandboxError when it is on another port."""
    if port in (None, info.port):
        return info
    raise SandboxError(
        f"the sandbox is already running, on port {info.port}",
        hint=f"Use it as it is, or stop it first to have it on port {port}: awsit sandbox stop",
    )
