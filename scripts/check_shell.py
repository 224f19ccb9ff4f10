"""Run ShellCheck on shell scripts and on the shell code in workflows, CI jobs and templates.

In YAML, shell code is the text or list under `run`, `script`, `before_script` and `commands`, also in the YAML under
`BuildSpec`. A `${{ ... }}` is replaced by a word, as the CI server does before the shell starts. Of a page in Markdown,
its scripts (`sh` blocks that begin with `#!`) and its workflows (`yml` blocks) are checked.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from cfnlint.decode import cfn_yaml

SHELLCHECK = Path(sys.executable).parent / "shellcheck"
BLOCK = re.compile(r"^```(sh|yml)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SHELL_KEYS = {"run", "script", "before_script", "commands"}


def shell_parts(value: Any) -> Iterator[str]:
    """The pieces of shell code in a YAML value. A list of commands is one piece."""
    if isinstance(value, list):
        for item in value:
            yield from shell_parts(item)
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key in SHELL_KEYS and isinstance(item, str | list):
            yield item if isinstance(item, str) else "\n".join(each for each in item if isinstance(each, str))
        elif key == "BuildSpec" and isinstance(item, str):
            yield from shell_parts(yaml.safe_load(item))
        else:
            yield from shell_parts(item)


def parts_of(file: Path) -> list[str]:
    """The pieces of shell code in a script or a YAML file, which may have CloudFormation's tags."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".md":
        return [part for kind, block in BLOCK.findall(text) for part in parts_in_block(kind, block)]
    return [text] if text.startswith("#!") else list(shell_parts(cfn_yaml.loads(text)))


def parts_in_block(kind: str, block: str) -> list[str]:
    """The pieces of shell code in a block of a page."""
    if kind == "yml":
        return list(shell_parts(yaml.safe_load(block)))
    return [block] if block.startswith("#!") else []


def problems(code: str) -> list[str]:
    """The problems that ShellCheck finds in a piece of shell code, each with its line."""
    code = re.sub(r"\$\{\{.*?\}\}", "word", code)
    command = [SHELLCHECK, "--shell=bash", "--format=json", "-"]
    done = subprocess.run(command, input=code, capture_output=True, text=True, check=False)
    lines = code.split("\n")
    return [
        f"SC{problem['code']}: {problem['message']}\n    {lines[problem['line'] - 1].strip()}"
        for problem in json.loads(done.stdout)
    ]


def main(files: list[str]) -> int:
    """Print the problems of all the files; 1 if there are any."""
    lines = [f"{file}: {problem}" for file in files for part in parts_of(Path(file)) for problem in problems(part)]
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
