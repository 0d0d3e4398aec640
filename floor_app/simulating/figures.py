"""Every figure of the day by its name: as the simulator knows it from what was done, and as the floor says it."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from floor_app.simulating.acts import Act, DayPlan, Kind
from floor_app.simulating.pieces import STEPS, BundleRef, Deed, Tally

Figure = tuple[str, ...]
Figures = dict[Figure, int]
LAW = ("cut", "received", "finished_good", "second", "rejected", "in_rework", "in_progress", "missing", "sent", "gap")
ORDER = ("planned", "cut", "finished", "left", "today")
EXPORTED = (
    "bonnes",
    "deuxieme_choix",
    "rebut",
    "envoyees_en_retouche",
    "revenues_de_retouche",
    "presumees",
    "declarees_manquantes",
    "defauts",
)


def known_figures(plan: DayPlan, acts: Iterable[Act]) -> Figures:
    """From the deeds alone. Figures that are 0 may be left out."""
    done = list(acts)
    tally = _tally(plan, done)
    deeds = [deed for act in done for deed in act.deeds]
    figures = Counter[Figure]()
    for bundle, quantity in tally.bundles.items():
        figures.update(_of_bundle(plan, tally, bundle, quantity))
    for deed in deeds:
        figures.update(_exported(plan, deed))
    for order in plan.orders:
        planned = sum(pieces for _, _, pieces in order.lines)
        figures["board", order.code, "planned"] = planned
        figures["board", order.code, "left"] = max(0, planned - figures["board", order.code, "finished"])
    for station in {act.station for act in done if act.kind == Kind.HELP}:
        figures["help", station] = 1
    return dict(figures)


def board_figures(plan: DayPlan, board: Mapping[str, Any]) -> Figures:
    """Of the plan's orders; what waits at the steps and who calls for help is the whole floor's."""
    codes = {order.code for order in plan.orders}
    figures: Figures = {}
    for order in board["orders"]:
        if order["order"] in codes:
            figures |= {("board", order["order"], name): order[name] for name in ORDER}
    for line in board["conservation"]:
        if line["order"] in codes:
            named = ("law", line["order"], line["size"], line["colour"])
            figures |= {(*named, name): line[name] for name in LAW}
    for step in board["steps"]:
        figures |= {("waiting", step["operation"], name): step[name] for name in ("bundles", "pieces")}
    return figures | {("help", call["station"]): 1 for call in board["help"]}


def export_figures(plan: DayPlan, exports: Iterable[bytes]) -> Figures:
    """Summed over the exports of all days the simulation touched."""
    codes = {order.code for order in plan.orders}
    figures = Counter[Figure]()
    for content in exports:
        for row in csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"):
            if row["commande"] in codes:
                named = ("export", row["commande"], row["taille"], row["coloris"], row["etape"])
                figures.update({(*named, column): int(row[column]) for column in EXPORTED})
    return dict(figures)


def _tally(plan: DayPlan, acts: list[Act]) -> Tally:
    tally = Tally()
    for act in acts:
        if act.kind == Kind.CUT:
            for place, bundle in enumerate(plan.lays[act.lay].bundles):
                tally.cut(BundleRef(act.lay, place), bundle.quantity)
        for deed in act.deeds:
            tally.add(deed)
    return tally


def _of_bundle(plan: DayPlan, tally: Tally, bundle: BundleRef, quantity: int) -> Counter[Figure]:
    """What one bundle adds to its line, to its order and to the work that waits."""
    order, size, colour = _line(plan, bundle)
    finished, steps = tally.finished(bundle), [tally.at(bundle, step) for step in STEPS]
    law = {
        "cut": quantity,
        "finished_good": finished,
        "second": sum(step.second for step in steps),
        "rejected": sum(step.rejected for step in steps),
        "in_rework": sum(step.in_rework for step in steps),
        "in_progress": quantity - finished - tally.lost(bundle),
    }
    figures = Counter[Figure]({("law", order, size, colour, name): pieces for name, pieces in law.items()})
    today = steps[-1].good
    figures.update(
        {("board", order, "cut"): quantity, ("board", order, "finished"): finished, ("board", order, "today"): today}
    )
    for step in STEPS:
        pieces = tally.waiting(bundle, step)
        figures.update({("waiting", step, "bundles"): int(pieces > 0), ("waiting", step, "pieces"): pieces})
    return figures


def _exported(plan: DayPlan, deed: Deed) -> dict[Figure, int]:
    """What one deed adds to its row of the export, column by column."""
    pieces = deed.pieces
    named = ("export", *_line(plan, deed.bundle), deed.step)
    columns = (
        pieces.good,
        pieces.second,
        pieces.rejected,
        max(0, pieces.in_rework),
        max(0, -pieces.in_rework),
        pieces.presumed,
        0,
        deed.defects,
    )
    return {(*named, column): number for column, number in zip(EXPORTED, columns, strict=True)}


def _line(plan: DayPlan, bundle: BundleRef) -> tuple[str, str, str]:
    """(order, size, colour)"""
    lay = plan.lays[bundle.lay]
    return lay.order, lay.bundles[bundle.place].size, lay.colour
