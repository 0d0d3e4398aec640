"""A label from its template to the printer's bytes, beside the time a printer needs to move the paper."""

import statistics
import time
from collections.abc import Sequence
from itertools import count, islice

from bench.effort import Workbench
from bench.figures import Outcome, Ratio
from bench.floors import SITE
from devices.printers import LANGUAGES, PrinterProfile
from floor_app.domain.codes import bundle_code
from label_templates.render import SIZES, BundleLabel, render_label

PRINTER_MM_PER_S = 100
SIZE = "50x30"
LANGUAGE = "escpos"
WIDTH_DOTS, DOTS_PER_MM = 576, 8.0


def measure_labels(bench: Workbench) -> Outcome:
    numbers = count()  # none twice: what was drawn once is drawn faster again
    made_s = {language: _made_s(language, list(islice(numbers, bench.effort.labels + 1))) for language in LANGUAGES}
    printed_s = SIZES[SIZE].height_mm / PRINTER_MM_PER_S
    each = ", ".join(f"{language} {took_s * 1000:.1f}" for language, took_s in made_s.items())
    note = f"one {SIZE} label from SVG to the printer's bytes, ms: {each}; printed in {printed_s * 1000:.0f} ms"
    ratio = Ratio("label SVG → raster → ESC/POS / printing it at 100 mm/s", 1 / 20, made_s[LANGUAGE] / printed_s)
    return Outcome((ratio,), (), (note,))


def _made_s(language: str, numbers: Sequence[int]) -> float:
    _make(language, numbers[0])  # fonts and libraries are loaded with the first
    return statistics.median(_make(language, number) for number in numbers[1:])


def _make(language: str, number: int) -> float:
    label = BundleLabel(
        code=bundle_code(SITE, number, number % 256),
        order=f"OF-{number:06d}",
        style="Blouse manches longues",
        colour="Bleu marine",
        size="XL",
        quantity=20,
        bundle_number=number,
        bundle_count=number + 40,
        shade="A",
        lay="3",
        ply_from=1,
        ply_to=20,
    )
    profile = PrinterProfile("labels", "", language, WIDTH_DOTS, DOTS_PER_MM)
    started_at = time.perf_counter()
    image = render_label("bundle", label, size=SIZE, dots_per_mm=DOTS_PER_MM, width_dots=WIDTH_DOTS)
    LANGUAGES[language].encode(image, profile)
    return time.perf_counter() - started_at
