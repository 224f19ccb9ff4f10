"""The program before its command line is loaded."""

import subprocess
import sys

import pytest

from awsit.__main__ import INTERRUPTED
from awsit.errors import ExitCode

INTERRUPTING = """
import sys

WHERE = sys.argv.pop(1)

class Interrupting:
    def find_spec(self, name, *_):
        if name == WHERE:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from awsit.__main__ import run
sys.argv.append("--version")
run()
"""


@pytest.mark.parametrize("module", ["awsit.cli.main", "click", "awsit.cli.session", "awsit.system.standard_streams"])
def test_ctrl_c_while_the_command_line_is_loaded_shows_no_traceback(module: str) -> None:
    ended = subprocess.run([sys.executable, "-c", INTERRUPTING, module], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (ExitCode.INTERRUPTED, "", "\nInterrupted.\n")


def test_its_exit_code_is_the_one_of_commands() -> None:
    assert int(ExitCode.INTERRUPTED) == INTERRUPTED
