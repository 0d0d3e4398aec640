"""Shared orders: the list, a new one by hand or from a sheet, one with its ateliers, lines and days; changed, closed, opened again."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from central import sharing
from central.domain.silence import is_silent
from central.reading_lines import LARGEST_FILE, ReadLines, read_file, read_text
from central.store import allocations, ateliers, contracts, orders, progress
from central.store.orders import OrderLine, SharedOrder
from central.watching_orders import OrderRow, order_row, order_rows
from central.web.downloads import table_file
from central.web.form_fields import iso_day, text
from central.web.language import t
from central.web.roles import Role, centre, open_to
from groundwork.spreadsheets import Cell

orders_screen = Blueprint("orders", __name__)
OFFICE = (Role.COORDINATOR, Role.READER)
LONGEST_CODE, LONGEST_TEXT, LONGEST_CONTRACT, LONGEST_NOTE = 60, 120, 80, 300
LONGEST_LINES = 200_000
DAYS_SHOWN = 60
SHOWN = ("cut", "sewn", "finished", "second", "rejected", "missing", "shipped", "received")


@orders_screen.get("/orders", endpoint="orders")
@open_to(*OFFICE)
def listed() -> ResponseReturnValue:
    closed = request.args.get("closed") == "yes"
    with centre().reading() as db:
        rows = order_rows(db, today=centre().today(), silent=_silent(), closed=closed)
    return render_template("orders/orders.html", rows=rows, closed=closed)


@orders_screen.get("/orders/new")
@open_to(Role.COORDINATOR)
def new() -> ResponseReturnValue:
    return _form(SharedOrder(""), "")


@orders_screen.post("/orders/new")
@open_to(Role.COORDINATOR)
def add() -> ResponseReturnValue:
    """Looked at first; kept only when it was asked to be, and nothing is wrong."""
    order, fault = _asked("")
    with centre().reading() as db:
        if not fault and orders.find(db, order.code):
            fault = "taken"
    return _looked_at_or_kept(order, fault, changing=False)


@orders_screen.get("/orders/<path:code>/change")
@open_to(Role.COORDINATOR)
def change_page(code: str) -> ResponseReturnValue:
    with centre().reading() as db:
        order, lines = _found(code), orders.lines(db, code)
    return _form(order, ReadLines(tuple(lines), ()).as_text, changing=True)


@orders_screen.post("/orders/<path:code>/change")
@open_to(Role.COORDINATOR)
def change(code: str) -> ResponseReturnValue:
    """Every atelier with a share of it is told."""
    before = _found(code)
    order, fault = _asked(code)
    kept = replace(
        before, client=order.client, contract=order.contract, style=order.style, due=order.due, note=order.note
    )
    return _looked_at_or_kept(kept, fault, changing=True)


@orders_screen.post("/orders/<path:code>/close")
@open_to(Role.COORDINATOR)
def close(code: str) -> ResponseReturnValue:
    _found(code)
    with centre().writing() as db:
        orders.close(db, code, at_ms=centre().now_ms())
    flash(t("orders.closed", code=code), "good")
    return redirect(url_for("orders.order", code=code), 303)


@orders_screen.post("/orders/<path:code>/reopen")
@open_to(Role.COORDINATOR)
def reopen(code: str) -> ResponseReturnValue:
    _found(code)
    with centre().writing() as db:
        orders.close(db, code, at_ms=0)
    flash(t("orders.reopened", code=code), "good")
    return redirect(url_for("orders.order", code=code), 303)


@orders_screen.get("/orders/<path:code>/ateliers.<kind>")
@open_to(*OFFICE)
def by_atelier(code: str, kind: str) -> Response:
    _found(code)
    names = _names()
    rows: list[list[Cell]] = [[t("orders.atelier"), t("ateliers.share"), *(t(f"figures.{name}") for name in SHOWN)]]
    with centre().reading() as db:
        for one in progress.of_orders(db, [code]):
            made = [int(getattr(one.figures, name)) for name in SHOWN]
            rows.append([names.get(one.atelier, one.atelier), one.allocation, *made])
    return table_file(f"{code}-{t('orders.file_ateliers')}", kind, rows)


@orders_screen.get("/orders/<path:code>/days.<kind>")
@open_to(*OFFICE)
def by_day(code: str, kind: str) -> Response:
    """A year back, a row for each atelier and day."""
    _found(code)
    names, today = _names(), centre().today()
    rows: list[list[Cell]] = [[t("ateliers.day"), t("orders.atelier"), *(t(f"figures.{name}") for name in SHOWN)]]
    with centre().reading() as db:
        for one in progress.days_of_order(db, code, from_day=today - timedelta(days=366), to_day=today):
            made = [int(getattr(one.figures, name)) for name in SHOWN]
            rows.append([one.day.isoformat(), names.get(one.atelier, one.atelier), *made])
    return table_file(f"{code}-{t('orders.file_days')}", kind, rows)


@orders_screen.get("/orders/<path:code>")
@open_to(*OFFICE)
def order(code: str) -> ResponseReturnValue:
    found = _found(code)
    today = centre().today()
    with centre().reading() as db:
        row: OrderRow = order_row(db, found, today=today, silent=_silent())
        lines, made = orders.lines(db, code), progress.lines_of_order(db, code)
        return render_template(
            "orders/order.html",
            order=found,
            row=row,
            lines=lines,
            made=made,
            others=[line for line in made if line not in {(one.size, one.colour) for one in lines}],
            shares=allocations.of_order(db, code),
            places=progress.of_orders(db, [code]),
            names=_names(),
            silent=_silent(),
            days=sorted(progress.finished_by_day(db, code).items(), reverse=True)[:DAYS_SHOWN],
            shown=SHOWN,
        )


def _looked_at_or_kept(order: SharedOrder, fault: str, *, changing: bool) -> ResponseReturnValue:
    read = _lines()
    if fault or read.faults or request.form.get("do") != "keep":
        status = 422 if fault or read.faults else 200
        return _form(
            order,
            read.as_text or request.form.get("lines", "")[:LONGEST_LINES],
            read=read,
            fault=fault,
            changing=changing,
        ), status
    with centre().writing() as db:
        sharing.keep_order(db, order, read.lines, at_ms=centre().now_ms())
    flash(t("orders.changed" if changing else "orders.added", code=order.code), "good")
    return redirect(url_for("orders.order" if changing else "shares.shares", code=order.code), 303)


def _lines() -> ReadLines:
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        content = sent.read(LARGEST_FILE + 1)
        sent.close()
        return read_file(content, filename=sent.filename)
    return read_text(request.form.get("lines", "")[:LONGEST_LINES])


def _asked(code: str) -> tuple[SharedOrder, str]:
    """The order as the form has it, and the fault, "" for none."""
    due = iso_day(request.form.get("due", ""))
    order = SharedOrder(
        code or text("code", limit=LONGEST_CODE),
        text("client", limit=LONGEST_TEXT),
        text("contract", limit=LONGEST_CONTRACT),
        text("style", limit=LONGEST_TEXT),
        due or "",
        text("note", limit=LONGEST_NOTE),
        added_at_ms=centre().now_ms(),
    )
    fault = "no_code" if not order.code else "bad_due" if due is None else "no_style" if not order.style else ""
    return order, fault


def _form(
    order: SharedOrder, lines: str, *, read: ReadLines | None = None, fault: str = "", changing: bool = False
) -> str:
    with centre().reading() as db:
        known = [one.contract for one in contracts.listed(db)]
    looked: tuple[OrderLine, ...] = read.lines if read else ()
    return render_template(
        "orders/form.html",
        order=order,
        lines=lines,
        read=read,
        pieces=sum(line.quantity for line in looked),
        fault=fault,
        changing=changing,
        contracts=known,
    )


def _found(code: str) -> SharedOrder:
    with centre().reading() as db:
        found = orders.find(db, code)
    if found is None:
        raise NotFound
    return found


def _names() -> dict[str, str]:
    with centre().reading() as db:
        return {one.atelier.code: one.atelier.name for one in ateliers.listed(db)}


def _silent() -> frozenset[str]:
    now = centre().now_ms()
    with centre().reading() as db:
        return frozenset(one.atelier.code for one in ateliers.listed(db) if is_silent(one.heard_at_ms, now))
