"""Orders: the list, one order in numbers, importing from a spreadsheet, taking an import back, closing."""

from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from floor_app.closing import close_order, reopen_order
from floor_app.domain.order_columns import FIELDS
from floor_app.domain.quality import added_up
from floor_app.domain.routings import Routing
from floor_app.importing import ImportAnswer, import_orders, undo_import
from floor_app.previewing import SheetPreview
from floor_app.sharing import share_order
from floor_app.spreadsheets import UnreadableSheet
from floor_app.store import board, lays, network_identity, offers, routings
from floor_app.store import orders as order_store
from floor_app.store.orders import StandingOrder
from floor_app.texts import Words, grouped_number, words
from floor_app.web import form_fields, order_codes
from floor_app.web.order_sums import ordered_by_colour, sizes_of, sums_by_colour
from floor_app.web.roles import Role, atelier, open_to
from floor_app.web.sent_sheet import SentSheet, column_names, first_rows, sent_sheet
from floor_app.web.step_names import routing_names, step_name

MOST_ORDERS_SHOWN = 100
MOST_PREVIEWED = 20
MOST_FAULTS_SHOWN = 60
SOON_DAYS = 3

screen = Blueprint("orders", __name__)
screen.record_once(order_codes.add_to)


@screen.get("/orders")
@open_to(Role.SUPERVISOR)
def orders() -> ResponseReturnValue:
    running, sought = request.args.get("show") != "done", form_fields.asked_text("q", limit=60)
    with atelier().reading() as db:
        found = order_store.listed(db, running=running, text=sought, limit=MOST_ORDERS_SHOWN)
        counts = order_store.counts(db)
        waiting_offers = offers.waiting(db)
    return render_template(
        "orders/orders.html",
        found=[(order, _urgency(order)) for order in found],
        counts=counts,
        running=running,
        sought=sought,
        most=MOST_ORDERS_SHOWN,
        waiting_offers=waiting_offers,
    )


@screen.get("/orders/<order_code:code>")
@open_to(Role.SUPERVISOR)
def order(code: str) -> ResponseReturnValue:
    with atelier().reading() as db:
        found = order_store.by_code(db, code)
        if found is None:
            raise NotFound
        lines, counts = order_store.lines(db, found.id), order_store.step_counts(db, found.id)
        routing, cut = routings.routing(db, found.routing_id), lays.of_order(db, code)
        on_board = board.order_by_code(db, code)
        law = board.conservation(db, [on_board] if on_board else [])
        sharing, joined = order_store.sharing(db, code), network_identity.trust(db) is not None
    t = _words()
    return render_template(
        "orders/order.html",
        order=found,
        urgency=_urgency(found),
        sizes=sizes_of(lines),
        colours=sums_by_colour(lines, counts, routing),
        row_name=lambda name: _row_name(t, name, routing),
        routing_names=routing_names(t, routing),
        lays=cut,
        law=added_up(line.pieces for line in law),
        gaps=[line for line in law if not line.pieces.holds],
        sharing=sharing,
        joined=joined,
    )


@screen.post("/orders/<order_code:code>/close")
@open_to(Role.SUPERVISOR)
def close(code: str) -> ResponseReturnValue:
    done = atelier().run(
        close_order,
        code,
        reason=form_fields.text("reason", limit=form_fields.LONGEST_REASON),
        event_id=form_fields.sent_id(),
        moment=atelier().clock.moment(),
    )
    return _told(done, url_for("orders.order", code=code))


@screen.post("/orders/<order_code:code>/reopen")
@open_to(Role.SUPERVISOR)
def reopen(code: str) -> ResponseReturnValue:
    done = atelier().run(reopen_order, code, event_id=form_fields.sent_id(), moment=atelier().clock.moment())
    return _told(done, url_for("orders.order", code=code))


@screen.post("/orders/<order_code:code>/share")
@open_to(Role.SUPERVISOR)
def share(code: str) -> ResponseReturnValue:
    wanted = request.form.get("shared") == "yes"
    done = atelier().run(share_order, code, wanted, event_id=form_fields.sent_id(), moment=atelier().clock.moment())
    said = ("shared" if wanted else "unshared") if done == "done" else done
    flash(_words()(f"offers.share_{said}"), "good" if done == "done" else "warn")
    return redirect(url_for("orders.order", code=code), 303)


@screen.get("/orders/import")
@open_to(Role.SUPERVISOR)
def choose_file() -> ResponseReturnValue:
    return render_template("orders/choose_file.html", fault="")


@screen.get("/orders/import/modele-commande.csv")
@open_to(Role.SUPERVISOR)
def model_file() -> ResponseReturnValue:
    """With a byte order mark: without it Excel reads UTF-8 as cp1252."""
    content = _words()("orders.model_file").replace("\n", "\r\n").encode("utf-8-sig")
    headers = {"Content-Disposition": 'attachment; filename="modele-commande.csv"'}
    return Response(content, mimetype="text/csv", headers=headers)


@screen.post("/orders/import/preview")
@open_to(Role.SUPERVISOR)
def preview() -> ResponseReturnValue:
    sent = sent_sheet()
    if sent is None:
        return _no_file("orders.no_file")
    try:
        return _preview_page(sent, sent.preview())
    except UnreadableSheet as unreadable:
        return _no_file(f"import_faults.{unreadable.code}")


@screen.post("/orders/import/store")
@open_to(Role.SUPERVISOR)
def store() -> ResponseReturnValue:
    """Reads the file again, as it was shown; what the form says was read is not believed."""
    sent, import_id = sent_sheet(), form_fields.sent_id()
    if sent is None:
        return _no_file("orders.no_file")
    try:
        found = sent.preview()
    except UnreadableSheet as unreadable:
        return _no_file(f"import_faults.{unreadable.code}")
    if not found.reading.ok or request.form.get("shown") != sent.choices:
        return _preview_page(sent, found)
    answer = atelier().run(
        import_orders, found.reading.orders, import_id=import_id, source=sent.filename, moment=atelier().clock.moment()
    )
    return _preview_page(sent, found) if answer.taken else _imported(answer)


@screen.get("/orders/imports")
@open_to(Role.SUPERVISOR)
def imports() -> ResponseReturnValue:
    with atelier().reading() as db:
        found = [(past, order_store.codes_of_import(db, past.import_id)) for past in order_store.imports(db)]
    return render_template("orders/imports.html", found=found)


@screen.post("/orders/imports/<import_id>/undo")
@open_to(Role.SUPERVISOR)
def undo(import_id: str) -> ResponseReturnValue:
    done = atelier().run(undo_import, import_id, event_id=form_fields.sent_id(), moment=atelier().clock.moment())
    return _told(f"import_{done}", url_for("orders.imports"))


def _imported(answer: ImportAnswer) -> ResponseReturnValue:
    orders_said = _words()("orders.imported", count=len(answer.imported))
    flash(f"{orders_said} {_words()('orders.imported_pieces', n=grouped_number(answer.pieces))}", "good")
    if len(answer.imported) == 1:
        return redirect(url_for("orders.order", code=answer.imported[0]), 303)
    return redirect(url_for("orders.orders"), 303)


def _preview_page(sent: SentSheet, found: SheetPreview) -> ResponseReturnValue:
    reading = found.reading
    with atelier().reading() as db:
        taken = sorted(order_store.taken_codes(db, tuple(order.code for order in reading.orders)))
    letters, rows = first_rows(found)
    return render_template(
        "orders/preview.html",
        sent=sent,
        reading=reading,
        importable=reading.ok and not taken,
        shown=[
            (order, sizes_of(order.lines), ordered_by_colour(order.lines)) for order in reading.orders[:MOST_PREVIEWED]
        ],
        pieces=sum(order.pieces for order in reading.orders),
        faults=reading.faults[:MOST_FAULTS_SHOWN],
        taken=taken,
        fields=FIELDS,
        columns=column_names(found),
        sheets=found.sheets,
        letters=letters,
        rows=rows,
        row_name=lambda name: _row_name(_words(), name),
    )


def _row_name(t: Words, name: str, routing: Routing | None = None) -> str:
    return t(f"orders.row_{name}") if t.has(f"orders.row_{name}") else step_name(t, name, routing)


def _no_file(fault: str) -> ResponseReturnValue:
    return render_template("orders/choose_file.html", fault=fault), 422


def _told(outcome: str, page: str) -> ResponseReturnValue:
    flash(_words()(f"orders.{outcome}"), "good" if outcome in _DONE else "warn")
    return redirect(page, 303)


_DONE = ("closed", "reopened", "import_undone")


def _urgency(order: StandingOrder) -> tuple[str, int]:
    """(`late`, days beyond the date), (`soon`, days left), or ("", 0): for orders that are running and have a date."""
    if not order.running or not order.due:
        return "", 0
    days_left = (date.fromisoformat(order.due) - date.fromisoformat(atelier().clock.today())).days
    if days_left < 0:
        return "late", -days_left
    return ("soon", days_left) if days_left <= SOON_DAYS else ("", 0)


def _words() -> Words:
    return words(atelier().config.atelier.language)
