"""The saved queries of Logs Insights over the logs of runs. The template has the same, for the console.

Source: Amazon CloudWatch Logs user guide, "CloudWatch Logs Insights language query syntax".
"""

from __future__ import annotations

from msgspec import Struct

from awsit.engine.log_entry import ATTEMPT_FAILED, RUN_ENDED, STEP_ENDED
from awsit.errors import UsageError
from awsit.model.json import dumps
from awsit.suggestions import suggestion

RUN_ID, SCENARIO = "RUN_ID", "SCENARIO"


class SavedQuery(Struct, frozen=True):
    """A query. `text` has `"RUN_ID"` or `"SCENARIO"` where the value of that is to be put."""

    name: str
    purpose: str
    text: str

    @property
    def needs(self) -> str:
        """What must be put into the text: `RUN_ID`, `SCENARIO`, or nothing."""
        return next((each for each in (RUN_ID, SCENARIO) if f'"{each}"' in self.text), "")

    def of(self, value: str) -> str:
        """The text with a value in its place."""
        return self.text.replace(f'"{self.needs}"', dumps(value)) if self.needs else self.text


QUERIES = (
    SavedQuery(
        "failures",
        "the failures of a scenario",
        f"""fields @timestamp, run_id, action, phase, attempt, cause, error
| filter message = "{STEP_ENDED}" and outcome in ["failed", "error"] and scenario = "{SCENARIO}"
| sort @timestamp desc
| limit 100""",
    ),
    SavedQuery(
        "slowest",
        "the slowest actions",
        f"""filter message = "{STEP_ENDED}" and outcome != "skipped"
| stats count(*) as calls, avg(duration_seconds) as average, pct(duration_seconds, 95) as p95,
  max(duration_seconds) as longest by scenario, action, action_type
| sort p95 desc
| limit 25""",
    ),
    SavedQuery(
        "run",
        "one run from end to end",
        f"""fields @timestamp, level, message, action, phase, attempt, duration_seconds, outcome, error
| filter run_id = "{RUN_ID}"
| sort @timestamp asc
| limit 1000""",
    ),
    SavedQuery(
        "retries",
        "retries by cause",
        f"""filter message = "{ATTEMPT_FAILED}"
| stats count(*) as retries, sum(delay_seconds) as waited by cause, scenario, action
| sort retries desc
| limit 50""",
    ),
    SavedQuery(
        "flaky",
        "scenarios that pass and fail",
        f"""filter message = "{RUN_ENDED}"
| stats count(*) as runs, sum(strcontains(outcome, "passed")) as passes by scenario
| filter passes > 0 and passes < runs
| sort runs desc
| limit 50""",
    ),
)


def query_named(name: str) -> SavedQuery:
    """The query of a name. Raises UsageError for another one, with those that there are."""
    by_name = {query.name: query for query in QUERIES}
    if name not in by_name:
        known = "; ".join(f"{query.name}: {query.purpose}" for query in QUERIES)
        raise UsageError(f"there is no query {name!r}{suggestion(name, by_name)}", hint=f"there are {known}")
    return by_name[name]
