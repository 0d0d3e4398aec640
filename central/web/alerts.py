"""What somebody should hear of, as it stands, and who is told of it outside this page."""

from flask import Blueprint, render_template

from central.alert_words import told
from central.domain.alert_rules import KINDS
from central.store import alerts as kept
from central.store import ateliers
from central.web.language import spoken
from central.web.roles import Role, centre, open_to

alerts_screen = Blueprint("alerts", __name__)


@alerts_screen.get("/alerts")
@open_to(Role.COORDINATOR, Role.READER)
def alerts() -> str:
    words = spoken()
    with centre().reading() as db:
        found = kept.open_ones(db)
        names = {one.atelier.code: one.atelier.name for one in ateliers.listed(db)}
    by_kind = [(kind, [one for one in found if one.kind == kind]) for kind in KINDS]
    return render_template(
        "alerts/listed.html",
        by_kind=[(kind, own) for kind, own in by_kind if own],
        says=lambda one: told(one, names, words),
        told_to=centre().settings.alerts_told_to,
    )
