"""Routings (gammes): the ordered operations of a style, in a line or in parallel branches that join. Versioned by who stores them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

LONGEST_OPERATION_CODE = 24
MOST_OPERATIONS = 60


class Section(StrEnum):
    CUT = "cut"
    SEW = "sew"
    FINISH = "finish"


class MissingSteps(StrEnum):
    """What a step does with a bundle that has not passed the steps before it."""

    WARN = "warn"  # ask; nothing counts until somebody chooses
    ALLOW = "allow"  # count here, leave the steps before open
    FILL = "fill"  # count here and presume up to `fill_up_to` steps before


@dataclass(frozen=True, slots=True)
class Policy:
    missing_steps: MissingSteps = MissingSteps.WARN
    fill_up_to: int = 1


@dataclass(frozen=True, slots=True)
class Operation:
    """One step. `after` names the steps it needs; `sam_minutes` is the allowed time a piece, decimal minutes, where known."""

    code: str
    section: Section
    after: tuple[str, ...] = ()
    title: str = ""
    sam_minutes: Decimal | None = None
    picture: str = ""
    policy: Policy | None = None


def _apart(one: str, other: str, before: Mapping[str, frozenset[str]]) -> bool:
    return one != other and one not in before[other] and other not in before[one]


@dataclass(frozen=True)  # no slots: what is worked out once is kept in the instance
class Routing:
    """Operations in an order in which each comes after those it needs; exactly one is last."""

    operations: tuple[Operation, ...]

    @property
    def last(self) -> Operation:
        return self.operations[-1]

    def operation(self, code: str) -> Operation | None:
        return self._by_code.get(code)

    @cached_property
    def _by_code(self) -> dict[str, Operation]:
        return {operation.code: operation for operation in reversed(self.operations)}

    def at_station(self, operation_or_section: str) -> tuple[Operation, ...]:
        """The steps a station does: the one of that code, else all of that section."""
        exact = self.operation(operation_or_section)
        if exact:
            return (exact,)
        return tuple(operation for operation in self.operations if operation.section == operation_or_section)

    def before(self, code: str) -> tuple[Operation, ...]:
        """Every step that must come before `code`, in routing order."""
        return self._relations.get(code, ((), ()))[0]

    def beside(self, code: str) -> tuple[Operation, ...]:
        """The steps of other branches: neither before nor after `code`."""
        return self._relations.get(code, ((), ()))[1]

    @cached_property
    def _relations(self) -> dict[str, tuple[tuple[Operation, ...], tuple[Operation, ...]]]:
        """Per step (before, beside): asked several times a scan, so worked out once a routing."""
        before = dict[str, frozenset[str]]()
        for step in self.operations:
            before[step.code] = frozenset(step.after).union(*(before.get(needed, frozenset()) for needed in step.after))
        return {
            step.code: (
                tuple(other for other in self.operations if other.code in before[step.code]),
                tuple(other for other in self.operations if _apart(step.code, other.code, before)),
            )
            for step in self.operations
        }

    def forks(self, code: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Where branches beside `code` part from its own: (steps passed by then, steps after it that are not after `code`)."""
        return self._forks.get(code, ())

    @cached_property
    def _forks(self) -> dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
        before = {step.code: {other.code for other in self.before(step.code)} for step in self.operations}
        found = dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]()
        for step in self.operations:
            beside = {other.code for other in self.beside(step.code)}
            common = dict.fromkeys(tuple(sorted(before[step.code] & before[other])) for other in sorted(beside))
            others = sorted(before[step.code] | beside)
            found[step.code] = tuple(
                (fork, tuple(other for other in others if other not in fork and before[other] >= set(fork)))
                for fork in common
            )
        return found

    def next_after(self, code: str) -> tuple[Operation, ...]:
        return tuple(operation for operation in self.operations if code in operation.after)


DEFAULT_ROUTING = Routing(
    (
        Operation("cut", Section.CUT),
        Operation("sew", Section.SEW, after=("cut",)),
        Operation("finish", Section.FINISH, after=("sew",)),
    )
)


@dataclass(frozen=True, slots=True)
class RoutingFault:
    """`code`: no_operation, too_many, bad_code, code_twice, unknown_step, loop, two_last_steps, bad_sam, bad_fill."""

    code: str
    operation: str = ""
    value: str = ""


def routing_faults(operations: Iterable[Operation]) -> tuple[RoutingFault, ...]:
    """Everything wrong with a routing; empty when it can be used."""
    operations = tuple(operations)
    if not operations:
        return (RoutingFault("no_operation"),)
    if len(operations) > MOST_OPERATIONS:
        return (RoutingFault("too_many", value=str(len(operations))),)
    faults = [fault for operation in operations for fault in _operation_faults(operation)]
    return tuple(faults) or tuple(_order_faults(operations))


def _operation_faults(operation: Operation) -> list[RoutingFault]:
    faults = []
    code = operation.code
    if (
        not 1 <= len(code) <= LONGEST_OPERATION_CODE
        or not code.replace("-", "").replace("_", "").isalnum()
        or not code.isascii()
    ):
        faults.append(RoutingFault("bad_code", code[:LONGEST_OPERATION_CODE], code[:60]))
    if operation.sam_minutes is not None and not (
        operation.sam_minutes.is_finite() and 0 < operation.sam_minutes <= 1000
    ):
        faults.append(RoutingFault("bad_sam", code, str(operation.sam_minutes)))
    if operation.policy and not 0 <= operation.policy.fill_up_to <= MOST_OPERATIONS:
        faults.append(RoutingFault("bad_fill", code, str(operation.policy.fill_up_to)))
    return faults


def _order_faults(operations: tuple[Operation, ...]) -> list[RoutingFault]:
    codes = [operation.code for operation in operations]
    faults = [RoutingFault("code_twice", code) for code in sorted({code for code in codes if codes.count(code) > 1})]
    seen = set[str]()
    for operation in operations:
        for needed in operation.after:
            if needed not in codes:
                faults.append(RoutingFault("unknown_step", operation.code, needed))
            elif needed not in seen:
                faults.append(RoutingFault("loop", operation.code, needed))
        seen.add(operation.code)
    needed_somewhere = {needed for operation in operations for needed in operation.after}
    last_steps = [code for code in codes if code not in needed_somewhere]
    if not faults and last_steps != [codes[-1]]:
        faults.append(RoutingFault("two_last_steps", value=", ".join(last_steps)))
    return faults
