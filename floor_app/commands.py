"""What the `floor` command asks of an atelier, running or at rest: plain dictionaries in and out, the same on both roads."""

import base64
import threading
import uuid
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from floor_app import access
from floor_app.atelier import Atelier
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order
from floor_app.importing import ImportAnswer, import_orders, preview_import
from floor_app.printing import print_lay
from floor_app.spreadsheets import UnreadableSheet
from floor_app.store import day_sheets, network_identity, rebuild, sync_attempts
from floor_app.store.rebuild import TableDifference

Answer = dict[str, Any]


def import_file(atelier: Atelier, asked: Answer) -> Answer:
    """{"filename", "content": base64} → {"imported": [codes], "pieces"} or {"faults": [...]}, and then nothing was stored."""
    content = base64.b64decode(asked["content"])
    try:
        with atelier.reading() as db:
            preview = preview_import(db, content, filename=asked["filename"])
    except UnreadableSheet as error:
        return {"imported": [], "faults": [{"row": 0, "column": "", "code": error.code, "value": asked["filename"]}]}
    faults = [asdict(fault) for fault in preview.reading.faults]
    faults += [{"row": 0, "column": "", "code": "order_known", "value": code} for code in preview.taken]
    if not preview.importable:
        return {"imported": [], "faults": faults}
    return _imported(atelier, preview.reading.orders, asked["filename"])


def cut(atelier: Atelier, asked: Answer) -> Answer:
    """{"order", "colour", "marker", "plies", "shade", "cap", "tolerance", "print"} → the lay's number and its bundles."""
    settings = atelier.config.atelier
    cap = asked.get("cap") or settings.bundle_cap
    request = CutRequest(
        asked.get("id") or uuid.uuid4().hex,
        asked["order"],
        asked["colour"],
        asked["marker"],
        (Roll(asked["plies"], asked.get("shade", "")),),
        cap,
        min(asked.get("tolerance", settings.bundle_tolerance), cap),
    )
    answer = atelier.run(cut_lay, request, codes=atelier.codes, moment=atelier.clock.moment())
    place = atelier.label_place() if asked.get("print", True) and not answer.faults else None
    batch = (
        atelier.run(print_lay, answer.order, answer.lay_number, place=place, moment=atelier.clock.moment())
        if place
        else None
    )
    return {
        "order": answer.order,
        "lay": answer.lay_number,
        "faults": [asdict(fault) for fault in answer.faults],
        "over_cut": [{"size": size, "pieces": pieces} for size, pieces in answer.over_cut],
        "bundles": [asdict(bundle) for bundle in answer.bundles],
        "batch": batch,
    }


def station_token(atelier: Atelier, asked: Answer) -> Answer:
    """{"station"} → {"token"}, shown this once; {} when there is no such station."""
    if atelier.station(asked["station"]) is None:
        return {}
    token = access.new_secret()
    at_ms = atelier.clock.now_ms()
    atelier.run(
        access.give_token,
        token,
        kind="station",
        subject=asked["station"],
        label=asked.get("label", "floor"),
        at_ms=at_ms,
    )
    return {"token": token}


def supervisor_link(atelier: Atelier, asked: Answer) -> Answer:
    """{"name"} → {"path"}: where that supervisor chooses her password, once, within a day."""
    secret = access.new_secret()
    atelier.run(access.open_setup, secret, account=asked["name"][:40], at_ms=atelier.clock.now_ms())
    return {"path": f"/set-up/{secret}"}


def pairing_link(atelier: Atelier, asked: Answer) -> Answer:
    """{"station"} ("" for a wall screen) → {"path"}: opened once within 15 minutes, it makes that browser the station's."""
    if asked["station"] and atelier.station(asked["station"]) is None:
        return {}
    secret = access.new_secret()
    atelier.run(access.open_pairing, secret, subject=asked["station"], at_ms=atelier.clock.now_ms())
    return {"path": f"/pair/{secret}"}


def put_right(atelier: Atelier, asked: Answer) -> Answer:
    """One table's difference from the events → {"changed": rows}. Tables are named by us, never by a request."""
    difference = TableDifference(
        asked["table"], tuple(tuple(row) for row in asked["lacking"]), tuple(tuple(row) for row in asked["extra"])
    )
    return {"changed": atelier.run(rebuild.put_right, difference)}


def _imported(atelier: Atelier, found: tuple[Order, ...], source: str) -> Answer:
    answer: ImportAnswer = atelier.run(
        import_orders, found, import_id=uuid.uuid4().hex, source=source, moment=atelier.clock.moment()
    )
    faults = [{"row": 0, "column": "", "code": "order_known", "value": code} for code in answer.taken]
    return {"imported": list(answer.imported), "pieces": answer.pieces, "import_id": answer.import_id, "faults": faults}


def sync_run(atelier: Atelier, asked: Answer) -> Answer:
    """{"wait_s"} → as `sync_status`, once the run has ended or so many seconds went by. A run of its own, or the one under way."""
    desk = atelier.sync
    if not desk.has_loop:
        from floor_app.sync import run

        run.sync(atelier, "asked", stopping=threading.Event())
        return sync_status(atelier, asked)
    before = desk.runs
    if not asked.get("going"):
        desk.ask()
    desk.wait_for_run(int(asked.get("after", before)), min(float(asked.get("wait_s", 60)), 90))
    return sync_status(atelier, asked)


def sync_status(atelier: Atelier, asked: Answer) -> Answer:
    """{"limit"} → the network, whether a run is under way, days that wait, those in trouble, the last attempts, newest first."""
    with atelier.reading() as db:
        identity, trust = network_identity.identity(db), network_identity.trust(db)
        return {
            "enrolled": trust is not None,
            "key": identity is not None,
            "network": identity.network if identity else "",
            "url": identity.url if identity else "",
            "running": atelier.sync.progress is not None or atelier.sync.wished,
            "runs": atelier.sync.runs,
            "backlog_days": day_sheets.backlog_days(db),
            "trouble": [
                {"day": one.day, "code": one.trouble, "detail": one.trouble_detail}
                for one in day_sheets.sheets_in_trouble(db)
            ],
            "attempts": [asdict(one) for one in sync_attempts.newest(db, limit=int(asked.get("limit", 10)))],
        }


def sync_join(atelier: Atelier, asked: Answer) -> Answer:
    """{"url", "code"} → {"code": joined or why not, "value", "network"}."""
    from floor_app.sync import enrolment

    return asdict(enrolment.join(atelier, asked["url"], asked["code"]))


def sync_new_key(atelier: Atelier, asked: Answer) -> Answer:
    """{} → {"code": changed or why not}."""
    from floor_app.sync import enrolment

    return {"code": enrolment.take_new_key(atelier)}


def sync_leave(atelier: Atelier, asked: Answer) -> Answer:
    """{} → {"left": whether it was in a network}."""
    from floor_app.sync import enrolment

    return {"left": enrolment.leave(atelier)}


def sync_export(atelier: Atelier, asked: Answer) -> Answer:
    """{} → {"content": base64, "days"}; {} where this machine has no key."""
    from floor_app.sync import run, stick

    try:
        written = stick.write_file(atelier)
    except run.NotEnrolled:
        return {}
    return {"content": base64.b64encode(written.content).decode("ascii"), "days": written.days}


def sync_import(atelier: Atelier, asked: Answer) -> Answer:
    """{"content": base64} → {"code": read or why not, "sent", "refused", "offers", "notes"}."""
    from floor_app.sync import stick

    return asdict(stick.read_receipt(atelier, base64.b64decode(asked["content"])))


COMMANDS: dict[str, Callable[[Atelier, Answer], Answer]] = {
    "import_file": import_file,
    "cut": cut,
    "station_token": station_token,
    "supervisor_link": supervisor_link,
    "pairing_link": pairing_link,
    "put_right": put_right,
    "sync_run": sync_run,
    "sync_status": sync_status,
    "sync_join": sync_join,
    "sync_new_key": sync_new_key,
    "sync_leave": sync_leave,
    "sync_export": sync_export,
    "sync_import": sync_import,
}
