"""Pictures as people have them."""

from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageDraw

SOMEBODY = "Claire Delattre"


def written(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    into = BytesIO()
    image.save(into, kind, **options)
    return into.getvalue()


def a_drawing(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (width, height))
    ImageDraw.Draw(image).ellipse(
        (width // 8, height // 8, width // 2, height // 2), fill=200 if mode == "L" else "white"
    )
    return image


def a_photo(somebody: str = SOMEBODY) -> bytes:
    """As a telephone makes it: on its side, with its owner, the place and a small copy."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = exif[ExifTags.Base.ImageDescription] = somebody
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (50.0, 38.0, 12.0)
    return written(a_drawing(1200, 800), "JPEG", exif=exif, comment=somebody.encode())
