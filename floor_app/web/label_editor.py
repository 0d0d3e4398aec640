"""Label templates: each drawing as it prints, taken home as SVG, replaced by one's own, and given back."""

import contextlib
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from floor_app.config import PrinterConfig
from floor_app.store import own_templates
from floor_app.store.own_templates import Kept
from floor_app.store.writer import StoreFull
from floor_app.texts import words
from floor_app.web.form_fields import asked_text
from floor_app.web.roles import Role, atelier, open_to
from label_templates.drawing import draw
from label_templates.label import SIZES, LabelError
from label_templates.layout import Paper
from label_templates.own_templates import template_faults
from label_templates.raster import ink_image
from label_templates.render import paper_of
from label_templates.safe_svg import MOST_BYTES
from label_templates.safe_tree import drawn_page
from label_templates.samples import trials
from label_templates.template_fault import TemplateFault
from label_templates.template_fields import template_fields
from label_templates.template_files import TemplateFile, template_files

screen = Blueprint("label_editor", __name__, url_prefix="/labels/templates")
PLAIN_DOTS_PER_MM = 8.0
SAMPLES = ("ordinary", "long", "bare")
"""In the order of `trials`."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A drawing and what is kept of the atelier's own."""

    file: TemplateFile
    kept: Kept


@screen.get("")
@open_to(Role.SUPERVISOR)
def templates() -> ResponseReturnValue:
    shown = [_shown(file) for file in template_files().values()]
    kinds = [(template, list(files)) for template, files in groupby(shown, key=lambda one: one.file.template)]
    return render_template("label_editor/templates.html", kinds=kinds)


@screen.get("/<drawing>")
@open_to(Role.SUPERVISOR)
def template(drawing: str) -> ResponseReturnValue:
    return _page(_file(drawing))


@screen.get("/<drawing>/preview.png")
@open_to(Role.SUPERVISOR)
def preview(drawing: str) -> ResponseReturnValue:
    """The dots the printer gets, one pixel each."""
    file = _file(drawing)
    path, paper = _drawn_from(file), _paper(file, _printer(file))
    seen = hashlib.blake2b(repr((path, path.stat().st_mtime_ns, paper, _sample())).encode(), digest_size=8).hexdigest()
    response = Response(mimetype="image/png", headers={"Cache-Control": "private, no-cache"})
    response.set_etag(seen)
    if request.if_none_match.contains(seen):  # a browser that has it is not drawn another
        response.status_code = 304
    else:
        response.set_data(_png(path, file, paper))
    return response


@screen.get("/<drawing>/drawing.svg")
@open_to(Role.SUPERVISOR)
def download(drawing: str) -> ResponseReturnValue:
    """`?of=ours` or `?of=aside`: another than the one labels are drawn from."""
    file = _file(drawing)
    others = {"ours": file.ours, "aside": own_templates.aside(_folder(), file.filename)}
    path = others.get(asked_text("of", limit=8), _drawn_from(file))
    if not path.is_file():
        abort(404)
    named = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return Response(path.read_bytes(), mimetype="image/svg+xml", headers=named)


@screen.post("/<drawing>/upload")
@open_to(Role.SUPERVISOR)
def upload(drawing: str) -> ResponseReturnValue:
    file, content = _file(drawing), _sent()
    faults = template_faults(content, file)
    if faults:
        return _page(file, faults), 422
    with _disk():
        own_templates.put(_folder(), file.filename, content.decode("utf-8-sig"))
    return _done(file, "uploaded")


@screen.post("/<drawing>/restore")
@open_to(Role.SUPERVISOR)
def restore(drawing: str) -> ResponseReturnValue:
    file = _file(drawing)
    with _disk():
        done = own_templates.restore(_folder(), file.filename)
    return _done(file, "restored" if done else "nothing_done")


@screen.post("/<drawing>/take-back")
@open_to(Role.SUPERVISOR)
def take_back(drawing: str) -> ResponseReturnValue:
    """It was looked at when it came; what this version asks may be more."""
    file = _file(drawing)
    aside = own_templates.aside(_folder(), file.filename)
    faults = template_faults(aside.read_bytes(), file) if aside.is_file() else ()
    if faults:
        return _page(file, faults), 422
    with _disk():
        done = own_templates.take_back(_folder(), file.filename)
    return _done(file, "taken_back" if done else "nothing_done")


def _page(file: TemplateFile, faults: Sequence[TemplateFault] = ()) -> str:
    printer = _printer(file)
    paper = _paper(file, printer)
    return render_template(
        "label_editor/template.html",
        shown=_shown(file),
        printers=_printers(file),
        printer=printer,
        paper=paper,
        dpi=round(paper.dots_per_mm * 25.4),
        samples=SAMPLES,
        sample=_sample(),
        faults=faults,
        fields=[name for name in template_fields(trials(file.template)[0]) if name != "picture"],
        most_kb=MOST_BYTES // 1024,
        page=drawn_page(file.ours.read_text(encoding="utf-8")),
        on_rolls=file.size.name in SIZES,
    )


def _sent() -> bytes:
    """The file of the form, as far as it may be read; empty where there is none."""
    sent = request.files.get("file")
    if sent is None:
        return b""
    content: bytes = sent.read(MOST_BYTES + 1)
    sent.close()
    return content


def _shown(file: TemplateFile) -> Shown:
    return Shown(file, own_templates.kept(_folder(), file.filename))


def _file(drawing: str) -> TemplateFile:
    return template_files().get(drawing) or abort(404)


def _folder() -> Path:
    return own_templates.folder_in(atelier().data)


def _drawn_from(file: TemplateFile) -> Path:
    own = _folder() / file.filename
    return own if own.is_file() else file.ours


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    """What the disk refuses is answered as everywhere: there is no room, nothing changed."""
    try:
        yield
    except OSError as error:
        raise StoreFull from error


def _printers(file: TemplateFile) -> list[PrinterConfig]:
    """Those of the atelier that would print this drawing; first those with this label in them."""
    if file.size.name not in SIZES:
        return []
    found = [printer for printer in atelier().config.printers if file.is_for(_printed(file, printer))]
    return sorted(found, key=lambda printer: printer.label != file.size.name)


def _printer(file: TemplateFile) -> PrinterConfig | None:
    """The one asked for, else the first; `None`: none of the atelier prints this drawing."""
    printers, wanted = _printers(file), asked_text("printer", limit=40)
    return next((printer for printer in printers if printer.name == wanted), printers[0] if printers else None)


def _paper(file: TemplateFile, printer: PrinterConfig | None) -> Paper:
    """That of the printer; without one, the paper the drawing was made for."""
    if printer:
        return _printed(file, printer)
    return Paper(*drawn_page(file.ours.read_text(encoding="utf-8")), PLAIN_DOTS_PER_MM)


def _printed(file: TemplateFile, printer: PrinterConfig) -> Paper:
    return paper_of(file.size.name, printer.dots_per_mm, printer.width_dots)


def _sample() -> str:
    wanted = asked_text("sample", limit=10)
    return wanted if wanted in SAMPLES else SAMPLES[0]


def _png(path: Path, file: TemplateFile, paper: Paper) -> bytes:
    try:
        image = ink_image(draw(path, trials(file.template)[SAMPLES.index(_sample())], paper))
    except LabelError as error:
        abort(422, str(error))
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


def _done(file: TemplateFile, what: str) -> ResponseReturnValue:
    t = words(atelier().config.atelier.language)
    flash(t(f"label_editor.{what}"), "warn" if what == "nothing_done" else "good")
    return redirect(url_for("label_editor.template", drawing=file.name), 303)
