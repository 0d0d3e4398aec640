"""Labels become bytes a cheap printer survives: safe bands, no command hidden in the pixels, the same dots on paper."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from devices.printers import LANGUAGES, PrinterProfile, raster
from devices.printers.simulated_mechanism import Faults, Mechanism

ESCPOS = LANGUAGES["escpos"]
REAL_TIME = re.compile(rb"\x10\x04[\x00-\x1f]|\x10\x05[\x00-\x1f]|\x10\x14[\x00-\x1f]")
STATUS_QUESTION = bytes((0x10, 0x04, 0x01))


def profile(width_dots: int) -> PrinterProfile:
    return PrinterProfile("cutting", "socket://127.0.0.1:9", "escpos", width_dots, 8.0)


def plant(image: Image.Image, dice: random.Random, times: int) -> Image.Image:
    """Write DLE EOT 1 into the pixels, at places where whole bytes begin."""
    row_bytes = (image.width + 7) // 8
    dots = bytearray(0xFF ^ byte for byte in image.tobytes())
    for _ in range(times):
        at = dice.randrange(len(dots) - 2)
        dots[at : at + 3] = STATUS_QUESTION
    white = bytes(0xFF ^ byte for byte in dots)
    return Image.frombytes("1", (row_bytes * 8, image.height), white).crop((0, 0, image.width, image.height))


def noise(dice: random.Random, width: int, height: int) -> Image.Image:
    """Dots at random, from half black to one in sixteen: nothing is richer in hidden commands."""
    dots = bytearray(dice.randbytes((width + 7) // 8 * height))
    for _ in range(dice.randrange(4)):
        dots = bytearray(a & b for a, b in zip(dots, dice.randbytes(len(dots)), strict=True))
    white = bytes(0xFF ^ byte for byte in dots)
    return Image.frombytes("1", ((width + 7) // 8 * 8, height), white).crop((0, 0, width, height))


def drawn(dice: random.Random, width: int, height: int) -> Image.Image:
    """Text, frames and squares as on a label."""
    image = Image.new("1", (width, height), 1)
    draw = ImageDraw.Draw(image)
    for _ in range(dice.randrange(8)):
        left, top = dice.randrange(width), dice.randrange(height)
        draw.text((left, top), f"{dice.randrange(10_000)} PAQUET", fill=0)
        draw.rectangle((top, left, top + dice.randrange(50), left + dice.randrange(50)), outline=0, width=4)
        draw.rectangle((left, top, left + dice.randrange(20), top + dice.randrange(20)), fill=0)
    return image


def band_heights_sent(label: bytes) -> list[int]:
    """Heights from the GS v 0 headers, walking over the pixels."""
    heights, at = [], label.index(b"\x1dv0")
    while label[at : at + 3] == b"\x1dv0":
        row_bytes, height = (int.from_bytes(label[at + i : at + i + 2], "little") for i in (4, 6))
        heights.append(height)
        at += 8 + row_bytes * height
    assert label[at:] == b"\x1bd\x04"
    return heights


def printed(label: bytes, width_dots: int) -> Image.Image:
    """What the simulated printer makes of it; it must say nothing, since nothing was asked."""
    printer = Mechanism(width_dots, Faults(), keep_labels=2, on_label=None)
    assert printer.receive(label) == b""
    assert printer.stray_bytes == 0
    assert len(printer.labels) == 1
    return printer.labels[0]


def shift_between(image: Image.Image, paper: Image.Image) -> int | None:
    """How many dots to the right the image stands on the paper; None when it is not there."""
    for shift in range(raster.MOST_SHIFT_DOTS + 1):
        expected = Image.new("1", paper.size, 1)
        expected.paste(image, (shift, 0))
        if expected.tobytes() == paper.tobytes():
            return shift
    return None


@given(st.integers(min_value=1, max_value=5_000))
def test_no_band_is_a_multiple_of_48_rows_nor_taller_than_100(rows: int) -> None:
    heights = raster.band_heights(rows)
    assert sum(heights) == rows
    assert all(0 < height <= 100 and height % 48 for height in heights)


@pytest.mark.parametrize("rows", [48, 96, 100, 144, 148, 196, 240, 248, 480])
def test_the_label_heights_that_break_cheap_printers_are_sent_in_safe_bands(rows: int) -> None:
    heights = band_heights_sent(ESCPOS.encode(Image.new("1", (64, rows)), profile(384)))
    assert sum(heights) == rows
    assert not [height for height in heights if height % 48 == 0]


def check_bytes(label: bytes) -> None:
    assert not REAL_TIME.search(label)
    assert not [rows for rows in band_heights_sent(label) if rows % 48 == 0 or rows > 100]


def test_2000_drawn_labels_carry_no_command_in_their_pixels_and_print_the_same_dots() -> None:
    dice = random.Random(20260701)
    shifts = []
    for number in range(2000):
        image = plant(drawn(dice, dice.randrange(24, 400), dice.randrange(8, 260)), dice, number % 3)
        label = ESCPOS.encode(image, profile(576))
        check_bytes(label)
        shifts.append(shift_between(image, printed(label, 576)))
    assert None not in shifts
    assert len([shift for shift in shifts if shift]) > 1000  # the planted commands were really there


def test_2000_labels_of_noise_carry_no_command_and_lose_at_most_the_dots_that_start_one() -> None:
    dice = random.Random(20260702)
    most_lost = 0
    for number in range(2000):
        image = plant(noise(dice, dice.randrange(24, 400), dice.randrange(8, 130)), dice, number % 3)
        label = ESCPOS.encode(image, profile(576))
        check_bytes(label)
        paper = printed(label, 576)
        if shift_between(image, paper) is None:
            most_lost = max(most_lost, dots_lost(image, paper))
    assert 0 < most_lost < 40


def test_an_encoder_that_does_not_move_its_pixels_would_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.printers.raster.placements", lambda image, width_dots: iter([image]))
    monkeypatch.setattr("devices.printers.raster.without_real_time_commands", lambda data: data)
    dice = random.Random(20260701)
    with pytest.raises(AssertionError):
        for number in range(50):
            check_bytes(ESCPOS.encode(plant(drawn(dice, 300, 200), dice, number % 3), profile(576)))


def dots_lost(image: Image.Image, paper: Image.Image) -> int:
    """Black dots that are white on the paper; nothing may be black that was not."""
    drawn_white, paper_white = image.convert("L"), paper.crop((0, 0, *image.size)).convert("L")
    assert ImageChops.subtract(drawn_white, paper_white).getbbox() is None
    return ImageChops.subtract(paper_white, drawn_white).histogram()[255]


def test_a_label_black_to_the_edge_of_the_head_loses_single_dots_rather_than_carrying_a_command() -> None:
    dice = random.Random(20260703)
    for _ in range(50):
        image = drawn(dice, 384, 60)
        ImageDraw.Draw(image).line((383, 0, 383, 59), fill=0)
        image = plant(image, dice, 3)
        label = ESCPOS.encode(image, profile(384))
        check_bytes(label)
        if shift_between(image, printed(label, 384)) is None:
            assert dots_lost(image, printed(label, 384)) <= 6


def test_a_full_width_label_with_a_white_margin_moves_into_its_margin() -> None:
    image = Image.new("1", (384, 50), 1)
    image.paste(plant(Image.new("1", (296, 50), 1), random.Random(8), 4), (0, 0))
    label = ESCPOS.encode(image, profile(384))
    check_bytes(label)
    assert shift_between(image.crop((0, 0, 376, 50)), printed(label, 384)) == 1


def test_a_hidden_command_would_be_obeyed_by_the_simulated_printer() -> None:
    pixels = b"\x1b@\x1dv0\x00\x03\x00\x01\x00" + STATUS_QUESTION + b"\x1bd\x04"
    printer = Mechanism(384, Faults(), keep_labels=1, on_label=None)
    assert printer.receive(pixels) == b"\x12"


def test_an_ordinary_label_prints_exactly_where_it_was_drawn() -> None:
    image = Image.new("1", (400, 240), 1)
    ImageDraw.Draw(image).text((20, 20), "PAQUET 7 / 12  taille 42", fill=0)
    ImageDraw.Draw(image).rectangle((250, 60, 390, 200), outline=0, width=5)
    assert shift_between(image, printed(ESCPOS.encode(image, profile(576)), 576)) == 0


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
def test_an_image_that_cannot_be_a_label_is_refused_before_anything_is_sent(image: Image.Image, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        ESCPOS.encode(image, profile(384))


def test_a_label_as_wide_as_the_head_is_taken() -> None:
    image = drawn(random.Random(3), 384, 30)
    assert printed(ESCPOS.encode(image, profile(384)), 384).size == (384, 30)
