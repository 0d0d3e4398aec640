"""A signed file that an atelier carried here on a stick: taken in, and its receipt given back."""

import base64

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from central.importing_files import ImportedFile, import_file
from central.store import ateliers
from central.web.language import spoken
from central.web.roles import Role, centre, open_to
from contract.signed_files import LARGEST_FILE

stick_files_screen = Blueprint("stick_files", __name__, url_prefix="/stick")


@stick_files_screen.get("", endpoint="stick_files")
@open_to(Role.COORDINATOR)
def page() -> ResponseReturnValue:
    return _page()


@stick_files_screen.post("")
@open_to(Role.COORDINATOR)
def take() -> ResponseReturnValue:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(fault="nothing"), 422
    content = sent.read(LARGEST_FILE + 1)
    sent.close()
    found = import_file(centre(), content, t=spoken())
    if not isinstance(found, ImportedFile):
        return _page(fault=found.code), 422
    return _page(taken=found)


@stick_files_screen.post("/receipt")
@open_to(Role.COORDINATOR)
def receipt() -> ResponseReturnValue:
    """The receipt as it was made, back from the page that showed it; it is signed, so nobody gains by changing it."""
    try:
        content = base64.b64decode(request.form.get("content", ""), validate=True)
    except ValueError as error:
        raise BadRequest from error
    name = f"recu-{centre().today().isoformat()}.floor"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/octet-stream", headers=headers)


def _page(*, fault: str = "", taken: ImportedFile | None = None) -> str:
    name = ""
    if taken:
        with centre().reading() as db:
            found = ateliers.find(db, taken.atelier)
        name = found.name if found else taken.atelier
    content = base64.b64encode(taken.receipt).decode("ascii") if taken else ""
    return render_template("stick_files/stick_files.html", fault=fault, taken=taken, name=name, content=content)
