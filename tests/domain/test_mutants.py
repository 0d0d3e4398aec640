"""The checks themselves are checked: a rule broken on purpose, in a copy of the domain in memory, must be noticed."""

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

REAL, COPY = "floor_app.domain", "floor_domain_copy"
MODULES = ("codes", "routings", "lays", "bundles", "events", "progress", "scans", "undoing")

Domain = dict[str, Any]  # everything the copied modules define, by name


def source(module: str) -> str:
    spec = find_spec(f"{REAL}.{module}")
    assert spec
    assert spec.origin
    return Path(spec.origin).read_text(encoding="utf-8")


@contextmanager
def domain_copy(changes: dict[str, tuple[str, str]]) -> Iterator[Domain]:
    """The domain compiled anew under another name, with (old, new) text replaced in the modules named."""
    domain: Domain = {}
    try:
        for name in MODULES:
            text = source(name)
            if name in changes:
                old, new = changes[name]
                assert text.count(old) == 1, f"{name}.py no longer says {old!r} once: plant this fault anew"
                text = text.replace(old, new)
            module = ModuleType(f"{COPY}.{name}")
            sys.modules[module.__name__] = module
            exec(compile(text.replace(REAL, COPY), f"<{module.__name__}>", "exec"), module.__dict__)
            domain |= {word: value for word, value in vars(module).items() if not word.startswith("__")}
        yield domain
    finally:
        for name in MODULES:
            sys.modules.pop(f"{COPY}.{name}", None)


class Floor:
    """A bundle of twenty on a copied domain."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.code = domain["bundle_code"]("KLND", 71_342, 201)
        self.state = domain["BundleState"](self.code, 20)

    def scan(self, station: str, choice: str | None = None, **quantities: int) -> Any:
        domain = self.domain
        decision = domain["decide"](
            domain["Reading"](domain["Found"].BUNDLE, self.code),
            self.state,
            domain["DEFAULT_ROUTING"],
            station_does=station,
            home_site="KLND",
            policy=domain["Policy"](domain["MissingSteps"].FILL, 2),
            quantities=domain["Quantities"](**quantities),
            choice=choice and domain["Choice"](choice),
        )
        for fact in decision.facts:
            self.state = domain["with_fact"](self.state, fact, at_ms=1)
        return decision

    def undo(self, decision: Any) -> Any:
        """Take back what a scan decided, if the rule allows it."""
        facts = tuple(enumerate(decision.facts))
        last = self.domain["LastCount"](self.code, decision.operation, facts)
        undone = self.domain["decide_undo"](last, self.state, self.domain["DEFAULT_ROUTING"])
        for seq in (seq for fact in undone.facts for seq in fact.events):
            self.state = self.domain["with_fact"](self.state, dict(facts)[seq], sign=-1)
        return undone

    def passed(self, operation: str) -> tuple[int, int]:
        """(really counted, presumed) at a step."""
        step = self.state.at(operation)
        return step.good, step.presumed

    @property
    def consistent(self) -> bool:
        return bool(self.domain["consistent"](self.state, self.domain["DEFAULT_ROUTING"]))


# The laws: each says whether it holds on a domain


def check_letters_are_checked(domain: Domain) -> bool:
    code = Floor(domain).code
    swapped = code[:6] + code[7] + code[6] + code[8:]
    pairs = itertools.product(domain["ALPHABET"], repeat=2)
    wrong = {code[:3] + first + code[4:9] + second + code[10:] for first, second in pairs} - {code}
    found = [domain["read_code"](text, home_site="KLND").found for text in (code, swapped, *wrong)]
    return found[0] == "bundle" and set(found[1:]) == {"wrong_check"}


def a_scan_counts_once(domain: Domain) -> bool:
    floor = Floor(domain)
    first, again = floor.scan("cut"), floor.scan("cut")
    return (first.answer, again.answer) == ("counted", "already_done") and floor.passed("cut") == (20, 0)


def another_quantity_is_shown_first(domain: Domain) -> bool:
    floor = Floor(domain)
    asked, too_many = floor.scan("cut", good=15), floor.scan("cut", "confirm", good=21)
    counted = floor.scan("cut", "confirm", good=15)
    return (asked.reason, too_many.reason, counted.pieces) == ("confirm_quantity", "too_many", 15) and floor.consistent


def rework_is_no_new_production(domain: Domain) -> bool:
    floor = Floor(domain)
    floor.scan("cut")
    floor.scan("sew", "confirm", to_rework=3)
    asked, repaired = floor.scan("sew"), floor.scan("sew", "repaired")
    later = [floor.scan("sew", choice).answer for choice in (None, "repaired", "count_rest")]
    made = floor.passed("sew") == (20, 0) and floor.state.at("sew").in_rework == 0
    return (asked.answer, repaired.pieces, made, later) == ("look", 3, True, ["already_done"] * 3)


def a_late_scan_replaces_what_was_presumed(domain: Domain) -> bool:
    floor = Floor(domain)
    floor.scan("finish")
    presumed = floor.passed("cut"), floor.passed("sew")
    floor.scan("cut")
    return presumed == ((0, 20), (0, 20)) and floor.passed("cut") == (20, 0) and floor.consistent


def an_undo_is_exact(domain: Domain) -> bool:
    floor = Floor(domain)
    finished = floor.scan("finish")
    late = floor.scan("cut")
    floor.undo(late)
    presumed_again = floor.passed("cut") == (0, 20)
    floor.undo(finished)
    return presumed_again and all(floor.passed(step) == (0, 0) for step in ("cut", "sew", "finish"))


def an_undo_stops_where_the_bundle_has_gone_on(domain: Domain) -> bool:
    floor = Floor(domain)
    cut = floor.scan("cut")
    floor.scan("sew")
    return floor.undo(cut).reason == "gone_on" and floor.passed("cut") == (20, 0)


def a_branch_waits_for_the_other(domain: Domain) -> bool:
    operation, section = domain["Operation"], domain["Section"]
    join = operation("join", section.SEW, after=("front", "back"))
    state = domain["BundleState"](Floor(domain).code, 20)
    for part, good in (("front", 20), ("back", 12)):
        state = domain["with_fact"](state, domain["StepDone"](state.code, part, good=good))
    return bool(domain["pieces_in"](state, join) == 12)


def bundles_are_whole_even_and_of_one_shade(domain: Domain) -> bool:
    roll, size = domain["Roll"], domain["MarkerSize"]
    lay = domain["Lay"]("OF-1", "Marine", (size("S", 1), size("M", 2)), (roll(25, "A"), roll(17, "B")))
    bundles = domain["make_bundles"](lay, cap=20, tolerance=2)
    if sum(bundle.quantity for bundle in bundles) != 126 or max(bundle.quantity for bundle in bundles) > 22:
        return False
    piles = itertools.groupby(bundles, key=lambda bundle: (bundle.size, bundle.shade))
    heights = [[bundle.ply_to - bundle.ply_from + 1 for bundle in pile] for _, pile in piles]
    in_one_roll = all((bundle.ply_to <= 25) == (bundle.shade == "A") == (bundle.ply_from <= 25) for bundle in bundles)
    return in_one_roll and heights == [[13, 12], [17], [9, 8, 8], [9, 8]]


Law = Callable[[Domain], bool]
LAWS: tuple[Law, ...] = (
    check_letters_are_checked,
    a_scan_counts_once,
    another_quantity_is_shown_first,
    rework_is_no_new_production,
    a_late_scan_replaces_what_was_presumed,
    an_undo_is_exact,
    an_undo_stops_where_the_bundle_has_gone_on,
    a_branch_waits_for_the_other,
    bundles_are_whole_even_and_of_one_shade,
)

# fault planted → (module, what it says, what the fault makes of it, the law that must notice)
FAULTS: dict[str, tuple[str, str, str, Law]] = {
    "check letters ignored": (
        "codes",
        "if _check(checked[:-CHECK_LETTERS]) != checked[-CHECK_LETTERS:]:",
        "if not checked:",
        check_letters_are_checked,
    ),
    "one check letter in place of two": (
        "codes",
        "low = _TIMES_2[feedback]",
        "low = 0",
        check_letters_are_checked,
    ),
    "what was counted still waits": (
        "progress",
        " - bundle.at(operation.code).accounted)",
        ")",
        a_scan_counts_once,
    ),
    "already done not recognised": (
        "scans",
        "if step.accounted and not waiting(",
        "if not step and not waiting(",
        a_scan_counts_once,
    ),
    "another quantity counts unasked": (
        "scans",
        "said.good != pieces and asked.choice != Choice.CONFIRM",
        "said.good is None",
        another_quantity_is_shown_first,
    ),
    "more than there is": (
        "scans",
        "0 < sum(parts) <= pieces",
        "0 < sum(parts)",
        another_quantity_is_shown_first,
    ),
    "rework as new production": (
        "progress",
        "in_rework=-back)",
        "in_rework=0)",
        rework_is_no_new_production,
    ),
    "pieces sent to rework also passed on": (
        "progress",
        "good=event.good,\n        second",
        "good=event.good + event.to_rework,\n        second",
        rework_is_no_new_production,
    ),
    "presumed beside real": (
        "progress",
        "presumed=-event.replaces_presumed",
        "presumed=0",
        a_late_scan_replaces_what_was_presumed,
    ),
    "undo forgets what was presumed": (
        "progress",
        "return added if sign > 0 else Pieces(*(-pieces for pieces in added))",
        "return added if sign > 0 else Pieces(*(-pieces for pieces in added))._replace(presumed=min(0, -added.presumed))",
        an_undo_is_exact,
    ),
    "undo takes back the newest fact only": (
        "undoing",
        "for seq, _ in reversed(last.facts)",
        "for seq, _ in last.facts[-1:]",
        an_undo_is_exact,
    ),
    "undo under a bundle gone on": (
        "progress",
        "and step.accounted <= pieces_in(bundle, operation)",
        "and step.accounted <= bundle.quantity",
        an_undo_stops_where_the_bundle_has_gone_on,
    ),
    "the fuller branch decides": (
        "progress",
        "return min(bundle.at(before).passed for before in after)",
        "return max(bundle.at(before).passed for before in after)",
        a_branch_waits_for_the_other,
    ),
    "bundles across shades": (
        "bundles",
        "    for roll in rolls:",
        "    for roll in (Roll(sum(roll.plies for roll in rolls), rolls[0].shade),):",
        bundles_are_whole_even_and_of_one_shade,
    ),
    "uneven bundles": (
        "bundles",
        "return (share + 1,) * extra + (share,) * (parts - extra)",
        "return (share,) * (parts - 1) + (share + extra,)",
        bundles_are_whole_even_and_of_one_shade,
    ),
    "plies left on the table": (
        "bundles",
        "return (share + 1,) * extra + (share,) * (parts - extra)",
        "return (share,) * parts",
        bundles_are_whole_even_and_of_one_shade,
    ),
}


def test_the_domain_as_it_is_keeps_every_law() -> None:
    with domain_copy({}) as domain:
        assert [law.__name__ for law in LAWS if not law(domain)] == []


@pytest.mark.parametrize(("module", "old", "new", "law"), FAULTS.values(), ids=FAULTS)
def test_a_rule_broken_on_purpose_is_noticed(module: str, old: str, new: str, law: Law) -> None:
    with domain_copy({module: (old, new)}) as broken:
        assert not law(broken)


def test_every_law_has_noticed_a_fault() -> None:
    assert {law for *_, law in FAULTS.values()} == set(LAWS)


def test_the_copy_leaves_the_real_domain_alone() -> None:
    with domain_copy({"progress": ("in_rework=-back)", "in_rework=0)")}) as broken:
        assert not rework_is_no_new_production(broken)
    assert not any(name.startswith(COPY) for name in sys.modules)
    with domain_copy({}) as domain:
        assert rework_is_no_new_production(domain)
