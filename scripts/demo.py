"""Show awsit from nothing: an emulated AWS, the stack, an order service, a run that passes and one that fails.

Exits with 0 when everything went as announced, the failing run included. Stops the emulator whatever happens.
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
SECONDS_TO_END_BY_ITSELF = 5


@dataclass(frozen=True, slots=True)
class Act:
    """One command of the demo. `exit_code` is what it must end with; `meaning` explains one that is not 0."""

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
    """Play the acts in turn; the emulator is stopped on success, failure, Ctrl-C and SIGTERM."""
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
    """Stop the emulator when the block is left; a second Ctrl-C does not get in the way of that."""
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
    """Run one command in the terminal's sight; tell whether it ended as announced."""
    print(f"\n# {act.title}\n$ awsit {act.command}", flush=True)
    code = run([str(AWSIT), *shlex.split(act.command)])
    if code != act.exit_code:
        print(f"The demo expected exit code {act.exit_code}, and got {code}.", file=sys.stderr)
    elif act.meaning:
        print(f"({act.meaning})", flush=True)
    return code == act.exit_code


def run(command: list[str]) -> int:
    """The command's exit code. When this process is told to end, the command is ended first."""
    with subprocess.Popen(command, cwd=ROOT, env=environment()) as process:
        try:
            return process.wait()
        except BaseException:
            end(process)
            raise


def end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that the terminal has interrupted too; then ask it to end; then end it."""
    for nudge in (process.terminate, process.kill):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_END_BY_ITSELF)
            return
        nudge()


def environment() -> dict[str, str]:
    """Without AWS settings, so that no real account is touched; with a sandbox of its own, so that yours goes on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AWSIT_"))}
    return {**kept, "AWSIT_STATE_FOLDER": str(STATE)}


if __name__ == "__main__":
    sys.exit(main())
