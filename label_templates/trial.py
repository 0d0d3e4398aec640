"""A template tried before it is kept: every label of its kind drawn with it, on every paper it is chosen for.

In a process of its own that may use little: what draws for ever, or fills the memory, ends there and takes nothing along.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from label_templates.drawing import Drawing, draw
from label_templates.label import SIZES, Label, LabelError
from label_templates.layout import CodeBox, Paper
from label_templates.raster import ink_image
from label_templates.render import paper_of
from label_templates.resvg import pixels
from label_templates.safe_tree import DOTS_PER_MM
from label_templates.samples import trials
from label_templates.template_fault import TemplateFault
from label_templates.template_files import TemplateFile
from label_templates.text_cutouts import take_texts_out

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 1024**3
MOST_CPU_S = 20  # ours need one on a desk, a few on a Pi
NICENESS = 5
HEADS_MM = (48.0, 72.0, 104.0)
"""What the print heads sold print of a line."""


def trial_faults(svg: str, file: TemplateFile, *, most_cpu_s: int = MOST_CPU_S) -> list[TemplateFault]:
    """The first label that cannot be drawn whole, and why; `too_heavy` when all of them together need too much."""
    context = multiprocessing.get_context("spawn")  # a fork would carry half of every other thread along
    with ProcessPoolExecutor(1, context, initializer=_limit, initargs=(most_cpu_s,)) as process:
        try:
            return process.submit(_try, svg, file).result()
        except BrokenProcessPool:
            return [TemplateFault("too_heavy")]


def _limit(most_cpu_s: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (most_cpu_s, most_cpu_s))
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def _try(svg: str, file: TemplateFile) -> list[TemplateFault]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / file.filename
        path.write_text(svg, encoding="utf-8")
        papers = [paper for paper in _papers(file) if _ours_fits(file, paper)]
        for label in trials(file.template):
            for paper in papers:
                fault = _fault(path, label, paper)
                if fault:
                    return [fault]
    return []


def _papers(file: TemplateFile) -> Iterator[Paper]:
    """Each paper this drawing is chosen for."""
    for dots_per_mm in DOTS_PER_MM:
        heads = [round(head * dots_per_mm) for head in HEADS_MM] if file.size.name in SIZES else []
        papers = {paper_of(file.size.name, dots_per_mm, width_dots): None for width_dots in (None, *heads)}
        yield from (paper for paper in papers if file.is_for(paper))


def _ours_fits(file: TemplateFile, paper: Paper) -> bool:
    """A paper too small for our own drawing is asked of nobody's."""
    try:
        draw(file.ours, trials(file.template)[0], paper)
    except LabelError:
        return False
    return True


def _fault(path: Path, label: Label, paper: Paper) -> TemplateFault | None:
    try:
        drawing = draw(path, label, paper)
        ink = ink_image(replace(drawing, layout=replace(drawing.layout, codes=())))
    except MemoryError:
        return TemplateFault("too_heavy")
    except (ValueError, ArithmeticError, LookupError, TypeError, RecursionError, OSError) as error:
        return TemplateFault("cannot_draw", detail=str(error)[:160])
    hidden = next((code for code in drawing.layout.codes if _is_inked(ink, code)), None)
    return _hidden_fault(draw(path, label, paper), hidden) if hidden else None


def _is_inked(ink: Image, code: CodeBox) -> bool:
    return ink.crop((code.x, code.y, code.x + code.width, code.y + code.height)).getextrema()[0] == 0


def _hidden_fault(drawing: Drawing, code: CodeBox) -> TemplateFault:
    """Which text goes under a code, where it would be cut off; a shape where it is none."""
    from PIL import Image

    said = ["".join(text.itertext()) for text in drawing.svg.iter("text")]
    for words, cutout in zip(said, take_texts_out(drawing.svg), strict=True):
        drawn = pixels(cutout.svg).getchannel("A").point([255] * 128 + [0] * 128)
        paper = Image.new("L", (code.x + code.width + drawn.width, code.y + code.height + drawn.height), 255)
        paper.paste(drawn, (cutout.x_dots, cutout.y_dots))
        if _is_inked(paper, code):
            return TemplateFault("under_code", element="<text>", detail=words[:40])
    return TemplateFault("under_code", element="<rect>, <path>…")
