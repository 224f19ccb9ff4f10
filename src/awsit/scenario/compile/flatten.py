"""From a valid scenario to the steps, segments and clean-up steps of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict, Unpack

from msgspec import Struct, field

from awsit.model.json import Json
from awsit.model.plan import Branch, During, Phase, Retry, Segment, Step, Until
from awsit.model.text.paths import child_path, join_path
from awsit.records import replace
from awsit.scenario.compile.cleanup_order import CleanupOrder
from awsit.scenario.compile.iterations import ItemOfList, items_of
from awsit.scenario.schema.keys import CHOICE, PARALLEL

if TYPE_CHECKING:
    from awsit.scenario.schema.blocks.capture import CaptureSpec
    from awsit.scenario.schema.document import (
        ActionSpec,
        CallSpec,
        DuringSpec,
        FollowUpSpec,
        RetrySpec,
        ScenarioSpec,
        UntilSpec,
    )
    from awsit.scenario.schema.plain import (
        PlainAction,
        PlainCall,
        PlainDuring,
        PlainFollowUp,
        PlainRetry,
        PlainScenario,
        PlainUntil,
    )

    AnyAction = ActionSpec | PlainAction
    FollowUps = Sequence[FollowUpSpec | PlainFollowUp]


class Flattened(Struct):
    """The parts of a plan while they are made; `steps` ends with the `on_failure` steps, which no segment names."""

    settle_seconds: float
    at: Mapping[str, Json]
    """That of actions that have none of their own."""
    steps: list[Step] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    cleanup: list[Step] = field(default_factory=list)
    global_cleanup: tuple[int, ...] = ()
    _sequence: list[int] = field(default_factory=list)
    _diagnostics: dict[int, FollowUps] = field(default_factory=dict)
    _items: dict[int, ItemOfList] = field(default_factory=dict)

    def add_phase(self, specs: Sequence[AnyAction], phase: Phase) -> None:
        """Add the actions of `setup` or `actions`."""
        self._add_all(specs, phase, str(phase), {})
        self._end_sequence()

    def add_global_cleanup(self, specs: FollowUps) -> None:
        """Add the scenario's own clean-up."""
        self.global_cleanup = self._add_cleanup(specs, "", "", self.at)

    def add_diagnostics(self) -> None:
        """Add the `on_failure` steps of the actions seen so far, named `Action.on_failure[0]` or `Action.TheirName`."""
        for parent_index, specs in self._diagnostics.items():
            parent, first = self.steps[parent_index], len(self.steps)
            item = self._items.get(parent_index)
            for number, spec in enumerate(specs):
                place = child_path("on_failure", number)
                name, path = f"{parent.name}.{spec.name or place}", f"{parent.source}.{place}"
                at = _at(spec, parent.at)
                step = _step(spec, first + number, name, path, Phase.ON_FAILURE, at=at)
                self.steps.append(item.renamed(step) if item else step)
            self.steps[parent_index] = replace(parent, on_failure=tuple(range(first, first + len(specs))))

    def _add_all(self, specs: Sequence[AnyAction], phase: Phase, path: str, only_if: Mapping[str, str]) -> None:
        for index, spec in enumerate(specs):
            self._add(spec, phase, child_path(path, index), only_if)

    def _add(self, spec: AnyAction, phase: Phase, path: str, only_if: Mapping[str, str]) -> None:
        if spec.type == PARALLEL:
            self._add_parallel(spec, phase, path, only_if)
        elif spec.type == CHOICE:
            self._add_choice(spec, phase, path, only_if)
        elif spec.for_each:
            for item in items_of(spec.name, spec.for_each, spec.let, spec.pass_to_context):
                self._add_step(spec, phase, path, only_if, item)
        else:
            self._add_step(spec, phase, path, only_if)

    def _add_parallel(self, spec: AnyAction, phase: Phase, path: str, only_if: Mapping[str, str]) -> None:
        self._end_sequence()
        from awsit.scenario.schema.control import ParallelSpec  # the models are slow to import

        params = ParallelSpec.model_validate(spec.params)
        branches: list[Branch] = []
        for index, branch in enumerate(params.branches):
            branch_path = child_path(f"{path}.params.branches", index)
            written_out = isinstance(spec.params["branches"][index], Mapping)
            actions_path = f"{branch_path}.actions" if written_out else branch_path
            self._add_all(branch.actions, phase, actions_path, only_if)
            branches.append(Branch(tuple(self._sequence)))
            self._sequence.clear()
        self.segments.append(Segment(tuple(branches), params.max_concurrency or len(branches)))

    def _add_choice(self, spec: AnyAction, phase: Phase, path: str, only_if: Mapping[str, str]) -> None:
        from awsit.scenario.schema.control import ChoiceSpec  # the models are slow to import

        params = ChoiceSpec.model_validate(spec.params)
        index = len(self.steps)
        self._sequence.append(index)
        self.steps.append(
            Step(index, spec.name, CHOICE, phase, {"when": params.when}, only_if=only_if, keep_result=True, source=path)
        )
        self._add_all(params.then, phase, f"{path}.params.then", {**only_if, spec.name: "then"})
        self._add_all(params.otherwise, phase, f"{path}.params.else", {**only_if, spec.name: "else"})

    def _add_step(
        self, spec: AnyAction, phase: Phase, path: str, only_if: Mapping[str, str], item: ItemOfList | None = None
    ) -> None:
        index = len(self.steps)
        self._sequence.append(index)
        at = _at(spec, self.at)
        name = item.name if item else spec.name
        cleanup = self._add_cleanup(spec.cleanup, name, path, at, item)
        settles = self.settle_seconds if spec.settle_seconds is None else spec.settle_seconds
        step = _step(
            spec,
            index,
            name,
            path,
            phase,
            at=at,
            only_if=only_if,
            cleanup=cleanup,
            settle_seconds=settles,
            continue_on_failure=spec.continue_on_failure,
            auto_cleanup=spec.auto_cleanup,
            restore=spec.restore,
            cache_seconds=spec.cache_seconds or 0.0,
        )
        self.steps.append(item.step(step) if item else step)
        if item:
            self._items[index] = item
        if spec.on_failure:
            self._diagnostics[index] = spec.on_failure

    def _add_cleanup(
        self, specs: FollowUps, parent: str, path: str, at: Mapping[str, Json], item: ItemOfList | None = None
    ) -> tuple[int, ...]:
        first = len(self.cleanup)
        for number, spec in enumerate(specs):
            place = child_path("cleanup", number)
            name = spec.name or join_path(parent, place)
            own = _at(spec, at)
            step = _step(spec, first + number, name, join_path(path, place), Phase.CLEANUP, at=own)
            self.cleanup.append(item.renamed(step) if item else step)
        return tuple(range(first, first + len(specs)))

    def order_cleanup(self) -> None:
        """Put each list of clean-up steps into the order in which its entries of the ledger are registered."""
        order = CleanupOrder(self.cleanup, frozenset(name for step in self.steps for name in step.context_names))
        for index, step in enumerate(self.steps):
            if len(step.cleanup) > 1:
                self.steps[index] = replace(step, cleanup=order.registered(step.cleanup))
        self.global_cleanup = order.registered(self.global_cleanup)

    def _end_sequence(self) -> None:
        if self._sequence:
            self.segments.append(Segment((Branch(tuple(self._sequence)),)))
            self._sequence.clear()


def flatten(spec: ScenarioSpec | PlainScenario) -> Flattened:
    """All steps of a scenario, in the order in which they run."""
    parts = Flattened(spec.settle_seconds, _at(spec, {}))
    parts.add_phase(spec.setup, Phase.SETUP)
    parts.add_phase(spec.actions, Phase.ACTIONS)
    parts.add_diagnostics()
    parts.add_global_cleanup(spec.cleanup)
    parts.order_cleanup()
    return parts


def _at(spec: CallSpec | PlainCall | ScenarioSpec | PlainScenario, otherwise: Mapping[str, Json]) -> Mapping[str, Json]:
    return otherwise if spec.at is None else spec.at.given()


class _OfAction(TypedDict, total=False):
    """What is not taken from the keys of every call: most of it has an action's step, and none of a clean-up."""

    at: Mapping[str, Json]
    only_if: Mapping[str, str]
    cleanup: tuple[int, ...]
    settle_seconds: float
    continue_on_failure: bool
    auto_cleanup: bool
    restore: bool
    cache_seconds: float


def _step(
    spec: CallSpec | PlainCall, index: int, name: str, source: str, phase: Phase, **of_action: Unpack[_OfAction]
) -> Step:
    return Step(
        index=index,
        name=name,
        type=spec.type,
        phase=phase,
        params=spec.params,
        let=spec.let,
        assertions=tuple(spec.assertions),
        captures={name: _capture(each) for name, each in spec.pass_to_context.items()},
        when=spec.when,
        until=_until(spec.until) if spec.until else None,
        during=_during(spec.during) if spec.during else None,
        retry=_retry(spec.retry) if spec.retry else Retry(),
        timeout_seconds=spec.timeout_seconds,
        waits_at_most=spec.waits_at_most,
        redact=tuple(spec.redact),
        source=source,
        **of_action,
    )


def _capture(spec: CaptureSpec | str) -> Json:
    """The path alone, where that is all."""
    if isinstance(spec, str):
        return spec
    further: dict[str, Json] = {"json_path": spec.json_path, "regex": spec.regex}
    further = {key: value for key, value in further.items() if value}
    return {"path": spec.path, **further} if further else spec.path


def _until(spec: UntilSpec | PlainUntil) -> Until:
    return Until(
        assertions=tuple(spec.assertions),
        fail_when=tuple(spec.fail_when),
        timeout_seconds=spec.timeout_seconds,
        interval_seconds=spec.interval_seconds,
        backoff_rate=spec.backoff_rate,
        max_interval_seconds=spec.max_interval_seconds,
    )


def _during(spec: DuringSpec | PlainDuring) -> During:
    return During(spec.seconds, tuple(spec.assertions), spec.interval_seconds)


def _retry(spec: RetrySpec | PlainRetry) -> Retry:
    return Retry(
        max_attempts=spec.max_attempts,
        interval_seconds=spec.interval_seconds,
        backoff_rate=spec.backoff_rate,
        max_delay_seconds=spec.max_delay_seconds,
        jitter=spec.jitter,
        retry_on=tuple(spec.retry_on),
        is_own=True,
    )
