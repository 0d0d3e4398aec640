"""What can be shown of one order's making: a page, a PDF, a spreadsheet, EPCIS. Of all ateliers together: for the office alone."""

from flask import Blueprint, Response, abort, render_template

from central.proving import Proof, prove
from central.reports import proof_paper, wording
from central.reports.epcis import MEDIA_TYPE, epcis_json
from central.web.downloads import PDF, XLSX, download
from central.web.language import spoken
from central.web.roles import Role, centre, open_to

proof_screen = Blueprint("proof", __name__)


@proof_screen.get("/orders/<path:code>/proof")
@open_to(Role.COORDINATOR, Role.READER)
def proof(code: str) -> str:
    t = spoken()
    return render_template(
        "proof/shown.html",
        proof=_proof(code),
        columns=proof_paper.FIGURES,
        section_name=lambda section: proof_paper.section_name(section, t),
        state_of=lambda note: proof_paper.state_of(note, t),
        in_and_out=lambda proof: proof_paper.in_and_out(proof, t),
        not_certified=proof_paper.not_certified(t),
        days=lambda values: wording.days(values, t),
    )


@proof_screen.get("/orders/<path:code>/proof.pdf")
@open_to(Role.COORDINATOR, Role.READER)
def pdf(code: str) -> Response:
    return download(proof_paper.proof_pdf(_proof(code), _network(), spoken()), PDF, "preuve", f"{code}.pdf")


@proof_screen.get("/orders/<path:code>/proof.xlsx")
@open_to(Role.COORDINATOR, Role.READER)
def xlsx(code: str) -> Response:
    return download(proof_paper.proof_xlsx(_proof(code), _network(), spoken()), XLSX, "preuve", f"{code}.xlsx")


@proof_screen.get("/orders/<path:code>/proof.jsonld")
@open_to(Role.COORDINATOR, Role.READER)
def epcis(code: str) -> Response:
    return download(epcis_json(_proof(code)), MEDIA_TYPE, "epcis", f"{code}.jsonld")


def _proof(code: str) -> Proof:
    with centre().reading() as db:
        return prove(db, code, at_ms=centre().now_ms()) or abort(404)


def _network() -> str:
    return centre().settings.network
