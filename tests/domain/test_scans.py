"""What a scan means: every row of the rule, and the little stories it must get right."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest

from floor_app.domain.codes import Found, Reading, bundle_code, read_code
from floor_app.domain.events import Event, ReworkDone, StepDone, StepPresumed, StepSkipped
from floor_app.domain.progress import BundleState, BundleStatus, waiting, with_fact
from floor_app.domain.routings import DEFAULT_ROUTING, MissingSteps, Operation, Policy, Routing, Section
from floor_app.domain.scans import WHOLE, Answer, Choice, Decision, Quantities, decide

HOME = "KLND"
CODE = bundle_code(HOME, 71_342, 201)
ELSEWHERE = bundle_code("PRST", 5, 9)
LABEL = Reading(Found.BUNDLE, CODE)
AT_10_42 = 1_741_945_320_000

WARN = Policy(MissingSteps.WARN)
ALLOW = Policy(MissingSteps.ALLOW)
FILL_0 = Policy(MissingSteps.FILL, 0)
FILL_1 = Policy(MissingSteps.FILL, 1)
FILL_2 = Policy(MissingSteps.FILL, 2)

HEM_AND_JOIN = Routing(
    (
        Operation("cutting", Section.CUT),
        Operation("hem", Section.SEW, after=("cutting",)),
        Operation("join", Section.SEW, after=("hem",)),
        Operation("packing", Section.FINISH, after=("join",)),
    )
)
FRONT_AND_BACK = Routing(
    (
        Operation("cutting", Section.CUT),
        Operation("front", Section.SEW, after=("cutting",)),
        Operation("back", Section.SEW, after=("cutting",)),
        Operation("join", Section.SEW, after=("front", "back")),
    )
)


def done(operation: str, good: int = 20, **parts: int) -> StepDone:
    return StepDone(CODE, operation, good=good, **parts)


def presumed(operation: str, pieces: int = 20) -> StepPresumed:
    return StepPresumed(CODE, operation, pieces)


def bundle(*facts: Event, status: BundleStatus = BundleStatus.OPEN) -> BundleState:
    """A bundle of twenty after these facts."""
    return replace(after(BundleState(CODE, 20), facts), status=status)


def after(state: BundleState, facts: Iterable[Event]) -> BundleState:
    for fact in facts:
        state = with_fact(state, fact, at_ms=AT_10_42)
    return state


def scan(
    state: BundleState | None,
    station_does: str,
    quantities: Quantities = WHOLE,
    choice: Choice | None = None,
    *,
    policy: Policy = WARN,
    routing: Routing = DEFAULT_ROUTING,
) -> Decision:
    return decide(
        LABEL,
        state,
        routing,
        station_does=station_does,
        home_site=HOME,
        policy=policy,
        quantities=quantities,
        choice=choice,
    )


NEW = bundle()
CUT = bundle(done("cut"))
SEWN = bundle(done("cut"), done("sew"))
FINISHED = bundle(done("cut"), done("sew"), done("finish"))
CUT_PRESUMED = bundle(presumed("cut"), done("sew", steps_with_it=1))
CUT_PASSED_BY = bundle(StepSkipped(CODE, "cut", 20), done("sew"))
SEWN_IN_PART = bundle(done("cut"), done("sew", 12))
IN_REWORK = bundle(done("cut"), done("sew", 17, to_rework=3))
ALL_IN_REWORK = bundle(done("cut"), done("sew", 0, to_rework=20))
ALL_IN_REWORK_AT_CUT = bundle(done("cut", 0, to_rework=20))
ALL_REJECTED = bundle(done("cut"), done("sew", 0, rejected=20))
SPLIT = replace(CUT, status=BundleStatus.SPLIT)
TWO_REJECTED = bundle(done("cut", 18, rejected=2))


@dataclass(frozen=True)
class Scan:
    """A bundle scanned at a station, what was said before it and chosen after a first « look »."""

    state: BundleState | None
    station: str
    quantities: Quantities = WHOLE
    choice: Choice | None = None
    policy: Policy = WARN

    def decide(self) -> Decision:
        return scan(self.state, self.station, self.quantities, self.choice, policy=self.policy)


@dataclass(frozen=True)
class Said:
    """What the station says and what is recorded: `pieces` of `of`. `goes_to` None is not this row's matter."""

    answer: Answer
    reason: str
    facts: tuple[Event, ...] = ()
    choices: tuple[Choice, ...] = ()
    goes_to: str | None = ""
    pieces: int = 0
    of: int = 0


def counted(*facts: Event, goes_to: str | None = "", pieces: int = 20, of: int = 20, reason: str = "counted") -> Said:
    return Said(Answer.COUNTED, reason, facts, goes_to=goes_to, pieces=pieces, of=of)


def already_done(*, goes_to: str = "") -> Said:
    return Said(Answer.ALREADY_DONE, "already_done", goes_to=goes_to)


def look(reason: str, *choices: Choice, goes_to: str = "", pieces: int = 0, of: int = 0) -> Said:
    return Said(Answer.LOOK, reason, choices=choices, goes_to=goes_to, pieces=pieces, of=of)


def stop(reason: str, *, goes_to: str = "") -> Said:
    return Said(Answer.STOP, reason, goes_to=goes_to)


ANYWAY, NO, CONFIRM, REST, REPAIRED = Choice.COUNT_ANYWAY, Choice.NO, Choice.CONFIRM, Choice.COUNT_REST, Choice.REPAIRED
Q = Quantities
FATES = Q(second=1, rejected=2, to_rework=3)
BACK = ReworkDone(CODE, "sew", good=3)
BACK_IN_PART = ReworkDone(CODE, "sew", good=2, rejected=1)
SEW_OF_FATES = done("sew", 14, second=1, rejected=2, to_rework=3)
FILL_CUT = (presumed("cut"), done("sew", steps_with_it=1))
FILL_BOTH = (presumed("cut"), presumed("sew"), done("finish", steps_with_it=2))
PASS_CUT = (StepSkipped(CODE, "cut", 20), done("sew", steps_with_it=1))
PASS_BOTH = (StepSkipped(CODE, "cut", 20), StepSkipped(CODE, "sew", 20), done("finish", steps_with_it=2))
FILL_18 = (presumed("sew", 18), done("finish", 18, steps_with_it=1))
REAL_CUT = done("cut", replaces_presumed=20)
REAL_CUT_PASSED_BY = done("cut", replaces_skipped=20)

TABLE = {
    "next step is here": (Scan(CUT, "sew"), counted(done("sew"), goes_to="finish")),
    "first step": (Scan(NEW, "cut"), counted(done("cut"), goes_to="sew")),
    "last step": (Scan(SEWN, "finish"), counted(done("finish"))),
    "only what arrived": (Scan(TWO_REJECTED, "sew"), counted(done("sew", 18), goes_to="finish", pieces=18, of=18)),
    "the whole, said aloud": (Scan(CUT, "sew", Q(20)), counted(done("sew"), goes_to="finish")),
    # the same bundle again
    "again": (Scan(SEWN, "sew"), already_done(goes_to="finish")),
    "again at the last step": (Scan(FINISHED, "finish"), already_done()),
    "again, whatever is said": (Scan(SEWN, "sew", Q(15)), already_done(goes_to="finish")),
    "again, whatever is chosen": (Scan(SEWN, "sew", choice=ANYWAY), already_done(goes_to="finish")),
    "again when finished since": (Scan(FINISHED, "sew"), already_done()),
    # a bundle for another step: warn
    "warn": (Scan(NEW, "sew"), look("step_missing", ANYWAY, NO, goes_to="cut")),
    "warn, two missing": (Scan(NEW, "finish"), look("step_missing", ANYWAY, NO, goes_to="cut")),
    "warn, the second missing": (Scan(CUT, "finish"), look("step_missing", ANYWAY, NO, goes_to="sew")),
    "warn, no": (Scan(CUT, "finish", choice=NO), look("left_as_it_was", goes_to="sew")),
    "warn, anyway": (Scan(NEW, "sew", choice=ANYWAY), counted(*FILL_CUT, goes_to="finish")),
    "warn, anyway, a part": (Scan(NEW, "sew", Q(15), ANYWAY), look("confirm_quantity", CONFIRM, NO, pieces=15, of=20)),
    "warn, anyway, a part, yes": (
        Scan(NEW, "sew", Q(15), CONFIRM),
        counted(presumed("cut"), done("sew", 15, steps_with_it=1), goes_to="finish", pieces=15),
    ),
    # a bundle for another step: allow
    "allow": (Scan(NEW, "sew", policy=ALLOW), counted(*PASS_CUT, goes_to="finish")),
    "allow, two missing": (Scan(NEW, "finish", policy=ALLOW), counted(*PASS_BOTH)),
    # a bundle for another step: fill up to K
    "fill": (Scan(NEW, "sew", policy=FILL_1), counted(*FILL_CUT, goes_to="finish")),
    "fill two": (Scan(NEW, "finish", policy=FILL_2), counted(*FILL_BOTH)),
    "fill what arrived": (Scan(TWO_REJECTED, "finish", policy=FILL_1), counted(*FILL_18, pieces=18, of=18)),
    "beyond K": (Scan(NEW, "finish", policy=FILL_1), look("step_missing", ANYWAY, NO, goes_to="cut")),
    "beyond K of none": (Scan(NEW, "sew", policy=FILL_0), look("step_missing", ANYWAY, NO, goes_to="cut")),
    "beyond K, anyway": (Scan(NEW, "finish", choice=ANYWAY, policy=FILL_1), counted(*FILL_BOTH)),
    "fill, no": (Scan(NEW, "sew", choice=NO, policy=FILL_1), look("left_as_it_was", goes_to="cut")),
    # the forgotten scan, late
    "real for presumed": (Scan(CUT_PRESUMED, "cut"), counted(REAL_CUT, goes_to="finish", reason="real_at_last")),
    "real for passed by": (
        Scan(CUT_PASSED_BY, "cut"),
        counted(REAL_CUT_PASSED_BY, goes_to="finish", reason="real_at_last"),
    ),
    # another quantity than the whole
    "a part": (Scan(CUT, "sew", Q(18)), look("confirm_quantity", CONFIRM, NO, pieces=18, of=20)),
    "a part, yes": (Scan(CUT, "sew", Q(18), CONFIRM), counted(done("sew", 18), goes_to="finish", pieces=18)),
    "a part, no": (Scan(CUT, "sew", Q(18), NO), look("left_as_it_was", goes_to="sew")),
    "rejects": (Scan(CUT, "sew", Q(rejected=2)), look("confirm_quantity", CONFIRM, NO, pieces=18, of=20)),
    "every fate, yes": (Scan(CUT, "sew", FATES, CONFIRM), counted(SEW_OF_FATES, goes_to="finish", pieces=14)),
    "too many": (Scan(CUT, "sew", Q(21)), look("too_many", pieces=21, of=20)),
    "too many, yes": (Scan(CUT, "sew", Q(21), CONFIRM), look("too_many", pieces=21, of=20)),
    "too many in all": (Scan(CUT, "sew", Q(18, 1, 2, 1)), look("too_many", pieces=22, of=20)),
    "too many rejected": (Scan(CUT, "sew", Q(rejected=25)), look("too_many", pieces=25, of=20)),
    "more than arrived": (Scan(TWO_REJECTED, "sew", Q(20)), look("too_many", pieces=20, of=18)),
    # a bundle counted in part
    "the rest": (Scan(SEWN_IN_PART, "sew"), look("rest", REST, NO, pieces=8)),
    "the rest, yes": (
        Scan(SEWN_IN_PART, "sew", choice=REST),
        counted(done("sew", 8), goes_to="finish", pieces=8, of=8),
    ),
    "a part goes on": (Scan(SEWN_IN_PART, "finish"), counted(done("finish", 12), goes_to=None, pieces=12, of=12)),
    "some of the rest": (
        Scan(SEWN_IN_PART, "sew", Q(5), REST),
        look("confirm_quantity", CONFIRM, NO, pieces=5, of=8),
    ),
    "some of the rest, yes": (
        Scan(SEWN_IN_PART, "sew", Q(5), CONFIRM),
        counted(done("sew", 5), goes_to="finish", pieces=5, of=8),
    ),
    # rework
    "in rework": (Scan(IN_REWORK, "sew"), look("in_rework", REPAIRED, NO, pieces=3)),
    "repaired": (
        Scan(IN_REWORK, "sew", choice=REPAIRED),
        counted(BACK, goes_to="finish", pieces=3, of=3, reason="repaired"),
    ),
    "repaired in part": (
        Scan(IN_REWORK, "sew", Q(rejected=1), CONFIRM),
        counted(BACK_IN_PART, goes_to="finish", pieces=2, of=3, reason="repaired"),
    ),
    "more repaired than sent": (Scan(IN_REWORK, "sew", Q(4), CONFIRM), look("too_many", pieces=4, of=3)),
    "the others go on": (Scan(IN_REWORK, "finish"), counted(done("finish", 17), goes_to=None, pieces=17, of=17)),
    "all in rework": (Scan(ALL_IN_REWORK, "finish"), stop("in_rework_elsewhere", goes_to="sew")),
    "all in rework, two steps back": (
        Scan(ALL_IN_REWORK_AT_CUT, "finish"),
        stop("in_rework_elsewhere", goes_to="cut"),
    ),
    "all rejected": (Scan(ALL_REJECTED, "finish"), stop("nothing_left")),
    # no place here, or no bundle any more
    "not done here": (Scan(CUT, "dye"), stop("not_done_here", goes_to="sew")),
    "finished": (Scan(FINISHED, "dye"), look("finished")),
    "split": (Scan(SPLIT, "sew"), look("split")),
    "split, whatever is chosen": (Scan(SPLIT, "sew", choice=ANYWAY), look("split")),
    "merged": (Scan(replace(CUT, status=BundleStatus.MERGED), "sew"), look("merged")),
    "cancelled": (Scan(replace(CUT, status=BundleStatus.CANCELLED), "sew"), stop("cancelled")),
    "in transit": (Scan(replace(CUT, status=BundleStatus.IN_TRANSIT), "sew"), stop("in_transit")),
    "unknown": (Scan(None, "sew"), Said(Answer.UNKNOWN, "unknown_bundle")),
}


@pytest.mark.parametrize(("scanned", "said"), TABLE.values(), ids=TABLE)
def test_a_scan_gives_the_answer_of_its_row(scanned: Scan, said: Said) -> None:
    decision = scanned.decide()
    assert (decision.answer, decision.reason) == (said.answer, said.reason)
    assert decision.facts == said.facts
    assert decision.choices == said.choices
    assert (decision.pieces, decision.before) == (said.pieces, said.of)
    assert said.goes_to is None or decision.goes_to == said.goes_to


@pytest.mark.parametrize("scanned", [scanned for scanned, _ in TABLE.values()], ids=TABLE)
def test_only_what_is_counted_is_recorded_and_two_choices_are_the_most(scanned: Scan) -> None:
    decision = scanned.decide()
    assert bool(decision.facts) == (decision.answer == Answer.COUNTED)
    assert len(decision.choices) in (0, 2)
    assert not decision.choices or decision.choices[-1] == Choice.NO
    assert decision == scanned.decide()


def test_every_answer_choice_and_state_of_a_bundle_is_in_the_table() -> None:
    assert {said.answer for _, said in TABLE.values()} | {Answer.NOT_A_LABEL} == set(Answer)
    assert {choice for _, said in TABLE.values() for choice in said.choices} == set(Choice)
    assert {scanned.state.status for scanned, _ in TABLE.values() if scanned.state} == set(BundleStatus)
    assert {scanned.policy.missing_steps for scanned, _ in TABLE.values()} == set(MissingSteps)


# What is not a bundle of ours


@pytest.mark.parametrize(
    ("text", "answer", "reason"),
    [
        (ELSEWHERE, Answer.STOP, "other_atelier"),
        (CODE, Answer.UNKNOWN, "unknown_bundle"),
        (CODE[4:], Answer.UNKNOWN, "unknown_bundle"),
        (CODE[:-1] + ("B" if CODE[-1] != "B" else "C"), Answer.NOT_A_LABEL, "wrong_check"),
        (CODE[:7], Answer.NOT_A_LABEL, "half_code"),
        ("3760123456789", Answer.NOT_A_LABEL, "product_code"),
        ("https://example.org", Answer.NOT_A_LABEL, "web_address"),
        ("", Answer.NOT_A_LABEL, "empty"),
        ("\x1b@", Answer.NOT_A_LABEL, "control_characters"),
    ],
)
def test_what_is_no_bundle_here_is_named_and_changes_nothing(text: str, answer: Answer, reason: str) -> None:
    reading = read_code(text, home_site=HOME)
    decision = decide(reading, None, DEFAULT_ROUTING, station_does="sew", home_site=HOME, policy=FILL_2)
    assert decision == Decision(answer, reason)


@pytest.mark.parametrize("found", [kind for kind in Found if kind != Found.BUNDLE])
def test_a_read_that_is_no_bundle_never_counts_even_with_a_bundle_at_hand(found: Found) -> None:
    decision = decide(Reading(found), CUT, DEFAULT_ROUTING, station_does="sew", home_site=HOME, policy=ALLOW)
    assert (decision.answer, decision.facts) == (Answer.NOT_A_LABEL, ())


def test_a_bundle_received_from_another_atelier_counts_like_any_other() -> None:
    received = BundleState(ELSEWHERE, 20)
    reading = read_code(ELSEWHERE, home_site=HOME)
    decision = decide(reading, received, DEFAULT_ROUTING, station_does="cut", home_site=HOME, policy=WARN)
    assert decision.facts == (StepDone(ELSEWHERE, "cut", good=20),)


# Details of the answers


def test_already_done_says_when() -> None:
    assert scan(SEWN, "sew").at_ms == AT_10_42


def test_a_step_with_a_policy_of_its_own_follows_it() -> None:
    strict = Operation("sew", Section.SEW, after=("cut",), policy=WARN)
    routing = Routing((DEFAULT_ROUTING.operations[0], strict, DEFAULT_ROUTING.operations[2]))
    assert scan(NEW, "sew", policy=ALLOW, routing=routing).reason == "step_missing"


@pytest.mark.parametrize(
    "quantities",
    [Q(0), Q(-1), Q(-5, rejected=5), Q(rejected=-1), Q(21, rejected=-1), Q(10, -1, 5, 1), Q(to_rework=-20)],
)
@pytest.mark.parametrize("choice", [None, Choice.CONFIRM])
def test_none_or_fewer_than_none_never_count(quantities: Quantities, choice: Choice | None) -> None:
    decision = scan(CUT, "sew", quantities, choice)
    assert (decision.answer, decision.facts) == (Answer.LOOK, ())


def test_a_quantity_said_once_does_not_leak_into_the_next_bundle() -> None:
    scan(CUT, "sew", Quantities(15), Choice.CONFIRM)
    assert scan(CUT, "sew").pieces == 20


@pytest.mark.parametrize("choice", [None, Choice.CONFIRM])
def test_a_quantity_said_for_a_presumed_step_is_never_counted_as_the_whole(choice: Choice | None) -> None:
    decision = scan(CUT_PRESUMED, "cut", Quantities(17, rejected=3), choice)
    assert decision.facts == () or decision.pieces == 17


def test_pieces_back_from_rework_show_old_and_new_before_a_part_of_them_counts() -> None:
    said = Quantities(rejected=1)
    question = scan(IN_REWORK, "sew", said)
    if question.reason == "in_rework" and not question.before:
        question = scan(IN_REWORK, "sew", said, Choice.REPAIRED)
    assert (question.answer, question.before, question.quantities.rejected) == (Answer.LOOK, 3, 1)


# Where the bundle goes next: only to where pieces of it wait


@pytest.mark.parametrize(
    ("story", "station", "quantities", "routing", "goes_to"),
    [
        ([done("cutting")], "front", WHOLE, FRONT_AND_BACK, "back"),
        ([done("cutting"), done("back")], "front", WHOLE, FRONT_AND_BACK, "join"),
        ([presumed("cut"), presumed("sew"), done("finish")], "sew", WHOLE, DEFAULT_ROUTING, ""),
        ([done("cut")], "sew", Quantities(rejected=20), DEFAULT_ROUTING, ""),
        ([done("cut")], "sew", Quantities(to_rework=20), DEFAULT_ROUTING, "sew"),
    ],
    ids=["to_the_other_branch", "to_the_join", "nowhere_when_finished", "nowhere_when_all_rejected", "to_rework"],
)
def test_a_counted_bundle_is_sent_where_pieces_of_it_wait(
    story: list[Event], station: str, quantities: Quantities, routing: Routing, goes_to: str
) -> None:
    decision = scan(bundle(*story), station, quantities, Choice.CONFIRM, routing=routing)
    assert (decision.answer, decision.goes_to) == (Answer.COUNTED, goes_to)


# Stories


def test_twenty_in_and_three_repaired_are_twenty_out_and_not_twenty_three() -> None:
    state = CUT
    state = after(state, scan(state, "sew", Quantities(to_rework=3), Choice.CONFIRM).facts)
    state = after(state, scan(state, "finish").facts)
    assert state.at("finish").good == 17
    state = after(state, scan(state, "sew", choice=Choice.REPAIRED).facts)
    assert scan(state, "finish").reason == "rest"
    state = after(state, scan(state, "finish", choice=Choice.COUNT_REST).facts)
    assert (state.at("sew").good, state.at("finish").good, state.at("sew").in_rework) == (20, 20, 0)
    assert scan(state, "sew").answer == scan(state, "finish").answer == Answer.ALREADY_DONE


def test_two_parts_joined_into_one_garment_count_one() -> None:
    state = bundle()
    for station in ("cutting", "back", "front", "join"):
        decision = scan(state, station, routing=FRONT_AND_BACK)
        assert (decision.answer, decision.pieces) == (Answer.COUNTED, 20)
        state = after(state, decision.facts)
    assert state.at("join").good == 20
    assert scan(state, "join", routing=FRONT_AND_BACK).answer == Answer.ALREADY_DONE


def test_parts_are_joined_only_as_far_as_each_of_them_has_come() -> None:
    only_front = bundle(done("cutting"), done("front"))
    assert scan(only_front, "join", routing=FRONT_AND_BACK).goes_to == "back"
    uneven = bundle(done("cutting"), done("front"), done("back", 12))
    assert scan(uneven, "join", routing=FRONT_AND_BACK).pieces == 12
    filled = scan(only_front, "join", policy=FILL_1, routing=FRONT_AND_BACK)
    assert filled.facts == (presumed("back"), done("join", steps_with_it=1))


def test_a_station_of_a_section_counts_its_steps_one_after_the_other() -> None:
    state, counted = bundle(done("cutting")), []
    for _ in range(2):
        decision = scan(state, "sew", routing=HEM_AND_JOIN)
        counted.append((decision.answer, decision.operation, decision.goes_to))
        state = after(state, decision.facts)
    assert counted == [(Answer.COUNTED, "hem", "join"), (Answer.COUNTED, "join", "packing")]
    assert scan(state, "sew", routing=HEM_AND_JOIN).answer == Answer.ALREADY_DONE


def test_a_station_of_a_section_takes_back_the_rework_of_each_of_its_steps() -> None:
    state = bundle(done("cutting"), done("hem", 17, to_rework=3), done("join", 17))
    assert scan(state, "sew", routing=HEM_AND_JOIN).reason == "in_rework"
    repaired = scan(state, "sew", choice=Choice.REPAIRED, routing=HEM_AND_JOIN)
    assert repaired.facts == (ReworkDone(CODE, "hem", good=3),)


def test_a_station_of_a_section_takes_back_a_bundle_that_is_all_in_rework_there() -> None:
    state = bundle(done("cutting"), done("hem", 0, to_rework=20))
    decision = scan(state, "sew", choice=Choice.REPAIRED, routing=HEM_AND_JOIN)
    assert decision.facts == (ReworkDone(CODE, "hem", good=20),)


def test_a_station_of_a_section_makes_each_of_its_presumed_steps_real() -> None:
    state = bundle(done("cutting"), presumed("hem"), presumed("join"), done("packing"))
    for _ in range(2):
        state = after(state, scan(state, "sew", routing=HEM_AND_JOIN).facts)
    assert [(state.at(code).good, state.at(code).presumed) for code in ("hem", "join")] == [(20, 0), (20, 0)]


def test_a_forgotten_scan_never_blocks_the_line() -> None:
    for policy, choice in ((ALLOW, None), (FILL_2, None), (WARN, Choice.COUNT_ANYWAY)):
        state = after(NEW, scan(NEW, "finish", choice=choice, policy=policy).facts)
        assert state.at("finish").good == 20
        assert state.at("cut").good == state.at("sew").good == 0
        for late in ("sew", "cut"):
            state = after(state, scan(state, late, policy=policy).facts)
            assert (state.at(late).good, state.at(late).passed) == (20, 20)
        assert not any(waiting(state, DEFAULT_ROUTING, operation) for operation in DEFAULT_ROUTING.operations)


def test_another_bundle_right_after_counts_on_its_own() -> None:
    neighbour = BundleState(bundle_code(HOME, 71_343, 9), 12)
    reading = Reading(Found.BUNDLE, neighbour.code)
    first = scan(NEW, "cut")
    second = decide(reading, neighbour, DEFAULT_ROUTING, station_does="cut", home_site=HOME, policy=WARN)
    assert (first.pieces, second.pieces) == (20, 12)
    assert second.facts == (StepDone(neighbour.code, "cut", good=12),)
