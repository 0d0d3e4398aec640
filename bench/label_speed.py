"""A label from its template to the printer's bytes, beside the time a printer needs to move the paper."""

import statistics
import time

from bench.effort import Workbench
from bench.figures import Outcome, Ratio
from bench.floors import SITE
from devices.printers import LANGUAGES, PrinterProfile
from floor_app.domain.codes import bundle_code
from label_templates.render import SIZES, BundleLabel, render_label

PRINTER_MM_PER_S = 100
SIZE = "50x30"
PROFILE = PrinterProfile("labels", "", "escpos", width_dots=576, dots_per_mm=8.0)


def measure_labels(bench: Workbench) -> Outcome:
    _make(0)  # fonts and libraries are loaded with the first
    times_s = [_make(number) for number in range(1, bench.effort.labels + 1)]
    made_s, printed_s = statistics.median(times_s), SIZES[SIZE].height_mm / PRINTER_MM_PER_S
    note = f"one {SIZE} label from SVG to ESC/POS bytes: {made_s * 1000:.1f} ms; printed in {printed_s * 1000:.0f} ms"
    return Outcome(
        (Ratio("label SVG → raster → ESC/POS / printing it at 100 mm/s", 1 / 20, made_s / printed_s),), (), (note,)
    )


def _make(number: int) -> float:
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
    started_at = time.perf_counter()
    image = render_label("bundle", label, size=SIZE, dots_per_mm=PROFILE.dots_per_mm, width_dots=PROFILE.width_dots)
    LANGUAGES[PROFILE.language].encode(image, PROFILE)
    return time.perf_counter() - started_at
