"""Label printers: a language (what is said) over a port (where). Everything the app needs is imported from here."""

from devices.printers.escpos import EscPos
from devices.printers.port_printer import PortPrinter
from devices.printers.printer import Language, Outcome, Printer, PrinterProfile, PrinterStatus
from devices.printers.tspl import Tspl
from devices.printers.zpl import Zpl

__all__ = ["LANGUAGES", "Language", "Outcome", "Printer", "PrinterProfile", "PrinterStatus", "printer_for"]

# A new language = one file beside escpos.py and one line here. `escpos_queued` is for ESC/POS printers without GS ( H;
# `zpl_z64` for Zebra printers on a slow line: one that only follows ZPL may know no Z64, and feed a blank label.
LANGUAGES: dict[str, Language] = {
    "escpos": EscPos(),
    "escpos_queued": EscPos(process_id=False),
    "zpl": Zpl(),
    "zpl_z64": Zpl(compressed=True),
    "tspl": Tspl(),
}


def printer_for(profile: PrinterProfile) -> Printer:
    """The printer of a profile. Opens nothing. ValueError when the language is not known."""
    if profile.language not in LANGUAGES:
        raise ValueError(f"printer {profile.name}: language {profile.language!r}; write one of {', '.join(LANGUAGES)}")
    return PortPrinter(profile, LANGUAGES[profile.language])
