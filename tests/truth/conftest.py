"""These tests ask an interpreter that `make truth` installs; without it there is nothing to collect."""

from tests.truth import beside

collect_ignore_glob = [] if beside.PYTHON else ["test_*.py"]
