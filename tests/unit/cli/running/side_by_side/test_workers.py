"""Runs in processes of their own: as in this one, and with the same promises when they are stopped or killed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import Pipe
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner

from awsit import config
from awsit.cli.failures import awsit_error
from awsit.cli.main import cli
from awsit.cli.past_runs.interrupted import journal_folder
from awsit.cli.running.side_by_side import worker_process, worth
from awsit.cli.running.side_by_side.worker import Worker
from awsit.cli.running.side_by_side.workers import WorkerEngine
from awsit.cli.wiring.wiring import Wiring
from awsit.engine.store import journals
from awsit.errors import EnvironmentFailure, ExitCode, InvalidInputError, Problem
from awsit.model.events import Event, RunFinished
from awsit.model.json import Json, dumps
from awsit.model.result import CleanupVerdict, RunResult, RunStatus
from awsit.model.run import RunRequest, StartedRun
from awsit.scenario.reading.source import Source
from awsit.system import file_lock
from awsit.system.clock import FakeClock
from awsit.user_folders import marks

SOON = 60.0
ANSWER = b'{"id": "o-1", "price": 1.50, "big": 123456789012345678901234567890, "half": "\\ud83d"}'


@dataclass
class Service:
    """A service that makes and removes one order; with `holds`, it does not answer a POST until it is let go."""

    url: str
    requests: list[str] = field(default_factory=list)
    posted: Signal = field(default_factory=Signal)
    let_go: Signal = field(default_factory=Signal)
    holds: bool = False


@pytest.fixture
def service() -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            made.requests.append(f"{self.command} {self.path}")
            if self.command == "POST":
                made.posted.set()
                if made.holds:
                    made.let_go.wait(SOON)
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(ANSWER)))
            self.end_headers()
            self.wfile.write(ANSWER)

        def do_POST(self) -> None:
            self.answer()

        def do_GET(self) -> None:
            self.answer()

        def do_DELETE(self) -> None:
            self.answer()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        made = Service(f"http://127.0.0.1:{server.server_port}")
        Thread(target=server.serve_forever, daemon=True).start()
        yield made
        made.let_go.set()
        server.shutdown()


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    return config.load({}, {}, tmp_path)


def scenario(url: str) -> Json:
    cleanup = {"name": "Delete", "type": "http_call", "params": {"url": url + "/o-1", "method": "DELETE"}}
    create = {"name": "Create", "type": "http_call", "params": {"url": url, "method": "POST"}, "cleanup": [cleanup]}
    look = {"name": "Look", "type": "http_call", "params": {"url": url}, "pass_to_context": {"all": "$.body"}}
    return {"name": "it", "description": "an order", "actions": [create, look]}


def request(number: int, document: Json) -> RunRequest:
    return RunRequest(f"run-{number:026d}", "it", document, is_valid=True)


def followed(engine: WorkerEngine, run: RunRequest, seen: list[Event]) -> Thread:
    def follow() -> None:
        engine.follow(engine.start(run), seen.append)

    thread = Thread(target=follow, daemon=True)
    thread.start()
    return thread


def result_of(seen: list[Event]) -> RunResult:
    assert isinstance(seen[-1], RunFinished)
    return seen[-1].result


def shape(events: list[Event]) -> list[Json]:
    """Events without what differs from run to run."""
    return [(type(event), getattr(event, "index", None)) for event in events]


def test_a_run_is_told_as_by_this_process(service: Service, settings: config.Settings) -> None:
    here: list[Event] = []
    engine = Wiring().engine(settings)
    engine.follow(engine.start(request(1, scenario(service.url))), here.append)
    once = len(service.requests)

    with WorkerEngine(settings) as engine_of_workers:
        seen: list[Event] = []
        for number in (2, 3):
            followed(engine_of_workers, request(number, scenario(service.url)), seen).join(SOON)
            engine_of_workers.release(f"run-{number:026d}")

    assert shape(seen) == shape(here) * 2
    assert result_of(seen).status is RunStatus.PASSED
    assert result_of(seen).context == result_of(here).context
    assert len(service.requests) == 3 * once


def test_only_its_end_is_told_where_nobody_is_shown_its_steps(service: Service, settings: config.Settings) -> None:
    seen: list[Event] = []
    with WorkerEngine(settings, steps=False) as engine:
        followed(engine, request(1, scenario(service.url)), seen).join(SOON)
    (end,) = seen
    assert isinstance(end, RunFinished)
    assert [step.status for step in end.result.steps] == ["passed", "passed"]


def test_an_interrupted_run_ends_what_is_under_way_and_cleans_up(service: Service, settings: config.Settings) -> None:
    service.holds = True
    seen: list[Event] = []
    with WorkerEngine(settings) as engine:
        thread = followed(engine, request(1, scenario(service.url)), seen)
        assert service.posted.wait(SOON)

        assert engine.interrupt()
        assert not engine.interrupt()
        assert within(lambda: is_closing(settings))
        service.let_go.set()
        thread.join(SOON)

    assert result_of(seen).status is RunStatus.CANCELLED
    assert result_of(seen).cleanup.verdict is CleanupVerdict.CLEAN
    assert service.requests == ["POST /", "DELETE /o-1"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_ends_all_processes_of_a_job_lets_a_worker_clean_up(
    number: signal.Signals, service: Service, settings: config.Settings
) -> None:
    service.holds = True
    seen: list[Event] = []
    with WorkerEngine(settings) as engine:
        thread = followed(engine, request(1, scenario(service.url)), seen)
        assert service.posted.wait(SOON)

        os.kill(pid_of(engine), number)
        assert within(lambda: is_closing(settings))
        service.let_go.set()
        thread.join(SOON)

    assert result_of(seen).status is RunStatus.CANCELLED
    assert service.requests == ["POST /", "DELETE /o-1"]


def test_an_interruption_before_the_worker_is_ready_is_not_lost(service: Service, settings: config.Settings) -> None:
    seen: list[Event] = []
    with WorkerEngine(settings) as engine:
        run = engine.start(request(1, scenario(service.url)))
        assert engine.interrupt()
        engine.follow(run, seen.append)

    assert result_of(seen).status is RunStatus.CANCELLED
    assert service.requests == []


def test_a_run_is_stopped_by_its_id(service: Service, settings: config.Settings) -> None:
    service.holds = True
    seen: list[Event] = []
    with WorkerEngine(settings) as engine:
        thread = followed(engine, request(1, scenario(service.url)), seen)
        assert service.posted.wait(SOON)
        engine.stop(f"run-{1:026d}")
        assert within(lambda: is_closing(settings))
        service.let_go.set()
        thread.join(SOON)

    assert result_of(seen).error is not None
    assert result_of(seen).error.code == "stopped"


def test_what_a_killed_worker_leaves_is_in_its_journal(service: Service, settings: config.Settings) -> None:
    service.holds = True
    run = request(1, scenario(service.url))
    with WorkerEngine(settings) as engine:
        started = engine.start(run)
        Thread(target=lambda: (service.posted.wait(SOON), os.kill(pid_of(engine), signal.SIGKILL))).start()
        with pytest.raises(EnvironmentFailure, match="has ended before the run did"):
            engine.follow(started, lambda _: None)

    opened = journals.open_journal(journal_folder(settings) / f"{run.run_id}.jsonl", marks(config.environment()))
    assert opened is not None
    assert opened.store.run(run.run_id).ledger == (0,)


def test_a_command_that_leaves_ends_its_workers_and_frees_their_journals(
    service: Service, settings: config.Settings
) -> None:
    service.holds = True
    run = request(1, scenario(service.url))
    with WorkerEngine(settings) as engine:
        engine.start(run)
        assert service.posted.wait(SOON)
        journal = journal_folder(settings) / f"{run.run_id}.jsonl"
        assert file_lock.is_held(journal)

    assert not file_lock.is_held(journal)
    assert service.requests == ["POST /"]


def test_a_large_suite_is_carried_out_by_workers(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worth, "RUNS_A_WORKER", 1)
    started: list[str] = []
    start = WorkerEngine.start
    monkeypatch.setattr(WorkerEngine, "start", lambda self, run: (started.append(run.name), start(self, run))[1])
    for name in ("one", "two"):
        (tmp_path / f"{name}.json").write_text(dumps({**scenario(service.url), "name": name}))

    result = CliRunner().invoke(cli, ["run", "-j", "2", str(tmp_path)])

    assert result.exit_code == 0, result.output
    assert "2 scenarios: 2 passed" in result.output
    assert sorted(started) == ["one", "two"]
    assert sorted(service.requests) == sorted(["POST /", "GET /", "DELETE /o-1"] * 2)


@pytest.mark.parametrize(("url", "exit_code"), [("", 0), ("{{ nothing.url }}", 3)])
def test_workers_start_while_scenarios_are_read_and_end_with_the_command(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, exit_code: int
) -> None:
    monkeypatch.setattr(worth, "RUNS_A_WORKER", 1)
    processes: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *args, **options: processes.append(p := popen(*args, **options)) or p
    )
    for number, where in enumerate([service.url, service.url, url or service.url]):
        (tmp_path / f"order_{number}.json").write_text(dumps({**scenario(where), "name": f"order_{number}"}))

    result = CliRunner().invoke(cli, ["run", "-j", "2", str(tmp_path)])

    assert result.exit_code == exit_code, result.output
    assert len(processes) == 2
    assert [process.returncode for process in processes] == [-signal.SIGKILL] * 2
    assert len(service.requests) == (0 if exit_code else 9)


STARTS = """
import sys
from pathlib import Path
from awsit import config
from awsit.cli.failures import awsit_error
from awsit.cli.main import cli
from awsit.cli.running.side_by_side import worker_process, worth
from awsit.cli.running.side_by_side.worker import Worker
from awsit.cli.running.side_by_side.workers import WorkerEngine
from awsit.model.json import loads
from awsit.model.run import RunRequest
engine = WorkerEngine(config.load({}, {}, Path.cwd()))
engine.follow(engine.start(RunRequest("run-" + 26 * "1", "it", loads(sys.argv[1]), is_valid=True)), lambda event: None)
"""


def test_a_killed_command_takes_its_workers_along(service: Service, settings: config.Settings) -> None:
    service.holds = True
    command = subprocess.Popen([sys.executable, "-c", STARTS, dumps(scenario(service.url))])
    assert service.posted.wait(SOON)
    command.kill()
    command.wait()

    journal = journal_folder(settings) / f"run-{26 * '1'}.jsonl"
    assert within(lambda: not file_lock.is_held(journal))


@pytest.mark.parametrize("stops_the_thread", [False, True])
def test_a_bug_keeps_its_words_and_its_traceback(*, stops_the_thread: bool) -> None:
    class OfThisProcessError(SystemExit if stops_the_thread else Exception):
        """Its class can be looked up nowhere else."""

    reported = told(OfThisProcessError("no such thing"))

    assert awsit_error(reported) is None
    assert str(reported) == "OfThisProcessError: no such thing"
    assert "OfThisProcessError: no such thing" in reported.__notes__[0]


def test_an_error_for_people_is_the_same_in_another_process() -> None:
    problem = Problem("syntax", "is wrong", "actions[0]", "write it so")

    reported = told(InvalidInputError("cannot be read", (problem,), code="limit", hint="look"))

    assert (type(reported), reported.exit_code) == (InvalidInputError, ExitCode.INVALID)
    assert (reported.message, reported.code, reported.hint, reported.problems) == (
        "cannot be read",
        "limit",
        "look",
        (problem,),
    )


def test_an_error_of_the_disk_is_one_for_people_in_another_process_too() -> None:
    full = told(OSError(errno.ENOSPC, "No space left on device"))

    assert (full.exit_code, full.message) == (
        ExitCode.ENVIRONMENT,
        "a file cannot be written: No space left on device",
    )


def test_a_process_that_cannot_be_started_is_an_error_of_the_machine(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with WorkerEngine(settings) as engine, pytest.raises(EnvironmentFailure, match="unavailable") as caught:
        engine.start(request(1, {}))

    assert "--jobs" in caught.value.hint


def told(error: BaseException) -> Any:
    """What a worker's run ends with, as the process gets it that started the worker."""

    class Failing:
        def start(self, run: RunRequest) -> StartedRun:
            return StartedRun(run.run_id, "", run)

        def follow(self, *_: object) -> None:
            raise error

    class FailingWiring(Wiring):
        def engine(self, _: config.Settings) -> Any:
            return Failing()

        def clock(self) -> FakeClock:
            return FakeClock()

    ours, theirs = Pipe()
    with ours, theirs:
        service = worker_process._Service(FailingWiring(), config.load({}, {}, Path()), theirs, steps=True)
        service.obey("run", request(1, {}))
        return ours.recv() if ours.poll(SOON) else None


VALID = dumps({"name": "it", "actions": [{"name": "W", "type": "wait", "params": {"seconds": 0}}]})


def source(text: str, file: str = "it.json") -> Source:
    return Source({}, file, text)


def test_a_worker_tells_which_scenarios_are_valid_and_then_carries_out_runs(
    service: Service, settings: config.Settings
) -> None:
    seen: list[Event] = []
    texts = [VALID, VALID.replace("wait", "waits"), "{", "\ud83d", VALID]
    with WorkerEngine(settings) as engine:
        (worker,) = engine.start_ahead(1)
        assert within(worker.is_free)
        assert worker.checked() == []
        worker.check([source(text) for text in texts])
        assert worker.checked() == [True, False, False, False, True]
        followed(engine, request(1, scenario(service.url)), seen).join(SOON)
        assert len(engine._workers) == 1
    assert result_of(seen).status is RunStatus.PASSED


def test_a_run_that_follows_at_once_has_the_worker_that_has_only_just_started(
    service: Service, settings: config.Settings
) -> None:
    seen: list[Event] = []
    with WorkerEngine(settings) as engine:
        engine.start_ahead(1)
        followed(engine, request(1, scenario(service.url)), seen).join(SOON)
        assert len(engine._workers) == 1
    assert result_of(seen).status is RunStatus.PASSED


def test_a_worker_that_was_killed_while_it_checked_gets_no_run(service: Service, settings: config.Settings) -> None:
    seen: list[Event] = []
    with WorkerEngine(settings) as engine:
        (worker,) = engine.start_ahead(1)
        assert within(worker.is_free)
        assert worker.checked() == []
        os.kill(pid_of(engine), signal.SIGKILL)
        worker.check([source(VALID)])
        with pytest.raises(EnvironmentFailure, match="before it had anything to run"):
            worker.checked()
        followed(engine, request(1, scenario(service.url)), seen).join(SOON)
    assert result_of(seen).status is RunStatus.PASSED


def test_what_is_wrong_in_a_large_suite_is_told_as_in_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache of the first"))
    for number in range(60):
        (tmp_path / f"s{number:02}.json").write_text(VALID.replace("it", f"s{number:02}", 1))
    for number in (11, 37, 59):
        (tmp_path / f"s{number:02}.json").write_text(VALID.replace("seconds", f"secs{number}"))
    command = ["run", "--engine", "local", "-j", "2", str(tmp_path)]
    alone = CliRunner().invoke(cli, command)

    monkeypatch.setattr(worth, "RUNS_A_WORKER", 1)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache of the second"))
    asked: list[str] = []
    check = Worker.check
    monkeypatch.setattr(
        Worker, "check", lambda self, sources: (asked.extend(each.file for each in sources), check(self, sources))[1]
    )
    monkeypatch.setattr(Worker, "is_free", lambda self: self._is_free or self._connection.poll(SOON))
    with_workers = CliRunner().invoke(cli, command)

    assert alone.exit_code == with_workers.exit_code == ExitCode.INVALID
    assert with_workers.output == alone.output
    assert all(f"s{number:02}.json" in alone.output for number in (11, 37, 59))
    assert len(asked) == 60 - 2


def pid_of(engine: WorkerEngine) -> int:
    (worker,) = engine._workers
    return worker._process.pid


def is_closing(settings: config.Settings) -> bool:
    """Whether the journal of run 1 says that nothing more begins."""
    return '"write":"close"' in (journal_folder(settings) / f"run-{1:026d}.jsonl").read_text()


def within(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SOON
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
