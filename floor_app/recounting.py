"""Correcting what a station's screen shows: that very count is taken back or counted anew, never another that came between."""

from dataclasses import replace

import sqlite_utils

from floor_app.domain.events import Moment
from floor_app.domain.scans import Answer, Choice, Decision, Quantities
from floor_app.scanning import Home, Scan, ScanAnswer, record_scan, undo_last
from floor_app.store import events, stations


def undo_shown(db: sqlite_utils.Database, scan: Scan, *, shown: str, moment: Moment) -> ScanAnswer:
    """Takes back the last count of the station if scan `shown` made it, else `not_the_last`. `shown` "": whatever is last."""
    if not events.find(db, scan.id) and not _is_last(db, scan.station, shown):
        return ScanAnswer(Decision(Answer.LOOK, "not_the_last"))
    return undo_last(db, scan, moment=moment)


def recount(db: sqlite_utils.Database, scan: Scan, *, shown: str, moment: Moment, home: Home) -> ScanAnswer:
    """Takes back the count that scan `shown` made and counts its bundle anew with `scan.quantities`: both or neither.

    The same id again answers the same, once counted. Refused with the reason of the undo or of the count.
    """
    if events.find(db, scan.id):
        return record_scan(db, scan, moment=moment, home=home)
    last = stations.last_count(db, scan.station)
    if last is None or not _is_last(db, scan.station, shown):
        return ScanAnswer(Decision(Answer.LOOK, "not_the_last"))
    try:
        with db.atomic():
            return _undo_and_count(db, replace(scan, text=last.bundle), moment=moment, home=home)
    except _Refused as refused:
        return refused.answer


class _Refused(Exception):
    """Nothing may stay of what was done so far: carries the answer out of the savepoint."""

    def __init__(self, answer: ScanAnswer) -> None:
        super().__init__(answer.decision.reason)
        self.answer = answer


def _undo_and_count(db: sqlite_utils.Database, scan: Scan, *, moment: Moment, home: Home) -> ScanAnswer:
    undone = undo_last(db, replace(scan, id=f"{scan.id}#undo"), moment=moment)
    if undone.event_seq is None:
        raise _Refused(undone)
    counted = record_scan(db, replace(scan, choice=Choice.CONFIRM), moment=moment, home=home)
    if counted.event_seq is None:
        raise _Refused(counted)
    if not _as_said(counted.decision, scan.quantities):
        raise _Refused(replace(counted, decision=Decision(Answer.LOOK, "whole_only"), event_seq=None, event_type=""))
    return counted


def _as_said(decision: Decision, said: Quantities) -> bool:
    """A late real scan of a presumed step counts what was presumed, whatever was said."""
    return decision.quantities == said or (decision.pieces == said.good == said.total)


def _is_last(db: sqlite_utils.Database, station: str, shown: str) -> bool:
    last = stations.last_count(db, station)
    if last is None or not shown:
        return True  # nothing to undo is the undo's own answer
    stored = events.by_seq(db, last.facts[-1][0])
    return stored is not None and stored.id == shown
