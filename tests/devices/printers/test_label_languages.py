"""ZPL and TSPL: a label in bytes, and the same dots back on paper; no pixel is ever read as a command."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from devices.printers import LANGUAGES, PrinterProfile, printer_for
from devices.printers.printer import inches_a_second
from devices.printers.simulated import MECHANISMS, Faults, SimulatedPrinter
from devices.printers.tspl import Tspl
from label_templates.label import SIZES
from label_templates.render import render_label, sizes_drawn
from tests.label_templates.gate import code_faults, faults, read_codes
from tests.label_templates.labels import CODE, bundle
from tests.label_templates.papers import PAPERS

WIDTHS = (384, 400, 576)
DOTS_PER_MM = (8.0, 7.087)  # 203 and 180 dpi
MOST_SHIFT_DOTS = 7
STATUS_QUESTION, FEED, RESET = b"\x1b!?", b"\x1b!F", b"\x1b!R"


def profile(language: str, *, width_dots: int = 576, dots_per_mm: float = 8.0) -> PrinterProfile:
    return PrinterProfile("cutting", "socket://127.0.0.1:9", language, width_dots, dots_per_mm)


def printed(language: str, label: bytes, width_dots: int) -> Image.Image:
    """What the simulated printer makes of it; it must say nothing, since nothing was asked."""
    printer = MECHANISMS[language](width_dots, Faults(), keep_labels=2, on_label=None)
    assert printer.receive(label) == b""
    for _ in range(200):
        assert printer.proceed() == b""
    assert printer.stray_bytes == 0
    assert len(printer.labels) == 1
    return printer.labels[0]


def shift_between(image: Image.Image, paper: Image.Image) -> int | None:
    """How many dots to the right the image stands on the paper; None when it is not there."""
    for shift in range(MOST_SHIFT_DOTS + 1):
        expected = Image.new("1", paper.size, 1)
        expected.paste(image, (shift, 0))
        if expected.tobytes() == paper.tobytes():
            return shift
    return None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("width_dots", WIDTHS)
@pytest.mark.parametrize("dots_per_mm", DOTS_PER_MM)
def test_every_label_comes_out_with_the_same_pixels_and_both_codes_are_read(
    language: str, size: str, width_dots: int, dots_per_mm: float
) -> None:
    image = render_label("bundle", bundle(), size=size, dots_per_mm=dots_per_mm, width_dots=width_dots)
    label = LANGUAGES[language].encode(image, profile(language, width_dots=width_dots, dots_per_mm=dots_per_mm))
    paper = printed(language, label, width_dots)
    shift = shift_between(image, paper)
    assert shift is not None
    assert faults(paper.crop((shift, 0, shift + image.width, image.height)), CODE, dots_per_mm=dots_per_mm) == []


# What is wider than a thermal head goes on A4 sheets as vectors instead (tests/label_templates/test_sheet.py).
HEAD_104_MM = 832
FITTING = [
    (template, width_dots, dots_per_mm)
    for template in PAPERS
    for width_dots in (*WIDTHS, HEAD_104_MM)
    for dots_per_mm in DOTS_PER_MM
    if sizes_drawn(template)[0].width_mm * dots_per_mm <= width_dots + dots_per_mm
]


def test_which_papers_fit_a_thermal_head_is_known() -> None:
    assert {template for template, _, _ in FITTING} == {"lay", "command_card", "station_card", "pairing_card", "carton"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("template", "width_dots", "dots_per_mm"), FITTING)
def test_every_paper_that_fits_a_head_comes_out_with_the_same_pixels_and_its_codes_are_read(
    language: str, template: str, width_dots: int, dots_per_mm: float
) -> None:
    size = sizes_drawn(template)[0].name
    image = render_label(template, PAPERS[template], size=size, dots_per_mm=dots_per_mm, width_dots=width_dots)
    label = LANGUAGES[language].encode(image, profile(language, width_dots=width_dots, dots_per_mm=dots_per_mm))
    paper = printed(language, label, width_dots)
    shift = shift_between(image, paper)
    assert shift is not None
    out = paper.crop((shift, 0, shift + image.width, image.height))
    assert set(read_codes(out)) == set(PAPERS[template].codes)
    assert code_faults(out, dots_per_mm=dots_per_mm) == []


def test_every_language_has_a_simulated_printer() -> None:
    assert list(MECHANISMS) == list(LANGUAGES)


def noise(dice: random.Random, width: int, height: int) -> Image.Image:
    """Dots at random with a white margin on the right: nothing is richer in hidden commands."""
    row_bytes = (width + 7) // 8
    image = Image.frombytes("1", (row_bytes * 8, height), dice.randbytes(row_bytes * height)).crop(
        (0, 0, width, height)
    )
    ImageDraw.Draw(image).rectangle((width - 8, 0, width, height), fill=1)
    return image


@pytest.mark.parametrize("language", ["zpl", "zpl_z64", "tspl"])
def test_labels_of_noise_of_any_width_come_out_dot_by_dot(language: str) -> None:
    dice = random.Random(20261124)
    for _ in range(100):
        image = noise(dice, dice.randrange(9, 400), dice.randrange(1, 130))
        shift = shift_between(image, printed(language, LANGUAGES[language].encode(image, profile(language)), 576))
        assert shift is not None
        assert language == "tspl" or shift == 0


def test_the_pixels_of_a_zpl_label_are_hex_digits_of_exact_length() -> None:
    image = noise(random.Random(1), 399, 77)
    label = LANGUAGES["zpl"].encode(image, profile("zpl")).decode("ascii")
    found = re.fullmatch(
        r"\^XA\^JZN\^LH0,0\^PON\^PMN\^LRN\^PW399\^LL77\^FO0,0\^GFA,3850,3850,50,([0-9A-F]{7700})\^FS\^PQ1\^XZ\r\n",
        label,
    )
    assert found is not None
    assert set(label.partition("^GFA")[2].partition("^FS")[0]).isdisjoint("^~")


# What Zebra's own designer program wrote for three graphics: count of bytes, base64, CRC.
ZEBRAS_OWN = [
    (512, b"eJxjYBjBoACN/gChGB9A6QMQmhlGN0BodijND9XGB6XloLQNlLaA0hWDyhoYDQEAihAQIA==", b"2B9F"),
    (2048, b"eJxjYBgFo2AUjIJRMAroD+r/UwJ+DLj+oQ4Apse6rw==", b"F18F"),
]


@pytest.mark.parametrize(("count", "drawn", "crc"), ZEBRAS_OWN)
def test_what_zebras_own_program_compressed_is_understood_and_checked_as_ours(
    count: int, drawn: bytes, crc: bytes
) -> None:
    printer = MECHANISMS["zpl_z64"](512, Faults(), keep_labels=2, on_label=None)
    printer.receive(b"^XA^FO0,0^GFA,%d,%d,64,:Z64:%s:%s^FS^XZ" % (count, count, drawn, crc))
    for _ in range(20):
        printer.proceed()
    assert printer.stray_bytes == 0
    assert [label.size for label in printer.labels] == [(512, count // 64)]


def test_a_compressed_label_that_was_changed_on_its_way_is_not_drawn() -> None:
    label = LANGUAGES["zpl_z64"].encode(noise(random.Random(2), 200, 60), profile("zpl_z64"))
    start = label.index(b":Z64:") + len(b":Z64:")
    for place in range(start, label.index(b"^FS"), 40):
        other = b"A" if label[place : place + 1] != b"A" else b"B"
        printer = MECHANISMS["zpl_z64"](576, Faults(), keep_labels=2, on_label=None)
        printer.receive(label[:place] + other + label[place + 1 :])
        printer.proceed()
        assert printer.stray_bytes and not printer.labels


def test_a_compressed_label_is_a_small_part_of_the_plain_one() -> None:
    image = render_label("bundle", bundle(), size="50x30", dots_per_mm=8.0, width_dots=576)
    plain, compressed = (len(LANGUAGES[name].encode(image, profile(name))) for name in ("zpl", "zpl_z64"))
    assert compressed < plain / 7


@pytest.mark.parametrize("language", ["zpl", "zpl_z64", "tspl"])
def test_speed_and_darkness_are_heard_over_the_line(language: str) -> None:
    image = Image.new("1", (80, 40), 0)
    with SimulatedPrinter(language=language) as simulated:
        told = replace(profile(language), address=simulated.address, speed_mm_s=76, darkness=9)
        assert printer_for(told).print_image(image, job_number=1).state == "confirmed"
        assert (simulated.said["speed"], int(simulated.said["darkness"])) == ("3", 9)


def test_a_tspl_label_says_its_size_and_sends_black_as_0() -> None:
    image = Image.new("1", (12, 2), 1)
    image.putpixel((0, 0), 0)
    image.putpixel((11, 1), 0)
    assert LANGUAGES["tspl"].encode(image, profile("tspl", dots_per_mm=7.087)) == (
        b"\r\nSIZE 1.7 mm,0.29 mm\r\nGAP 2 mm,0 mm\r\nDIRECTION 0\r\nREFERENCE 0,0\r\nCLS\r\n"
        b"BITMAP 0,0,2,2,0,\x7f\xff\xff\xef\r\nPRINT 1,1\r\n"
    )


@pytest.mark.parametrize(
    ("dots", "dots_per_mm", "millimetres"),
    [(400, 8.0, "50"), (354, 7.087, "49.96"), (567, 7.087, "80.01"), (1, 8, "0.13")],
)
def test_a_tspl_size_is_never_rounded_down(dots: int, dots_per_mm: float, millimetres: str) -> None:
    label = LANGUAGES["tspl"].encode(Image.new("1", (dots, 8), 1), profile("tspl", dots_per_mm=dots_per_mm))
    assert f"SIZE {millimetres} mm,".encode("ascii") in label


def test_a_tspl_gap_may_be_another() -> None:
    assert b"GAP 3.5 mm,0 mm" in Tspl(gap_mm=3.5).encode(Image.new("1", (80, 8), 1), profile("tspl"))


def plant(image: Image.Image, dice: random.Random) -> Image.Image:
    """Write an immediate command into the pixels, at a place where a whole byte begins."""
    dots, row_bytes = bytearray(image.tobytes()), (image.width + 7) // 8
    at = dice.randrange(image.height) * row_bytes + dice.randrange(row_bytes - 4)
    dots[at : at + 3] = dice.choice((STATUS_QUESTION, FEED, RESET))
    return Image.frombytes("1", image.size, bytes(dots))


def test_200_labels_with_a_command_in_their_pixels_are_sent_without_it_and_print_the_same_dots() -> None:
    dice = random.Random(20261125)
    for _ in range(200):
        image = Image.new("1", (dice.randrange(8, 48) * 8, dice.randrange(8, 200)), 1)
        ImageDraw.Draw(image).text((dice.randrange(40), dice.randrange(8)), f"PAQUET {dice.randrange(99)}", fill=0)
        ImageDraw.Draw(image).rectangle((image.width - 16, 0, image.width, image.height), fill=1)
        image = plant(image, dice)
        label = LANGUAGES["tspl"].encode(image, profile("tspl"))
        assert b"\x1b!" not in label
        assert shift_between(image, printed("tspl", label, 576)) not in (None, 0)


def test_a_label_black_to_its_edge_loses_a_dot_rather_than_carrying_a_command() -> None:
    dice = random.Random(20261126)
    image = Image.new("1", (384, 60), 1)
    ImageDraw.Draw(image).line((383, 0, 383, 59), fill=0)
    image = plant(image, dice)
    label = LANGUAGES["tspl"].encode(image, profile("tspl", width_dots=384))
    paper = printed("tspl", label, 384)
    assert b"\x1b!" not in label
    sent, out = np.asarray(image), np.asarray(paper)
    assert (sent != out).sum() == 1
    assert out[sent != out].all()  # one black dot turned white


def test_a_hidden_command_would_be_obeyed_by_the_simulated_printer() -> None:
    printer = MECHANISMS["tspl"](384, Faults(), keep_labels=1, on_label=None)
    assert printer.receive(b"BITMAP 0,0,3,1,0," + STATUS_QUESTION) == b"\x00"


@pytest.mark.parametrize("language", ["zpl", "tspl"])
@pytest.mark.parametrize(
    ("image", "complaint"),
    [
        (Image.new("L", (100, 100)), "1-bit"),
        (Image.new("RGB", (100, 100)), "1-bit"),
        (Image.new("1", (385, 100)), "385 dots wide"),
        (Image.new("1", (0, 100)), "empty"),
        (Image.new("1", (100, 0)), "empty"),
    ],
)
def test_an_image_that_cannot_be_a_label_is_refused_before_anything_is_sent(
    language: str, image: Image.Image, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        LANGUAGES[language].encode(image, profile(language, width_dots=384))


@pytest.mark.parametrize(
    ("language", "sent", "stray"),
    [
        ("zpl", b"hello^XA^XZ", 5),
        ("zpl", b"^XA^XX^XZ", 1),
        ("zpl", b"^XA^GFA,8,8,1,FF^FS^XZ", 6),
        ("tspl", b"hello\r\n", 5),
        ("tspl", b"BEEP\r\nCLS\r\nPRINT 1,1\r\n", 4),
    ],
)
def test_what_a_label_printer_does_not_understand_is_counted_as_stray(language: str, sent: bytes, stray: int) -> None:
    printer = MECHANISMS[language](384, Faults(), keep_labels=1, on_label=None)
    printer.receive(sent)
    assert printer.stray_bytes == stray
    assert not printer.labels


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zpl", {"speed": "4", "darkness": "22", "paper": "Y"}),
        ("zpl_z64", {"speed": "4", "darkness": "22", "paper": "Y"}),
        ("tspl", {"speed": "4", "darkness": "12", "paper": "3 mm,0 mm"}),
    ],
)
def test_speed_darkness_and_gap_reach_the_printer_and_not_the_paper(language: str, said: dict[str, str]) -> None:
    image = render_label("bundle", bundle(), size="50x30", dots_per_mm=8.0, width_dots=576)
    plain = profile(language)
    darkness = int(said["darkness"])
    label = LANGUAGES[language].encode(image, replace(plain, speed_mm_s=102, darkness=darkness, gap_mm=3))
    printer = MECHANISMS[language](576, Faults(), keep_labels=2, on_label=None)
    printer.receive(label)
    for _ in range(200):
        printer.proceed()
    assert (printer.said, printer.stray_bytes) == (said, 0)
    assert printer.labels[0].tobytes() == printed(language, LANGUAGES[language].encode(image, plain), 576).tobytes()


@pytest.mark.parametrize(("language", "paper"), [("zpl", "N"), ("tspl", "0 mm,0 mm")])
def test_a_roll_without_gaps_is_told_to_the_printer(language: str, paper: str) -> None:
    image = render_label("bundle", bundle(), size="50x30", dots_per_mm=8.0, width_dots=576)
    printer = MECHANISMS[language](576, Faults(), keep_labels=2, on_label=None)
    printer.receive(LANGUAGES[language].encode(image, replace(profile(language), gap_mm=0)))
    assert printer.said["paper"] == paper


def test_what_is_not_said_leaves_the_printer_as_its_buttons_have_it() -> None:
    image = render_label("bundle", bundle(), size="50x30", dots_per_mm=8.0, width_dots=576)
    label = LANGUAGES["zpl"].encode(image, profile("zpl"))
    assert b"^PR" not in label and b"~SD" not in label and b"^MN" not in label


@pytest.mark.parametrize(("speed_mm_s", "inches"), [(25, 1), (38, 1), (40, 2), (100, 4), (355, 14)])
def test_a_speed_is_the_nearest_step_of_the_printer(speed_mm_s: int, inches: int) -> None:
    assert inches_a_second(speed_mm_s) == inches
