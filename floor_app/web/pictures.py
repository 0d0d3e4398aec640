"""The pictures of steps, answers and actions, all inside the page: none has to be fetched when the network is gone."""

import re
from functools import cache
from importlib import resources

from markupsafe import Markup

FOLDER = "static/pictures"
_DRAWING = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)


@cache
def picture_names() -> tuple[str, ...]:
    names = (entry.name for entry in resources.files("floor_app.web").joinpath(FOLDER).iterdir())
    return tuple(sorted(name.removesuffix(".svg") for name in names if name.endswith(".svg")))


@cache
def picture_sheet() -> Markup:
    """Every picture as a `<symbol id="picture-…">` of 64 × 64, in the colour of the words around it."""
    return Markup("").join(_symbol(name) for name in picture_names())


def _symbol(name: str) -> Markup:
    drawing = resources.files("floor_app.web").joinpath(FOLDER, f"{name}.svg").read_text(encoding="utf-8")
    found = _DRAWING.search(drawing)
    if found is None:
        raise ValueError(f"{FOLDER}/{name}.svg holds no <svg> element")
    shapes = Markup(found[1].strip())  # noqa: S704 - a file of ours, shipped with the program
    return Markup('<symbol id="picture-{}" viewBox="0 0 64 64">{}</symbol>').format(name, shapes)
