"""Recording a scan: the only place that orders the steps. One road for serial, keyboard, camera, network and typed codes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import sqlite_utils

from floor_app.domain.cards import Card, Command, read_card
from floor_app.domain.codes import Found, read_code
from floor_app.domain.events import DefectFound, Event, HelpAnswered, HelpCalled, Moment, ReworkDone, Scanned, StepDone
from floor_app.domain.routings import DEFAULT_ROUTING, Policy
from floor_app.domain.scans import WHOLE, Answer, Choice, Decision, Quantities, decide
from floor_app.domain.undoing import decide_undo
from floor_app.store import bundles, events, projections, scan_looks, stations
from floor_app.store.bundles import BundleCard, StandingBundle
from floor_app.store.events import StoredEvent
from floor_app.store.stations import Asked

E = TypeVar("E", bound=Event)
BOUNCE_MS = 1_500  # two QR on one label: the second read of the same scan must not confirm a question


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading at one station. `id` was made where it happened and stays through any number of retries.

    `symbology`: AIM identifier of the code, where the scanner sends it; kept with what it records, and decides nothing.
    """

    id: str
    text: str
    station: str
    station_does: str
    quantities: Quantities = WHOLE
    choice: Choice | None = None
    symbology: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """What the atelier's set-up brings to a scan."""

    site: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """The decision, the sequence number of the event that counts (`None`: nothing changed), and the bundle it is about."""

    decision: Decision
    event_seq: int | None = None
    event_type: str = ""
    bundle: BundleCard | None = None
    card: Card | None = None
    replayed: bool = False


def record_scan(db: sqlite_utils.Database, scan: Scan, *, moment: Moment, home: Home) -> ScanAnswer:
    """Decides a scan and records what it counts, in the writer's transaction. The same id again answers the same, once counted."""
    reading = read_code(scan.text, home_site=home.site)
    read_bundle = reading.code if reading.found == Found.BUNDLE else ""
    seen = scan_looks.look(db, scan_id=scan.id, station=scan.station, bundle=read_bundle)
    if seen.earlier:
        return _as_before(db, seen.earlier)
    if reading.found == Found.CARD:
        return _obey_card(db, scan, read_card(reading.code), moment=moment, home=home)
    standing, asked = seen.standing, seen.asked
    said = _said_before(scan, asked, reading.code, moment) if standing else scan
    decision = decide(
        reading,
        standing.state if standing else None,
        standing.routing if standing else DEFAULT_ROUTING,
        station_does=scan.station_does,
        home_site=home.site,
        policy=home.policy,
        quantities=said.quantities,
        choice=said.choice,
    )
    if standing:
        _keep_question(db, scan, asked, standing.card.code, decision, moment)
    seq = _record_counts(db, scan, decision, standing, moment) if standing else None
    event_type = decision.facts[-1].type if decision.facts else ""
    return ScanAnswer(decision, seq, event_type, standing.card if standing else None)


def undo_last(db: sqlite_utils.Database, scan: Scan, *, moment: Moment) -> ScanAnswer:
    """Takes back the last count of the station, unless the bundle has gone on."""
    earlier = events.find(db, scan.id)
    if earlier:
        return _as_before(db, earlier)
    last = stations.last_count(db, scan.station)
    standing = bundles.standing(db, last.bundle) if last else None
    decision = decide_undo(
        last, standing.state if standing else None, standing.routing if standing else DEFAULT_ROUTING
    )
    stations.forget_asked(db, scan.station)
    seq = _record_facts(db, scan, decision.facts, moment)
    event_type = decision.facts[-1].type if decision.facts else ""
    return ScanAnswer(decision, seq, event_type, bundles.card(db, last.bundle) if last else None)


def call_help(db: sqlite_utils.Database, scan: Scan, *, moment: Moment) -> ScanAnswer:
    """The help button of a station screen: the same as the card."""
    earlier = events.find(db, scan.id)
    return _as_before(db, earlier) if earlier else _call_help(db, scan, Card(Command.HELP), moment)


def answer_help(db: sqlite_utils.Database, station: str, *, event_id: str, moment: Moment) -> bool:
    """A supervisor is there: the call is taken off the board. False when nobody was calling."""
    if not stations.help_is_called(db, station) or events.find(db, event_id):
        return False
    projections.record(db, HelpAnswered(), event_id=event_id, moment=moment, station=station)
    return True


def _record_counts(
    db: sqlite_utils.Database, scan: Scan, decision: Decision, standing: StandingBundle, moment: Moment
) -> int | None:
    """One count, by far the most frequent, goes the short way."""
    first = decision.facts[0] if len(decision.facts) == 1 else None
    if not isinstance(first, StepDone | ReworkDone):
        return _record_facts(db, scan, decision.facts, moment)
    fact = _with_symbology(first, scan.symbology)
    return projections.record_count(
        db, fact, event_id=scan.id, moment=moment, station=scan.station, bundle=standing
    ).seq


def _with_symbology(fact: E, symbology: str) -> E:
    """It proves what kind of code was read: a barcode of another kind taken for a label shows later, by it."""
    return replace(fact, symbology=symbology) if symbology and isinstance(fact, Scanned) else fact


def _record_facts(db: sqlite_utils.Database, scan: Scan, facts: tuple[Event, ...], moment: Moment) -> int | None:
    """The last fact carries the scan's own id, so that a replay finds it; those before it are numbered."""
    seq = None
    for left, fact in zip(range(len(facts) - 1, -1, -1), facts, strict=True):
        event_id = f"{scan.id}#{left}" if left else scan.id
        fact = _with_symbology(fact, scan.symbology)
        seq = projections.record(db, fact, event_id=event_id, moment=moment, station=scan.station).seq
    return seq


def _said_before(scan: Scan, asked: Asked, code: str, moment: Moment) -> Scan:
    """The scan with what cards said at this station: quantities for the next bundle; the same bundle again confirms them."""
    if scan.choice or not scan.quantities.whole:
        return scan
    if asked.quantities.whole or asked.bundle not in ("", code):
        return scan
    again = asked.bundle == code and moment.recorded_at_ms - asked.asked_at_ms > BOUNCE_MS
    return replace(scan, quantities=asked.quantities, choice=Choice.CONFIRM if again else None)


def _keep_question(
    db: sqlite_utils.Database, scan: Scan, before: Asked, code: str, decision: Decision, moment: Moment
) -> None:
    """A question stays open for its bundle only; whatever else is scanned next drops it."""
    if not decision.choices:
        if before != stations.NOT_ASKED:
            stations.forget_asked(db, scan.station)
        return
    quantities = before.quantities if before.bundle in ("", code) and scan.quantities.whole else scan.quantities
    asked_at_ms = before.asked_at_ms if before.bundle == code else moment.recorded_at_ms
    stations.remember_asked(db, scan.station, Asked(quantities, code, decision.choices[0].value, asked_at_ms))


def _as_before(db: sqlite_utils.Database, earlier: StoredEvent) -> ScanAnswer:
    """What was answered when this id came first, told from the event it recorded."""
    event = earlier.event
    bundle = bundles.card(db, getattr(event, "bundle", ""))
    pieces = getattr(event, "good", 0)
    operation: str = getattr(event, "operation", "")
    standing = bundles.standing(db, bundle.code) if bundle else None
    following = standing.routing.next_after(operation) if standing and operation else ()
    decision = Decision(
        Answer.COUNTED,
        _REASONS.get(event.type, event.type),
        goes_to=following[0].code if following else "",
        operation=operation,
        pieces=pieces,
    )
    return ScanAnswer(decision, earlier.seq, event.type, bundle, replayed=True)


_REASONS = {"step_done": "counted", "rework_done": "repaired", "count_undone": "undone"}


def _obey_card(db: sqlite_utils.Database, scan: Scan, card: Card | None, *, moment: Moment, home: Home) -> ScanAnswer:
    if card is None:
        return ScanAnswer(Decision(Answer.NOT_A_LABEL, "unknown_card"))
    if card.command == Command.UNDO:
        return replace(undo_last(db, scan, moment=moment), card=card)
    if card.command in (Command.YES, Command.NO):
        return replace(_answer_question(db, scan, card, moment=moment, home=home), card=card)
    if card.command in _ADD_QUANTITY:
        return _add_said(db, scan, card, moment)
    return _RECORDED.get(card.command, _only_shown)(db, scan, card, moment)


def _answer_question(db: sqlite_utils.Database, scan: Scan, card: Card, *, moment: Moment, home: Home) -> ScanAnswer:
    asked = stations.asked(db, scan.station)
    if not asked.bundle:
        stations.forget_asked(db, scan.station)
        return ScanAnswer(Decision(Answer.LOOK, "nothing_asked"))
    choice = Choice(asked.choice) if card.command == Command.YES else Choice.NO
    return record_scan(
        db, replace(scan, text=asked.bundle, choice=choice, quantities=asked.quantities), moment=moment, home=home
    )


_ADD_QUANTITY: dict[Command, Callable[[Quantities, int], Quantities]] = {
    Command.QUANTITY: lambda said, pieces: replace(said, good=pieces),
    Command.SECOND: lambda said, pieces: replace(said, second=said.second + max(1, pieces)),
    Command.REJECT: lambda said, pieces: replace(said, rejected=said.rejected + max(1, pieces)),
    Command.REWORK: lambda said, pieces: replace(said, to_rework=said.to_rework + max(1, pieces)),
}


def _add_said(db: sqlite_utils.Database, scan: Scan, card: Card, moment: Moment) -> ScanAnswer:
    """A quantity waits for one bundle. A card read twice at once (two codes on it) is one card."""
    before = stations.asked(db, scan.station)
    bounced = (
        not before.bundle and before.choice == card.code and moment.recorded_at_ms - before.asked_at_ms <= BOUNCE_MS
    )
    said = before.quantities
    if not bounced:
        said = _ADD_QUANTITY[card.command](WHOLE if before.bundle else said, card.parameter)
        stations.remember_asked(db, scan.station, Asked(said, "", card.code, moment.recorded_at_ms))
    return ScanAnswer(Decision(Answer.LOOK, "scan_the_bundle", pieces=card.parameter, quantities=said), card=card)


def _only_shown(db: sqlite_utils.Database, scan: Scan, card: Card, moment: Moment) -> ScanAnswer:
    """Pause, end of day, practice, language: the station shows it; nothing is recorded of it, on purpose."""
    stations.forget_asked(db, scan.station)
    return ScanAnswer(Decision(Answer.LOOK, f"card_{card.command.value}", pieces=card.parameter), card=card)


def _call_help(db: sqlite_utils.Database, scan: Scan, card: Card, moment: Moment) -> ScanAnswer:
    seq = _record_facts(db, scan, (HelpCalled(),), moment)
    return ScanAnswer(Decision(Answer.COUNTED, "help_called"), seq, HelpCalled.type, card=card)


def _note_defect(db: sqlite_utils.Database, scan: Scan, card: Card, moment: Moment) -> ScanAnswer:
    """On the bundle this station counted last."""
    last = stations.last_count(db, scan.station)
    if last is None:
        return ScanAnswer(Decision(Answer.LOOK, "scan_the_bundle_first"), card=card)
    seq = _record_facts(db, scan, (DefectFound(last.bundle, last.operation, card.parameter),), moment)
    decision = Decision(Answer.COUNTED, "defect_noted", operation=last.operation, pieces=1)
    return ScanAnswer(decision, seq, DefectFound.type, bundles.card(db, last.bundle), card=card)


_RECORDED: dict[Command, Callable[[sqlite_utils.Database, Scan, Card, Moment], ScanAnswer]] = {
    Command.HELP: _call_help,
    Command.DEFECT: _note_defect,
}
