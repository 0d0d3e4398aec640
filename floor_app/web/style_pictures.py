"""Pictures of styles and steps: shown to everybody on the floor, put there and taken away by a supervisor."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from floor_app.domain.orders import TEXT_LIMIT
from floor_app.domain.routings import LONGEST_OPERATION_CODE
from floor_app.picturing import Place, put_picture
from floor_app.store import pictures
from floor_app.texts import words
from floor_app.web import form_fields
from floor_app.web.roles import Role, atelier, open_to
from groundwork.pictures import LARGEST_SENT, Picture, PictureFault, clean_picture

screen = Blueprint("style_pictures", __name__)
LONGEST_FILE_NAME = 60


@screen.get("/pictures/<name>.png")
@open_to(Role.STATION, Role.BOARD, Role.SUPERVISOR)
def picture(name: str) -> ResponseReturnValue:
    """Never changes under its name."""
    with atelier().reading() as db:
        png = pictures.find(db, name)
    answer: Response = make_response(png or abort(404))
    answer.headers["Content-Type"] = "image/png"
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


@screen.post("/routings/picture")
@open_to(Role.SUPERVISOR)
def put() -> ResponseReturnValue:
    """Of a style, or of one step of its routing; without a file it is taken away where that was asked for."""
    style = form_fields.text("style", limit=TEXT_LIMIT)
    place = Place(style, form_fields.text("step", limit=LONGEST_OPERATION_CODE))
    back = redirect(url_for("routings.edit", style=style) + "#pictures", 303)
    t = words(atelier().config.atelier.language)
    try:
        sent = None if request.form.get("drop") == "yes" else _sent()
    except PictureFault as fault:
        flash(t(f"routings.picture_{fault.code}", file=_file_name()), "stop")
        return back
    if not style:
        abort(404)
    done = atelier().run(put_picture, place, sent, event_id=form_fields.sent_id(), moment=atelier().clock.moment())
    if done == "no_such_step":
        abort(404)
    flash(t("routings.picture_put" if sent else "routings.picture_gone"), "good")
    return back


put.largest_body = LARGEST_SENT + 64 * 1024  # type: ignore[attr-defined]  # with the form around it; read by create_app


def _sent() -> Picture:
    """Cleaned before the writer has it: that takes longer than a scan may wait."""
    file = request.files.get("picture")
    if file is None or not file.filename:
        raise PictureFault("no_file")
    content = file.read(LARGEST_SENT + 1)
    file.close()
    return clean_picture(content)


def _file_name() -> str:
    file = request.files.get("picture")
    return (file.filename or "" if file else "")[:LONGEST_FILE_NAME]
