"""The runs of a suite in the account, to one reader, as `Pool` tells of runs that this process starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from awsit.cli.logs.run_log import log_start
from awsit.cli.running.in_account import StartedSuite
from awsit.cli.selection.requested_run import WaitingRun
from awsit.model.events import Event, RunFinished
from awsit.model.result import RunStatus
from awsit.model.run import RunRequest, StartedRun, SuiteProgress, SuiteRun
from awsit.reporting.terminal.transcript import events_of


class SuitePool:
    """Runs that are begun by the account. The reader calls `begins` for each, and `tell` at each look at the suite."""

    def __init__(
        self, suite: StartedSuite, begins: Callable[[WaitingRun], None], tell: Callable[[SuiteProgress], None]
    ) -> None:
        self._suite = suite
        self._begins = begins
        self._tell = tell

    def begin_no_more(self) -> None:
        """Nothing: the account begins runs, and `awsit stop` ends that."""

    def interrupt(self) -> bool:
        """False: no run of the account is this process's to interrupt."""
        return False

    def run(self, requests: Sequence[WaitingRun]) -> Iterator[tuple[WaitingRun, StartedRun | Event]]:
        """What happens in all of the runs: the events of one come together, when it has ended.

        Raises AwsitError when the suite cannot be followed any further.
        """
        by_id = {request.run_id: request for request in requests}
        for request in requests:
            self._begins(request)
            bare = RunRequest(request.run_id, request.name, None)  # nobody needs the documents of all again
            yield request, StartedRun(request.run_id, self._suite.follower.arn_of(request.run_id), bare)
        setups = {each.suite_run for each in requests}
        runs = [
            SuiteRun(each.run_id, each.name, each.file, each.repetition, each.run_id in setups, each.suite_run)
            for each in requests
        ]
        for result in self._suite.follower.results(runs, self._tell):
            request = by_id[result.run_id]
            has_begun = result.status is not RunStatus.SKIPPED
            for event in events_of(result) if has_begun else (RunFinished(result.run_id, result),):
                log_start(event)
                yield request, event
