"""Every screen of the centre, and its machine interface."""

from central.web.api.days import days
from central.web.api.enrolments import enrolments
from central.web.api.heartbeats import heartbeats
from central.web.api.keys import keys
from central.web.api.openapi import openapi
from central.web.api.shares import shares
from central.web.api.transfers import transfers
from central.web.health import health
from central.web.sign_in import sign_in_screen

SCREENS = (sign_in_screen, health, openapi, enrolments, days, shares, transfers, heartbeats, keys)
