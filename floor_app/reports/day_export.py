"""One day's counts for a French spreadsheet: `;`, decimal comma, BOM, and no cell that a spreadsheet would run."""

import csv
import io

from floor_app.store.day_counts import DayCount

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
_RUNS_IN_A_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")


def day_csv(day: str, counts: list[DayCount]) -> bytes:
    """UTF-8 with BOM; one row per order, size, colour and step counted on `day` (ISO)."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for count in counts:
        texts = (count.order, count.client, count.style, count.size, count.colour, count.operation)
        numbers = (count.good, count.second, count.rejected, count.to_rework, count.from_rework, count.presumed)
        writer.writerow([day, *(harmless(text) for text in texts), *numbers, count.missing, count.defects])
    return written.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """A leading apostrophe keeps a spreadsheet from running a text as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_RUNS_IN_A_SPREADSHEET) else text
