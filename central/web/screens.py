"""Every screen of the centre, and its machine interface."""

from central.web.accounts import accounts_screen
from central.web.alerts import alerts_screen
from central.web.api.days import days
from central.web.api.enrolments import enrolments
from central.web.api.heartbeats import heartbeats
from central.web.api.keys import keys
from central.web.api.openapi import openapi
from central.web.api.shares import shares
from central.web.api.transfers import transfers
from central.web.ateliers import ateliers_screen
from central.web.board import board_screen
from central.web.buyer import buyer_screen
from central.web.conflicts import conflicts_screen
from central.web.contracts import contracts_screen
from central.web.fleet import fleet_screen
from central.web.health import health
from central.web.making import making_screen
from central.web.orders import orders_screen
from central.web.proof import proof_screen
from central.web.shares import shares_screen
from central.web.sign_in import sign_in_screen
from central.web.stick_files import stick_files_screen
from central.web.transfers import transfers_screen

SCREENS = (
    sign_in_screen,
    board_screen,
    making_screen,
    orders_screen,
    shares_screen,
    ateliers_screen,
    conflicts_screen,
    fleet_screen,
    transfers_screen,
    accounts_screen,
    stick_files_screen,
    buyer_screen,
    proof_screen,
    contracts_screen,
    alerts_screen,
    health,
    openapi,
    enrolments,
    days,
    shares,
    transfers,
    heartbeats,
    keys,
)
