"""The limits of a scenario: a mistake costs little, and its message names the limit."""

from __future__ import annotations

MAX_FILE_BYTES = 1024 * 1024
MAX_NODES = 100_000
"""Values in a document after its YAML aliases are expanded."""
MAX_DEPTH = 60
"""Mappings and lists inside one another, anywhere in a document."""
MAX_DOCUMENT_BYTES = 256 * 1024
"""As compact JSON: what is stored and sent."""
MAX_ACTIONS = 1000
"""Everywhere in a scenario together: setup, branches, clean-up and diagnostics included."""
MAX_EXPRESSIONS = 3000
"""Different `{{ expressions }}` of a scenario; the same one is compiled once."""
MAX_TOKENS = 30_000
"""Words, numbers and signs of them together."""
MAX_CHOICE_DEPTH = 5
MAX_BRANCHES = 40
MAX_MATRIX_ROWS = 200
MAX_CONCURRENCY = 100
"""Runs with one concurrency key at once."""
MAX_CONCURRENCY_KEY = 200
MAX_SCENARIO_SECONDS = 86_400
MAX_ACTION_SECONDS = 840
"""A minute less than a Lambda function may run (AWS Lambda quotas: 900 seconds), which the function itself needs."""
MAX_ATTEMPTS = 20
DEFAULT_ITEMS = 10
MAX_ITEMS = 100
"""Of the list of a `for_each`."""
MAX_USE_DEPTH = 10
"""Library actions that use one another."""
MAX_LOAD_RATE = 1000
"""Starts of a scenario a second, under load."""
MAX_LOAD_CONCURRENCY = 500
"""Iterations of a load at once."""
