"""How large a label is, and how long a link takes for it: the table of docs/devices.md. Run as a program, this file writes it."""

import re
from pathlib import Path

from devices.printers import LANGUAGES, PrinterProfile
from label_templates.render import SIZES, render_label
from tests.label_templates.labels import bundle

PAGE = Path(__file__).parents[2] / "docs" / "devices.md"
BLOCK = re.compile(r"(<!-- label bytes: begin -->\n).*?(<!-- label bytes: end -->)", re.DOTALL)
SHOWN = ("escpos", "zpl", "zpl_z64", "tspl")
DOTS_PER_MM, WIDTH_DOTS = 8.0, 576
PRINTER_MM_S = 100
BITS_A_BYTE = 10  # on a serial line: start, eight, stop
LINKS = (("9600 baud", 9_600 / BITS_A_BYTE), ("115200 baud", 115_200 / BITS_A_BYTE), ("USB 12 Mbit/s", 1_000_000.0))
"""Bytes a second. USB full speed carries about a megabyte in bulk; Ethernet more."""


def label_bytes(size: str, language: str) -> int:
    image = render_label("bundle", bundle(), size=size, dots_per_mm=DOTS_PER_MM, width_dots=WIDTH_DOTS)
    profile = PrinterProfile("cutting", "socket://127.0.0.1:9", language, WIDTH_DOTS, DOTS_PER_MM)
    return len(LANGUAGES[language].encode(image, profile))


def table() -> str:
    links = "".join(f" {name} |" for name, _ in LINKS)
    rows = [
        f"| label | language | bytes |{links} paper at {PRINTER_MM_S} mm/s |",
        f"|---|---|---|{'---|' * len(LINKS)}---|",
    ]
    for size in SIZES:
        printed_s = SIZES[size].height_mm / PRINTER_MM_S
        for language in SHOWN:
            count = label_bytes(size, language)
            times = "".join(f" {_seconds(count / rate)} |" for _, rate in LINKS)
            rows.append(f"| {size} | {language} | {count:,} |{times} {_seconds(printed_s)} |".replace(",", " "))
    return "\n".join(rows) + "\n"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def with_table(page: str) -> str:
    return BLOCK.sub(lambda block: block[1] + table() + block[2], page)


def test_the_page_says_how_large_a_label_is_and_how_long_each_link_takes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(BLOCK.findall(page)) == 1
    assert with_table(page) == page, "write it anew: python tests/devices/test_label_bytes.py"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
