"""What the menu leads to, and whom. A new screen is a line here, its words in texts/<language>/common.toml."""

from dataclasses import dataclass

from flask import current_app

from central.web.roles import Role, visitor

PEOPLE = (Role.COORDINATOR, Role.READER, Role.ATELIER)
OFFICE = (Role.COORDINATOR, Role.READER)


@dataclass(frozen=True, slots=True)
class Entry:
    """`endpoint`: of its first page; `word`: a key of the texts."""

    endpoint: str
    word: str
    roles: tuple[Role, ...]


MENU: tuple[Entry, ...] = (
    Entry("board.board", "common.menu_board", PEOPLE),
    Entry("orders.orders", "common.menu_orders", OFFICE),
    Entry("ateliers.ateliers", "common.menu_ateliers", PEOPLE),
    Entry("transfers.transfers", "common.menu_transfers", PEOPLE),
    Entry("contracts.contracts", "common.menu_contracts", PEOPLE),
    Entry("fleet.fleet", "common.menu_fleet", OFFICE),
    Entry("alerts.alerts", "common.menu_alerts", OFFICE),
    Entry("stick_files.stick_files", "common.menu_stick_files", (Role.COORDINATOR,)),
    Entry("accounts.accounts", "common.menu_accounts", (Role.COORDINATOR,)),
)


def menu() -> list[Entry]:
    """For whoever asks, of the pages there are."""
    there = current_app.view_functions
    return [entry for entry in MENU if entry.endpoint in there and visitor().role in entry.roles]
