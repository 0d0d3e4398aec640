"""The ESC/POS printer language: label image to bytes. The talk around it is in `escpos_conversation`."""

from __future__ import annotations

import functools
import importlib
import logging
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from devices.ports import Port
from devices.printers import raster
from devices.printers.escpos_conversation import EscPosConversation, Patience
from devices.printers.printer import PrinterProfile

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, slots=True)
class EscPos:
    """ESC/POS with raster images (`GS v 0`).

    `process_id=False` is for printers that print `GS ( H` as text, or ignore it: try the printer before choosing.
    `tear_bar_lines` brings the end of the label past the tear bar: 4 lines of 1/6 inch = 17 mm.
    """

    settings: ClassVar[Mapping[str, tuple[float, float]]] = {}  # each maker has commands of its own, or none
    process_id: bool = True
    tear_bar_lines: int = 4
    patience: Patience = field(default_factory=Patience)

    def encode(self, image: Image.Image, profile: PrinterProfile) -> bytes:
        """Reset, bands, feed: 12-28 kB a label. ValueError when the image is not 1-bit, empty or too wide.

        The label is moved up to 7 dots to the right when its pixels would spell a real-time command. A label black
        to the very edge cannot move; then, or when no place is clean, the dot that starts the command turns white.
        """
        _check(image, profile)
        for placed in raster.placements(image, profile.width_dots):
            label = self._label(placed, profile)
            if not raster.has_real_time_command(label):
                return label
        return raster.without_real_time_commands(self._label(image, profile))

    def converse(self, port: Port) -> EscPosConversation:
        return EscPosConversation(port, process_id=self.process_id, patience=self.patience)

    def _label(self, image: Image.Image, profile: PrinterProfile) -> bytes:
        compiler = _byte_compiler(profile.width_dots)
        compiler.hw("INIT")
        for band in raster.bands(image):
            compiler.image(band, fragment_height=raster.BAND_ROWS)  # never center=True: it prints solid black
        compiler.print_and_feed(self.tear_bar_lines)
        return bytes(compiler.output)


def _check(image: Image.Image, profile: PrinterProfile) -> None:
    if image.mode != "1":
        raise ValueError(f"a label must be a 1-bit image, not {image.mode!r}: grey would be dithered")
    if not image.width or not image.height:
        raise ValueError("the label is empty")
    if image.width > profile.width_dots:
        raise ValueError(f"the label is {image.width} dots wide, {profile.name} prints {profile.width_dots}")


def _byte_compiler(width_dots: int) -> Any:
    """A fresh `escpos.printer.Dummy`: it only collects bytes.

    With the default profile its `image` writes a warning to stdout for each band; a profile that knows the width
    keeps it quiet. It cannot choose band heights itself, so it is given one band at a time.
    """
    library = _python_escpos()
    profile = library.capabilities.Profile()
    profile.profile_data = {**profile.profile_data, "media": {"width": {"pixels": width_dots}}}
    return library.printer.Dummy(profile=profile)


@functools.cache
def _python_escpos() -> ModuleType:
    """python-escpos 3.1, loaded with the first label: it takes 0.2 s and leaves two things behind.

    It calls `logging.basicConfig()`, which a root handler of ours makes a no-op; and a temporary folder with a cache
    nobody reads again.
    """
    root, guard = logging.getLogger(), logging.NullHandler()
    root.addHandler(guard)
    try:
        library = importlib.import_module("escpos")
        importlib.import_module("escpos.printer")
    finally:
        root.removeHandler(guard)
    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(library.capabilities.pickle_dir, ignore_errors=True)
    return library
