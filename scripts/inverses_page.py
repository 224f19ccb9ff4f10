"""The page of what `auto_cleanup` takes back of AWS calls, from botocore's models and the reviewed exceptions."""

from collections.abc import Iterator

from awsit.actions.aws_api.compensation.inverses import creations, find_inverse
from awsit.actions.aws_api.compensation.reviewed_inverses import INVERSES, NOT_COVERED

INTRODUCTION = """# What `auto_cleanup` takes back

Of `dynamodb`, every write; of `aws_api`, `put_object` and `delete_object` of S3 (what was there is put back) and these
creations. `awsit validate` refuses the key on others, and says what to write instead.

- *looked for*: the action looks whether there is such a thing already, and does not act if there is. What removes it
  is recorded before it is created, so that a creation whose answer was lost is taken back, too.
- *by its answer*: the service chooses the name, or says no to a second one. What removes it is recorded when the
  creation has succeeded; a creation whose answer was lost may leave it.
"""
HEAD = "| service | creation | removed by | recorded |\n|---|---|---|---|\n"


def inverses_page() -> str:
    """A row for each creation, and the reasons of those that are left out."""
    left_out = (f"| `{service}` | `{name}` | {reason} |\n" for (service, name), reason in sorted(NOT_COVERED.items()))
    reasons = "".join(["\n| service | not taken back | because |\n|---|---|---|\n", *left_out])
    return "".join([INTRODUCTION, "\n", HEAD, *rows(), reasons])


def rows() -> Iterator[str]:
    """A row for each creation that is taken back."""
    for service, name in sorted({*creations(), *INVERSES} - set(NOT_COVERED)):
        needed = {param for entry in INVERSES.get((service, name), ()) for param in entry.needs}
        inverse = find_inverse(service, name, dict.fromkeys(needed))
        assert inverse is not None
        how = "looked for" if inverse.is_known_before else "by its answer"
        yield f"| `{service}` | `{name}` | `{inverse.operation}` | {how} |\n"
