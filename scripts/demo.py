"""Show awsit from scratch: an emulated AWS, the stack, an order service, a run that passes and one that fails.

Exits with 0 when each command ended with the expected exit code, which is 1 for the failing run. Always stops the
emulator.
"""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
AWSIT = Path(sys.executable).with_name("awsit")
STATE = ROOT / "build" / "demo"
SECONDS_TO_END = 5


@dataclass(frozen=True, slots=True)
class Act:
    """One command of the demo, its expected exit code, and what that means if it is not 0."""

    title: str
    command: str
    exit_code: int = 0
    meaning: str = ""


START = Act("An emulated AWS on this machine, loopback only", "sandbox start")
STOP = Act("Nothing is left running", "sandbox stop")
ACTS = (
    Act("The stack that would go to your account", "deploy --sandbox"),
    Act("A service worth testing", "deploy --sandbox --template examples/orders/template.yaml --stack orders"),
    Act("Its scenarios, into the stack's bucket", "push examples/orders/scenarios --sandbox"),
    Act("One run through Step Functions", "run accepted_order --sandbox"),
    Act(
        "One that fails on purpose, to show what a good failure looks like",
        "run examples/orders/scenarios/fails_on_purpose.yaml --sandbox",
        exit_code=1,
        meaning="exit code 1, as announced: a check did not hold",
    ),
)


def main() -> int:
    """Play the acts in order. The emulator is stopped on success, failure, Ctrl-C and SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    began = time.monotonic()
    with stopped_at_the_end():
        for act in (START, *ACTS):
            if not play(act):
                return 1
    print(f"\nThe demo took {time.monotonic() - began:.0f} s. Everything it started has been stopped.")
    return 0


@contextlib.contextmanager
def stopped_at_the_end() -> Iterator[None]:
    """Stop the emulator at the end of the block. A second Ctrl-C does not interrupt that."""
    try:
        yield
    except KeyboardInterrupt:
        print("\nInterrupted.")
        sys.exit(130)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        play(STOP)


def play(act: Act) -> bool:
    """Run the command of an act in the terminal; True when it ended with the expected exit code."""
    print(f"\n# {act.title}\n$ awsit {act.command}", flush=True)
    code = run([str(AWSIT), *shlex.split(act.command)])
    if code != act.exit_code:
        print(f"The demo expected exit code {act.exit_code}, and got {code}.", file=sys.stderr)
    elif act.meaning:
        print(f"({act.meaning})", flush=True)
    return code == act.exit_code


def run(command: list[str]) -> int:
    """Run a command and return its exit code. When this process is interrupted, the command is ended first."""
    with subprocess.Popen(command, cwd=ROOT, env=environment()) as process:
        try:
            return process.wait()
        except BaseException:
            end(process)
            raise


def end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process, which Ctrl-C has interrupted as well; then send SIGTERM, then SIGKILL."""
    for send_signal in (process.terminate, process.kill):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_END)
            return
        send_signal()


def environment() -> dict[str, str]:
    """The environment without AWS settings, so that no real account is used, and with a sandbox of the demo's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AWSIT_"))}
    return {**kept, "AWSIT_STATE_FOLDER": str(STATE)}


if __name__ == "__main__":
    sys.exit(main())
