"""Two ateliers of one network, for tests: a centre that certifies their keys, and nothing else between them."""

from pathlib import Path
from typing import Any

import sqlite_utils

from contract import keys
from floor_app.domain.codes import bundle_code
from floor_app.domain.routings import DEFAULT_ROUTING, Routing
from floor_app.domain.transfers import Note, NoteBundle, Steps
from floor_app.note_files import Checking
from floor_app.store import network_identity
from floor_app.store.network_identity import NetworkIdentity

CENTRE = keys.new_private_key()
CENTRE_PUBLIC = keys.public_of(CENTRE)
UNTIL = "2031-12-31"


def an_identity(
    atelier: str = "ATL07",
    *,
    name: str = "Atelier des Tilleuls",
    site: str = "BCDF",
    until: str = UNTIL,
    centre: str = CENTRE,
) -> NetworkIdentity:
    """As after enrolling."""
    private_key = keys.new_private_key()
    certificate = keys.certify(
        centre, atelier=atelier, name=name, site=site, public_key=keys.public_of(private_key), until=until
    )
    return NetworkIdentity(atelier, "Réseau", "http://127.0.0.1:9", private_key, certificate, keys.public_of(centre))


def checking(db: sqlite_utils.Database, *, today: str = "2026-11-26") -> Checking:
    trust = network_identity.trust(db)
    assert trust is not None, "enrolled before"
    return Checking(trust, today)


def key_file(folder: Path) -> Path:
    return folder / network_identity.KEY_FILE


def a_note(
    code: str = "LYON-2-BCDFGH",
    *,
    sender: NetworkIdentity | None = None,
    to: str = "ATL07",
    order: str = "2026-0900",
    count: int = 2,
    routing: Routing = DEFAULT_ROUTING,
    **changed: Any,
) -> Note:
    """Bundles of 20 of another atelier, cut there and 12 of each sewn; `changed`: fields of the note."""
    passed = ((routing.operations[0].code, 20), (routing.operations[1].code, 12))
    said: dict[str, Any] = {
        "code": code,
        "sender": sender.atelier if sender else "LYON-2",
        "sender_name": sender.certificate.name if sender else "ESAT de Lyon",
        "to": to,
        "to_name": "Atelier des Tilleuls",
        "sent_on": "2026-11-26",
        "order": order,
        "client": "Ville de Lyon",
        "contract": "",
        "style": "Blouse",
        "due": "2026-12-18",
        "routing": routing,
        "bundles": tuple(a_note_bundle(number, steps=passed) for number in range(1, count + 1)),
    }
    return Note(**(said | changed))


def a_note_bundle(number: int, *, steps: Steps = (("cut", 20), ("sew", 12)), **changed: Any) -> NoteBundle:
    """One of Lyon's, of size M."""
    said: dict[str, Any] = {
        "code": bundle_code("CDFG", 4000 + number, number % 256),
        "number": number,
        "bundle_count": 12,
        "size": "M",
        "colour": "Écru",
        "shade": "B",
        "roll": "R7",
        "lay": 3,
        "ply_from": 20 * number - 19,
        "ply_to": 20 * number,
        "quantity": 20,
        "pieces": 20,
        "steps": steps,
    }
    return NoteBundle(**(said | changed))


def a_share(
    allocation: str = "A-1",
    *,
    order: str = "R-2026-7",
    lines: list[tuple[str, str, int]] | None = None,
    **changed: Any,
) -> dict[str, Any]:
    """An `Allocation` as the centre says it: 60 each of S, M, L, XL in blue; `changed`: fields of it."""
    asked = lines if lines is not None else [(size, "Bleu", 60) for size in ("S", "M", "L", "XL")]
    said: dict[str, Any] = {
        "allocation": allocation,
        "revision": 1,
        "state": "proposed",
        "order": order,
        "client": "Région Hauts-de-France",
        "contract": "M-2026-09",
        "style": "Tunique",
        "due": "2027-03-12",
        "lines": [{"size": size, "colour": colour, "quantity": quantity} for size, colour, quantity in asked],
        "order_pieces": 4000,
        "routing": [],
        "pictures": [],
        "note": "",
    }
    return said | changed
