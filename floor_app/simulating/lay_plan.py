"""What is cut on a simulated day: orders, their lays, and the bundles each lay gives."""

import random
from collections import Counter
from dataclasses import dataclass, replace

from floor_app.domain.bundles import make_bundles
from floor_app.domain.lays import Lay, MarkerSize, Roll
from floor_app.simulating.acts import PlannedBundle, PlannedLay, PlannedOrder
from floor_app.simulating.rates import Habits

LAST_LAY_BEFORE_CLOSING = 60  # minutes: nothing of a later one would be sewn
STILL_TO_CUT = 25  # pieces of each line, so that no order is finished and all stay on the board
MOST_STILL_READY = 3  # bundles: paper ends in the labels of a lay that has more
_SHADES = ("A", "B")


@dataclass(frozen=True, slots=True)
class Shop:
    """What the set-up of the atelier decides. `missing_steps`: warn, allow or fill. `minutes`: the working day."""

    missing_steps: str = "warn"
    bundle_cap: int = 20
    bundle_tolerance: int = 2
    has_printer: bool = True
    minutes: float = 480.0


@dataclass(frozen=True, slots=True)
class _Style:
    client: str
    name: str
    colours: tuple[str, ...]
    marker: tuple[tuple[str, int], ...]


_STYLES = (
    _Style("Ville de Lille", "Tablier de cuisine", ("Bleu marine", "Écru"), (("S", 1), ("M", 2), ("L", 2), ("XL", 1))),
    _Style("CHU de Nantes", "Blouse", ("Blanc", "Vert d’eau"), (("S", 1), ("M", 1), ("L", 1))),
    _Style("Région Occitanie", "Sac à vrac", ("Écru",), (("unique", 4),)),
)


def plan_lays(seed: int, chance: random.Random, shop: Shop, habits: Habits) -> tuple[PlannedLay, ...]:
    """One after the other through the day, the opening ones at once."""
    lays = list[PlannedLay]()
    minute = 0.0
    while minute <= shop.minutes - LAST_LAY_BEFORE_CLOSING:
        lay = _lay(seed, chance, shop, habits, at_minute=minute)
        lays.append(lay)
        if len(lays) >= habits.opening_lays:
            minute += _pieces(lay) / habits.cut_pieces_a_minute
    return _with_paper_ends(lays, chance, habits) if shop.has_printer else tuple(lays)


def orders_of(lays: tuple[PlannedLay, ...]) -> tuple[PlannedOrder, ...]:
    """The orders that were cut from, each line somewhat larger than what is cut of it today."""
    cut = Counter[tuple[str, str, str]]()
    for lay in lays:
        for bundle in lay.bundles:
            cut[lay.order, bundle.size, lay.colour] += bundle.quantity
    return tuple(_order(code, cut) for code in sorted({lay.order for lay in lays}))


def _lay(seed: int, chance: random.Random, shop: Shop, habits: Habits, *, at_minute: float) -> PlannedLay:
    place = chance.randrange(len(_STYLES))
    style, order = _STYLES[place], _order_code(seed, place)
    colour, shade, plies = chance.choice(style.colours), chance.choice(_SHADES), chance.randint(*habits.plies)
    marker = tuple(MarkerSize(size, ratio) for size, ratio in style.marker)
    drafts = make_bundles(
        Lay(order, colour, marker, (Roll(plies, shade),)), cap=shop.bundle_cap, tolerance=shop.bundle_tolerance
    )
    bundles = tuple(PlannedBundle(draft.size, draft.quantity) for draft in drafts)
    written = " ".join(f"{size}:{ratio}" for size, ratio in style.marker)
    return PlannedLay(order, colour, written, plies, shade, at_minute, bundles)


def _with_paper_ends(lays: list[PlannedLay], chance: random.Random, habits: Habits) -> tuple[PlannedLay, ...]:
    long_enough = [place for place, lay in enumerate(lays) if len(lay.bundles) > MOST_STILL_READY]
    chosen = set(chance.sample(long_enough, min(habits.paper_ends, len(long_enough))))
    return tuple(replace(lay, paper_ends=True) if place in chosen else lay for place, lay in enumerate(lays))


def _pieces(lay: PlannedLay) -> int:
    return sum(bundle.quantity for bundle in lay.bundles)


def _order_code(seed: int, place: int) -> str:
    return f"SIM-{seed}-{place + 1}"


def _order(code: str, cut: Counter[tuple[str, str, str]]) -> PlannedOrder:
    """All sizes of a style in every colour that was cut, also where a size has none today."""
    style = _STYLES[int(code.rpartition("-")[2]) - 1]
    colours = sorted({colour for order, _, colour in cut if order == code})
    lines = tuple(
        (size, colour, cut[code, size, colour] + STILL_TO_CUT) for colour in colours for size, _ in style.marker
    )
    return PlannedOrder(code, style.client, style.name, lines)
