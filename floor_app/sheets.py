"""What goes on an A4 sheet: the labels of a lay, chosen bundles, command cards, station cards. The words come from who asks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import sqlite_utils

from floor_app.config import StationConfig
from floor_app.domain.cards import Card, Command
from floor_app.domain.codes import Found, read_code
from floor_app.domain.progress import BundleStatus
from floor_app.domain.routings import Section
from floor_app.labels import pictured_label
from floor_app.store import bundles, lays
from floor_app.store.bundles import BundleCard
from floor_app.texts import LANGUAGES, Words
from label_templates.cards import CommandCard, StationCard
from label_templates.sheet import SheetItem

MOST_QUANTITY = 24
MOST_FATE = 3  # pieces a card says at once; two cards one after the other say more
DEFECTS = ("stain", "hole", "open_seam", "pulled_thread", "wrong_size", "wrong_colour", "inside_out")
"""By the number on their card, from 1. Printed on paper: a number never changes its meaning, new ones go at the end."""

Picture = Callable[[str], str]
_SECTIONS = frozenset(section.value for section in Section)


@dataclass(frozen=True, slots=True)
class CardKind:
    """A card as it is printed. `name`: of its words; `picture`: of its drawing; `number`: what stands large on it."""

    card: Card
    name: str
    picture: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class ChosenBundles:
    """`unknown`: the lines in which no bundle was found."""

    cards: tuple[BundleCard, ...]
    unknown: tuple[str, ...]


def _plain(*commands: tuple[Command, str]) -> tuple[CardKind, ...]:
    return tuple(CardKind(Card(command), command.value, picture) for command, picture in commands)


def _numbered(command: Command, picture: str, most: int) -> tuple[CardKind, ...]:
    return tuple(CardKind(Card(command, n), command.value, picture, str(n)) for n in range(1, most + 1))


CARD_SETS: dict[str, tuple[CardKind, ...]] = {
    "actions": _plain(
        (Command.UNDO, "undo"),
        (Command.HELP, "help"),
        (Command.YES, "seen"),
        (Command.NO, "nothing_changed"),
        (Command.PAUSE, "pause"),
        (Command.END_OF_DAY, "end_of_day"),
        (Command.PRACTICE, "practice"),
    ),
    "quantities": _numbered(Command.QUANTITY, "quantity", MOST_QUANTITY),
    "fates": (
        *_numbered(Command.REWORK, "rework", MOST_FATE),
        *_numbered(Command.REJECT, "rejected", MOST_FATE),
        *_numbered(Command.SECOND, "second", MOST_FATE),
    ),
    "defects": tuple(
        CardKind(Card(Command.DEFECT, n), f"defect_{defect}", f"defect_{defect}", str(n))
        for n, defect in enumerate(DEFECTS, start=1)
    ),
    "languages": tuple(
        CardKind(Card(Command.LANGUAGE, n), f"language_{language}", "language") for n, language in enumerate(LANGUAGES)
    ),
}


def lay_labels(db: sqlite_utils.Database, order: str, number: int) -> tuple[BundleCard, ...]:
    """The bundles of a lay that still count, by number; none for a lay that is unknown or undone."""
    lay = lays.by_number(db, order, number)
    if lay is None or lay.undone:
        return ()
    return tuple(card for card in bundles.cards_of_lay(db, order, number) if card.status != BundleStatus.CANCELLED)


def chosen_bundles(db: sqlite_utils.Database, lines: Iterable[str], *, home_site: str) -> ChosenBundles:
    """One bundle a line: by its code, or by « order number ». Each once, in the order of the lines."""
    found, unknown = dict[str, BundleCard](), list[str]()
    for line in lines:
        card = _bundle(db, line, home_site)
        if card is None or card.status == BundleStatus.CANCELLED:
            unknown.append(line)
        else:
            found[card.code] = card
    return ChosenBundles(tuple(found.values()), tuple(unknown))


def bundle_items(db: sqlite_utils.Database, cards: Sequence[BundleCard], t: Words) -> list[SheetItem]:
    """As they were last asked for: with their DUPLICATA where there was one."""
    return [
        SheetItem(
            "bundle",
            pictured_label(db, card, duplicate=card.duplicates),
            t("sheets.about_bundle", order=card.order, number=card.number, of=card.bundle_count),
        )
        for card in cards
    ]


def card_items(kinds: Iterable[CardKind], t: Words, picture: Picture) -> list[SheetItem]:
    """`picture`: name of a drawing → its SVG."""
    return [_card_item(kind, t, picture) for kind in kinds]


def station_items(
    stations: Iterable[StationConfig], t: Words, picture: Picture, *, atelier: str, address: str
) -> list[SheetItem]:
    """`address`: how a tablet names this machine, no slash at the end."""
    return [_station_item(station, t, picture, atelier, address) for station in stations]


def _bundle(db: sqlite_utils.Database, line: str, home_site: str) -> BundleCard | None:
    reading = read_code(line, home_site=home_site)
    if reading.found == Found.BUNDLE:
        return bundles.card(db, reading.code)
    order, _, number = line.rpartition(" ")
    return next((card for card in bundles.search(db, line) if (card.order, str(card.number)) == (order, number)), None)


def _card_item(kind: CardKind, t: Words, picture: Picture) -> SheetItem:
    title, hint = t(f"sheets.card_{kind.name}"), f"sheets.card_{kind.name}_hint"
    said = t(hint) if t.has(hint) else ""
    card = CommandCard(kind.card.code, title, said, kind.number, picture(kind.picture))
    return SheetItem("command_card", card, t("sheets.about_card", title=title, number=kind.number))


def _station_item(station: StationConfig, t: Words, picture: Picture, atelier: str, address: str) -> SheetItem:
    noun, opens = f"operations.{station.operation}_noun", f"{address}/station/{station.name}"
    step = t(noun) if t.has(noun) else station.operation
    drawing = picture(station.operation if station.operation in _SECTIONS else "step")
    card = StationCard(opens, station.title, step, atelier, opens, drawing)
    return SheetItem("station_card", card, t("sheets.about_station", station=station.title))
