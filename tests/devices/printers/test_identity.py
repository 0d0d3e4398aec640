"""The language in a printer's IEEE 1284 id: a guess where the id is plain, none where it may lie."""

from __future__ import annotations

import pytest

from devices.printers import LANGUAGES
from devices.printers.identity import guess_language, id_fields

IDS = [
    ("MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;", "escpos"),
    ("MFG:EPSON;CMD:ESC/POS;MDL:TM-m30II;CLS:PRINTER;DES:EPSON TM-m30II", "escpos"),
    ("MFG:Printer;MDL:POS-80;CMD:ESC/POS;CLS:PRINTER;", "escpos"),
    ("MANUFACTURER:Zebra Technologies ;COMMAND SET:ZPL;MODEL:ZTC ZD220-203dpi ZPL;CLASS:PRINTER;OPTIONS:XML;", "zpl"),
    ("SERN:99J2;MANUFACTURER:Zebra Technologies ;COMMAND SET:ZPL;MODEL:ZTC ZT411-300dpi ZPL;", "zpl"),
    ("MFG:Zebra;CMD:EPL,ZPL II;MDL:GK420d;", "zpl"),
    ("MFG:Munbyn;CMD:TSPL;MDL:RW403B;CMT:Label Printer;", "tspl"),
    ("MFG:4BARCODE;CMD:TSPL2;MDL:3B-363B;CLS:PRINTER;", "tspl"),
    ("mfg:TSC;cmd:TSPL-EZ, TSPL2;mdl:TTP-245C;", "tspl"),
    # no language of ours, or more than one
    ("MFG:Xprinter;CMD:TSPL,ESC/POS;MDL:XP-350B;", None),
    ("MFG:Zebra;CMD:EPL;MDL:ZTC LP2844;", None),
    ("MFG:Brother;CMD:PT-CBP;MDL:QL-800;CLS:PRINTER;", None),
    ("MFG:Brother;CMD:PJL,PCL,PCLXL,URF;MDL:MFC-L2750DW series;CLS:PRINTER;", None),
    ("MFG:Zebra Technologies;MDL:ZTC ZD410-203dpi ZPL;", None),
    # a maker that borrows another's model
    ("MFG:EPOSN;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;", None),
    ("MFG:Rongta;CMD:ESC/POS;MDL:EPOSN TM-T88V;", None),
    ("CMD:ZPL;MDL:ZTC GK420d;", None),
    # no id
    ("", None),
    (";;;", None),
    ("ZPL", None),
    ("CMD:;MDL:;", None),
    ("CMD:ZPLX;", None),
]


@pytest.mark.parametrize(("device_id", "language"), IDS)
def test_the_guess_is_what_the_id_says_plainly(device_id: str, language: str | None) -> None:
    assert guess_language(device_id) == language
    assert language is None or language in LANGUAGES


def test_the_fields_are_found_under_their_short_names_and_the_first_of_two_counts() -> None:
    assert id_fields(" MANUFACTURER : TSC ;MDL:TTP-245C;MODEL:other;DES:a:b\n") == {
        "MFG": "TSC",
        "MDL": "TTP-245C",
        "DES": "a:b",
    }
