"""Pictures are made small and say nothing but what they show; what only looks like one is refused."""

import random
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from groundwork.pictures import (
    LARGEST_KEPT,
    LARGEST_SENT,
    LARGEST_SIDE,
    Picture,
    PictureFault,
    clean_picture,
    read_picture,
)
from tests.pictures import SOMEBODY, a_drawing, a_photo, written


def a_noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    chance = random.Random(7)
    return Image.frombytes(mode, (width, height), chance.randbytes(width * height * len(mode)))


def test_a_photo_stands_upright_and_says_nothing_of_anybody() -> None:
    sent = a_photo()
    assert SOMEBODY.encode() in sent
    kept = clean_picture(sent)
    assert (kept.width, kept.height) == (427, 640)
    assert SOMEBODY.encode() not in kept.png
    with Image.open(BytesIO(kept.png)) as image:
        assert image.format == "PNG"
        assert not image.info
        assert not image.getexif()


@pytest.mark.parametrize(
    "sent",
    [
        written(a_drawing(), "WEBP"),
        written(a_drawing(mode="L")),
        written(a_drawing().quantize(8)),
        written(a_drawing(mode="RGBA")),
        written(a_drawing(mode="L").convert("I;16")),
        written(a_drawing().convert("CMYK"), "JPEG"),
        written(a_drawing(), "WEBP", save_all=True, append_images=[a_drawing(mode="L").convert("RGB")]),
        written(a_drawing(1, 1)),
        written(a_drawing(3000, 1)),
    ],
    ids=["webp", "grey", "palette", "transparent", "16 bit", "cmyk", "moving", "one dot", "a line"],
)
def test_what_offices_and_telephones_make_is_taken(sent: bytes) -> None:
    kept = clean_picture(sent)
    assert max(kept.width, kept.height) <= LARGEST_SIDE
    assert read_picture(kept.png, sha256=kept.sha256) == kept
    assert clean_picture(sent) == kept, "the same again"


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_what_cannot_be_compressed_is_made_to_fit(mode: str) -> None:
    kept = clean_picture(written(a_noise(900, 900, mode)))
    assert len(kept.png) <= LARGEST_KEPT
    assert min(kept.width, kept.height) > 200


def test_what_can_be_seen_through_still_can() -> None:
    kept = clean_picture(written(a_noise(640, 640, "RGBA")))
    with Image.open(BytesIO(kept.png)) as image:
        assert image.has_transparency_data


def chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def a_bomb() -> bytes:
    """Says it is 60,000 dots wide and high."""
    size = (60_000).to_bytes(4, "big")
    head = chunk(b"IHDR", size + size + bytes((1, 0, 0, 0, 0)))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "not_a_picture"),
        (written(a_drawing())[:-40], "not_a_picture"),
        (written(a_drawing(), "GIF"), "not_a_picture"),
        (written(a_drawing(), "BMP"), "not_a_picture"),
        (a_bomb(), "too_large"),
        (bytes(LARGEST_SENT + 1), "too_large"),
    ],
    ids=["nothing", "svg", "html", "cut off", "gif", "bmp", "bomb", "12 MiB"],
)
def test_anything_else_is_refused(sent: bytes, code: str) -> None:
    with pytest.raises(PictureFault) as refused:
        clean_picture(sent)
    assert refused.value.code == code


def with_text() -> bytes:
    told = PngInfo()
    told.add_text("Author", SOMEBODY)
    return written(a_drawing(), pnginfo=told)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda kept: with_text(),
        lambda kept: kept.png + b"PK\x03\x04",
        lambda kept: kept.png[:-12],
        lambda kept: written(a_drawing(641, 10)),
        lambda kept: written(a_noise(600, 600)),
        lambda kept: a_photo(),
    ],
    ids=["a name in it", "something behind it", "cut off", "too wide", "too many bytes", "a photo"],
)
def test_from_elsewhere_only_what_is_clean_is_taken(spoil: Callable[[Picture], bytes]) -> None:
    kept = clean_picture(written(a_drawing()))
    with pytest.raises(PictureFault):
        read_picture(spoil(kept))


def test_another_picture_than_was_said_is_refused() -> None:
    one, other = (clean_picture(written(a_drawing(width))) for width in (100, 200))
    with pytest.raises(PictureFault):
        read_picture(one.png, sha256=other.sha256)
