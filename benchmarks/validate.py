"""The time of `awsit validate` for many files, compared with a bare YAML parser and `jsonschema`.

    .venv/bin/python benchmarks/validate.py [files] [rounds]

Each file has ten actions, with templates, assertions and captures of its own. The baseline reads the files with
PyYAML's C loader and validates them against docs/schema/scenario.schema.json; it checks no templates, paths or names,
and knows no source positions. The three take turns. Prints medians of the CPU time, which other processes disturb
less, and their ratios to the baseline; the goal is 1.0.
"""

import resource
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from environment import ENVIRONMENT

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "benchmark" / "validate"
SCHEMA = ROOT / "docs" / "schema" / "scenario.schema.json"
READ = """
import sys, yaml
from pathlib import Path
for path in Path(sys.argv[1]).iterdir():
    yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
"""
CHECK = """
import json, sys, yaml
from pathlib import Path
from jsonschema import Draft202012Validator
validator = Draft202012Validator(json.loads(Path(sys.argv[2]).read_bytes()))
for path in Path(sys.argv[1]).iterdir():
    if any(validator.iter_errors(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader))):
        sys.exit(f"{path} does not fit the schema")
"""
COMMANDS = {
    "YAML alone": [sys.executable, "-c", READ, str(FOLDER)],
    "YAML and jsonschema": [sys.executable, "-c", CHECK, str(FOLDER), str(SCHEMA)],
    "awsit validate": [str(Path(sys.executable).with_name("awsit")), "validate", "-q", str(FOLDER)],
}
BASELINE = "YAML and jsonschema"

HEAD = """\
name: scenario_{file}
description: The scenario number {file}
metadata: {{author: team {file}, tags: [smoke, "{file}"]}}
variables: {{quantity: {file}, label: "{{{{ vars.quantity + {file} }}}} of {{{{ run.id }}}}"}}
actions:
"""
ACTIONS = """\
  - name: Create{n}
    type: http_call
    params:
      url: "{{{{ stack('orders{file}').ApiUrl }}}}/orders/{n}"
      method: POST
      body: {{product: book {file}, quantity: "{{{{ vars.quantity * {n} }}}}", run: "{{{{ run.id }}}}"}}
      expected_status: 201
    pass_to_context: {{order{n}_{file}: $.body.order_id, items{n}: "$.body.items[?@.price > {file}].id"}}
    assert:
      - {{path: $.body, matches: {{status: created, order_id: "#uuid", total: "#number"}}}}
      - {{path: "$.headers['content-type']", contains: json}}
    cleanup:
      - type: http_call
        params: {{url: "{{{{ stack('orders{file}').ApiUrl }}}}/{{{{ context.order{n}_{file} }}}}", method: DELETE}}
  - name: Stored{n}
    type: dynamodb
    params: {{operation: get_item, table: orders, key: {{order_id: "{{{{ context.order{n}_{file} }}}}"}}}}
    until:
      assert: [{{path: $.item.status, equals: processed}}]
      timeout_seconds: 60
    retry: {{max_attempts: {n}, retry_on: [throttling, 503]}}
"""


def main(files: int, rounds: int) -> None:
    write(files)
    for command in COMMANDS.values():
        seconds(command)  # warm up: byte code, disk cache
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(durations) for name, durations in times.items()}
    size = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{files} files of 10 actions, {size / 1e6:.1f} MB, CPU time, median of {rounds}")
    for name, median in medians.items():
        each, ratio = median / files * 1000, median / medians[BASELINE]
        print(f"  {name:<20} {median:6.2f} s   {each:5.2f} ms a file   {ratio:.2f}x")


def write(files: int) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for file in range(files):
        actions = "".join(ACTIONS.format(n=n, file=file) for n in range(1, 6))
        (FOLDER / f"scenario_{file}.yaml").write_text(HEAD.format(file=file) + actions)


def seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*(numbers + [1000, 3][len(numbers) :]))
