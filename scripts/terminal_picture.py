"""Write the pictures in docs/images from real runs on the sandbox: one that passes and one that fails on purpose.

    .venv/bin/python scripts/terminal_picture.py

Run it when the output of `awsit run` has changed. Run IDs, ARNs and times are those of the real runs.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
ORDERS = ROOT / "examples" / "orders"
STATE = ROOT / "build" / "picture"
AWSIT = str(Path(sys.executable).with_name("awsit"))
WIDTH = 100
PICTURES = {
    "passed.svg": "run scenarios/accepted_order.yaml --sandbox",
    "failed.svg": "run scenarios/fails_on_purpose.yaml --sandbox",
}
PREPARATION = (
    "sandbox start",
    "deploy --sandbox",
    "deploy --sandbox --template template.yaml --stack orders",
)


def main() -> int:
    """Prepare a sandbox, record the runs, stop the sandbox, write the pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    try:
        for command in PREPARATION:
            awsit(command).check_returncode()
        for name, command in PICTURES.items():
            (IMAGES / name).write_text(picture(command, awsit(command).stdout), encoding="utf-8")
    finally:
        awsit("sandbox stop")
    return 0


def picture(command: str, output: str) -> str:
    """An SVG of a terminal with the command and its output."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere)
        console.print(Text.assemble(("$ ", "bold green"), f"awsit {command}"))
        for line in Text.from_ansi(output.replace(str(STATE), ".awsit").rstrip("\n")).split(allow_blank=True):
            for part in line.divide(range(WIDTH, len(line), WIDTH)):  # as a terminal breaks long lines
                console.print(part, soft_wrap=True)
        return without_web_fonts(console.export_svg(title="awsit", unique_id="awsit"))


def awsit(command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of awsit with the colours of a terminal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AWSIT_", "NO_COLOR"))}
    settings = {"AWSIT_STATE_FOLDER": str(STATE), "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    done = subprocess.run(
        [AWSIT, *command.split()], cwd=ORDERS, env=kept | settings, stdout=subprocess.PIPE, text=True, check=False
    )
    print(f"$ awsit {command}: {done.returncode}")
    return done


def without_web_fonts(svg: str) -> str:
    """The SVG with the fonts of the reader's machine, so that nothing is loaded from the web."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code", "ui-monospace, Menlo, Consolas")


if __name__ == "__main__":
    sys.exit(main())
