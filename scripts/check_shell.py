"""Check the shell parts of scripts, workflows and templates with ShellCheck.

In YAML these are the texts and lists under `run`, `script`, `before_script` and `commands`, and those of `BuildSpec`,
which is YAML itself. What the CI server puts in before the shell starts, `${{ ... }}`, is a word.
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
SHELL_KEYS = {"run", "script", "before_script", "commands"}


def shell_parts(value: Any) -> Iterator[str]:
    """Each text that a shell is given; a list of commands is one."""
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
    """The shell parts of a script or a YAML file, CloudFormation's tags included."""
    text = file.read_text(encoding="utf-8")
    return [text] if text.startswith("#!") else list(shell_parts(cfn_yaml.loads(text)))


def problems(text: str) -> list[str]:
    """What ShellCheck says of it."""
    text = re.sub(r"\$\{\{.*?\}\}", "word", text)
    command = [SHELLCHECK, "--shell=bash", "--format=json", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    lines = text.split("\n")
    return [
        f"SC{each['code']}: {each['message']}\n    {lines[each['line'] - 1].strip()}"
        for each in json.loads(done.stdout)
    ]


def main(files: list[str]) -> int:
    """Print the problems of all the files; 1 if there are any."""
    found = [f"{file}: {problem}" for file in files for part in parts_of(Path(file)) for problem in problems(part)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
