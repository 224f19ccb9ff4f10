"""Draw docs/images/run.svg from a real run on the sandbox: one that passes and one that fails on purpose.

    .venv/bin/python scripts/terminal_picture.py

Run it again when the output has changed. Run IDs, ARNs and times are those of the run.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "run.svg"
STATE = ROOT / "build" / "picture"
AWSIT = str(Path(sys.executable).with_name("awsit"))
WIDTH = 100
RUNS = ("run accepted_order --sandbox", "run fails_on_purpose --sandbox")
BEFORE = (
    "sandbox start",
    "deploy --sandbox",
    "deploy --sandbox --template examples/orders/template.yaml --stack orders",
    "push examples/orders/scenarios --sandbox",
)


def main() -> int:
    """Prepare a sandbox, record the runs, stop the sandbox, write the picture."""
    console = Console(record=True, width=WIDTH, file=Path(os.devnull).open("w"))  # noqa: SIM115 - ends with the script
    try:
        for command in BEFORE:
            awsit(command).check_returncode()
        for command in RUNS:
            console.print(Text.assemble(("$ ", "bold green"), f"awsit {command}"))
            console.print(Text.from_ansi(awsit(command).stdout), soft_wrap=True)
    finally:
        awsit("sandbox stop")
    svg = console.export_svg(title="awsit")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(without_web_fonts(svg), encoding="utf-8")
    print(PICTURE.relative_to(ROOT))
    return 0


def awsit(command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as in a colourful terminal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AWSIT_", "NO_COLOR"))}
    settings = {"AWSIT_STATE_FOLDER": str(STATE), "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    done = subprocess.run(
        [AWSIT, *command.split()], cwd=ROOT, env=kept | settings, stdout=subprocess.PIPE, text=True, check=False
    )
    print(f"$ awsit {command}: {done.returncode}")
    return done


def without_web_fonts(svg: str) -> str:
    """The picture without fonts from elsewhere: it is shown with the reader's own."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code", "ui-monospace, Menlo, Consolas")


if __name__ == "__main__":
    sys.exit(main())
