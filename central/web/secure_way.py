"""Nothing is said in the clear but within this machine."""

import ipaddress

from flask import request

from central.web.problems import Problem

_SAID_BY_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto")


def check_way(proxies: int) -> None:
    """`proxies`: how many are known to stand in front; what they say was applied before. Raises Problem."""
    if request.is_secure or (_from_this_machine() and not _unknown_proxy(proxies)):
        return
    raise Problem(403, "https_only")


def _from_this_machine() -> bool:
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _unknown_proxy(proxies: int) -> bool:
    """A proxy on this machine that nobody told us of: who asks it may be anywhere."""
    return not proxies and any(name in request.headers for name in _SAID_BY_PROXIES)
