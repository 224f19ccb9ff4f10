"""The pages of permissions: each call that awsit makes in AWS, its IAM action, and the statement that allows it."""

from collections.abc import Iterable, Iterator

from tests.permissions import made_by_aws, records
from tests.permissions.policies import OWNERS, allowing
from tests.permissions.records import Row

INTRODUCTION = """# Calls, permissions, statements

What awsit calls in AWS, by whose permissions it does: the calls of the SDK as tests record them, those that AWS makes
with a role of the stack, and those of CloudFormation while it makes the stack's resources. The last column names the
statement that allows it in `infra/template.yaml`, or in what `awsit deploy --print-policy` prints. Tests hold all of it
together: each call has a statement, each statement and each action in it has a call, and without a statement one of its
calls is denied.

`RUN`, `HASH` and `TOKEN` stand for what differs from run to run. Calls that look for the cause of a failure in the
services under test, and those of `--engine local`, take permissions of your own
([failures](../results/failures.md#why-it-did-not-come)).
"""
TITLES = {
    "function": "The function",
    "actions": "The actions of scenarios",
    "mocks": "The function of mocks",
    "state machine": "The state machine",
    "suite flow": "The state machine of suites",
    "run": "Whoever runs scenarios",
    "look": "Whoever only looks",
    "schedule": "Whoever decides what runs by itself",
    "scheduler": "Schedules",
    "deploy": "Whoever deploys the stack and removes it",
}
PAGES = {
    "permissions": ("function", "actions", "mocks", "state machine", "suite flow"),
    "permissions_of_people": ("run", "look", "schedule", "scheduler"),
    "permissions_of_deploy": ("deploy",),
}
"""The callers on each page. The first page has the introduction, and leads to the callers of the others."""
OTHERS = {
    "permissions_of_people": "Permissions of whoever runs, looks and schedules",
    "permissions_of_deploy": "Permissions of whoever deploys",
}
HEAD = "| call | IAM action | on | statement |\n|---|---|---|---|\n"


def permissions_pages() -> dict[str, str]:
    """The text of each page by its name: a table for each role and policy."""
    rows = sorted(records.load() | set(made_by_aws.rows()))
    if left_out := set(OWNERS) - {caller for callers in PAGES.values() for caller in callers}:
        raise SystemExit(f"permissions_page.py has no page for: {', '.join(sorted(left_out))}")
    return {
        page: "\n".join([_beginning(page), *(_section(caller, rows) for caller in callers)])
        for page, callers in PAGES.items()
    }


def _beginning(page: str) -> str:
    if page in OTHERS:
        return f"# {OTHERS[page]}\n\n[Calls, permissions, statements](permissions.md) says what the columns are.\n"
    links = (
        f'- <a id="{_anchor(caller)}"></a>[{TITLES[caller]}]({other}.md#{_anchor(caller)})'
        for other in OTHERS
        for caller in PAGES[other]
    )
    return "\n".join([INTRODUCTION, "On pages of their own:\n", *links, ""])


def _anchor(caller: str) -> str:
    return TITLES[caller].lower().replace(" ", "-")


def _section(caller: str, rows: Iterable[Row]) -> str:
    own = (row for row in rows if row.caller == caller)
    names = " and ".join(f"`{owner}`" for owner in OWNERS[caller])
    drawn = (
        f"\nWithout a call: `{action}`, since {why}.\n"
        for (owner, action), why in made_by_aws.DRAWN.items()
        if owner == caller
    )
    return "".join([f"## {TITLES[caller]}\n\n{names}\n\n", HEAD, *_lines(caller, own), *drawn])


def _lines(caller: str, rows: Iterable[Row]) -> Iterator[str]:
    """One line for the rows of one call and action that the same statements allow."""
    resources: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        statements = ", ".join(f"`{sid}`" for sid in allowing(caller, row.need))
        resources.setdefault((row.call, row.action, statements), []).append(_resource(row))
    for (call, action, statements), named in resources.items():
        yield f"| {call} | `{action}` | {', '.join(dict.fromkeys(named))} | {statements} |\n"


def _resource(row: Row) -> str:
    """The last part of an ARN, with the keys of the request that a condition asks for."""
    name = row.resource if row.resource == "*" else row.resource.split(":", 5)[-1]
    keys = "; ".join(f"{key.partition(':')[2]} {', '.join(values)}" for key, values in row.keys)
    return f"`{name}`" + (f" ({keys})" if keys else "")
