"""Sheets drawn in a process of their own: the same bytes, and what cannot be drawn is said here."""

import threading

import pytest

from floor_app.sheet_drawer import SheetDrawer
from label_templates.label import LabelError
from label_templates.sheet import Sheet, SheetGrid, SheetItem, sheet_pdf
from tests.label_templates.labels import bundle
from tests.label_templates.papers import PAPERS

GRID = SheetGrid(3, 8)


def a_sheet(title: str) -> Sheet:
    return Sheet(title, (SheetItem("bundle", bundle(), "Paquet 3"),), GRID)


def test_it_draws_what_would_be_drawn_here() -> None:
    assert SheetDrawer().draw(sheet_pdf, a_sheet("Matelas")) == sheet_pdf(a_sheet("Matelas"))


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(LabelError, match="no drawing small enough"):
        SheetDrawer().draw(sheet_pdf, Sheet("Cartes", (SheetItem("carton", PAPERS["carton"], "Carton"),), GRID))


def test_two_asked_at_once_both_get_theirs() -> None:
    drawer, drawn = SheetDrawer(), dict[str, bytes]()

    def ask(title: str) -> None:
        drawn[title] = drawer.draw(sheet_pdf, a_sheet(title))

    asking = [threading.Thread(target=ask, args=(title,)) for title in ("Un", "Deux")]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert drawn == {title: sheet_pdf(a_sheet(title)) for title in ("Un", "Deux")}
