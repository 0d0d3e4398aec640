"""How another machine reaches this one: what a printed or scanned link begins with."""

import ipaddress
import socket
from urllib.parse import urlsplit

from flask import request

from floor_app.web.roles import atelier


def address_for_others() -> str:
    """No slash at the end. As set up, else as this request came in; « localhost » becomes the machine's own address."""
    if atelier().config.server.public_url:
        return atelier().config.server.public_url
    here = request.host_url.rstrip("/")
    if not is_loopback(urlsplit(here).hostname or ""):
        return here
    port = request.host.rpartition(":")[2]
    return f"{request.scheme}://{own_address()}" + (f":{port}" if port.isdigit() else "")


def is_loopback(host: str) -> bool:
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def own_address() -> str:
    """This machine's address towards its network. A UDP connect sends nothing (connect(2))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737): never routed
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
