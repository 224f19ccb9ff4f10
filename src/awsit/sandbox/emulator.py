"""The process of the emulated AWS: ministack, with what awsit mends in it. `python -m awsit.sandbox.emulator`.

What is mended here is never in what is deployed, so that a template and a scenario are the same in an account.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

CONCURRENCY_HINT = (
    "; this limit is the sandbox's own: raise `sandbox_concurrency` in awsit.toml, stop the sandbox and start it again"
)
"""What ends the message of a call that is throttled because too many functions of the sandbox run at once."""

Throttle = Callable[..., dict[str, Any]]


def main() -> None:
    """Serve until SIGTERM."""
    functions = importlib.import_module("ministack.services.lambda_svc")
    functions._throttle_response = explained(functions._throttle_response)  # noqa: SLF001 - the pinned version has no hook
    importlib.import_module("ministack.app").main()


def explained(throttle: Throttle) -> Throttle:
    """The emulator's answer to a throttled call, with what to do when the limit is the sandbox's own."""

    def explain(reason_code: str, msg: str, **options: int) -> dict[str, Any]:
        hint = CONCURRENCY_HINT if "account concurrency cap" in msg else ""
        return throttle(reason_code=reason_code, msg=msg + hint, **options)

    return explain


if __name__ == "__main__":
    main()
