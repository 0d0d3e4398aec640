"""Asking for the labels of a whole lay: the first time as they are, any other time as duplicates, never twice at once."""

import sqlite_utils

from floor_app import printing
from floor_app.domain.events import Moment
from floor_app.printing import LabelPlace
from floor_app.store import bundles, lays, print_jobs


def print_lay_once(
    db: sqlite_utils.Database, order: str, number: int, *, place: LabelPlace, sent_id: str, moment: Moment
) -> str:
    """`queued`; `queued_again`: as duplicates, marked and counted.

    Or why not: `waiting`: labels of this lay still wait (also when a form is sent twice); `nothing`: no such lay, or undone.
    """
    lay = lays.by_number(db, order, number)
    if lay is None or lay.undone:
        return "nothing"
    states = lays.label_states(db, lay.id)
    if any(state in print_jobs.OPEN_STATES for state in states.values()):
        return "waiting"
    if not any(state in ("confirmed", "unknown") for state in states.values()):
        printing.print_lay(db, order, number, place=place, moment=moment)
        return "queued"
    for card in bundles.cards_of_lay(db, order, number):
        printing.reprint(db, card.code, place=place, event_id=f"{sent_id}#{card.number}", moment=moment)
    return "queued_again"
