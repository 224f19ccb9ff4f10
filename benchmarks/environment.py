"""The environment of the programs that are measured."""

import os

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Each program may keep its byte code: pip compiles what it installs, but nobody compiles a source tree."""
