"""One day's counts for a French spreadsheet."""

from floor_app.store.day_counts import DayCount
from groundwork.spreadsheets import Cell, csv_of

_COLUMNS = (
    "jour",
    "commande",
    "client",
    "modele",
    "taille",
    "coloris",
    "etape",
    "bonnes",
    "deuxieme_choix",
    "rebut",
    "envoyees_en_retouche",
    "revenues_de_retouche",
    "presumees",
    "declarees_manquantes",
    "defauts",
)


def day_csv(day: str, counts: list[DayCount]) -> bytes:
    """One row per order, size, colour and step counted on `day` (ISO)."""
    return csv_of([_COLUMNS, *(_row(day, count) for count in counts)])


def _row(day: str, count: DayCount) -> tuple[Cell, ...]:
    line = (count.order, count.client, count.style, count.size, count.colour, count.operation)
    numbers = (count.good, count.second, count.rejected, count.to_rework, count.from_rework, count.presumed)
    return (day, *line, *numbers, count.missing, count.defects)
