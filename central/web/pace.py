"""How often an address may ask. Counted in each process: what needs a count over all of them is counted by nonces, in the database."""

import ipaddress
from math import ceil
from time import time

from flask import request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from central.settings import Limits
from central.web.problems import Problem

A_MINUTE_S = 60


class Pace:
    """One for each process."""

    def __init__(self, limits: Limits) -> None:
        self._counted = FixedWindowRateLimiter(MemoryStorage())
        self._each = {
            "any": RateLimitItemPerMinute(limits.by_address),
            "enrolment": RateLimitItemPerMinute(limits.enrolments_by_address),
            "buyer": RateLimitItemPerMinute(limits.buyer_pages_by_address),
            "sign_in": RateLimitItemPerMinute(limits.sign_ins_by_address),
        }
        self.by_atelier = limits.by_atelier

    def check_address(self, kind: str = "any") -> None:
        """Raises Problem."""
        limit, who = self._each[kind], _network(request.remote_addr or "")
        if not self._counted.hit(limit, kind, who):
            window = self._counted.get_window_stats(limit, kind, who)
            raise Problem(429, "too_often", retry_after_s=max(1, ceil(window.reset_time - time())))

    def check_atelier(self, pace: int) -> None:
        """`pace`: its signed requests within the last minute. Raises Problem."""
        if pace > self.by_atelier:
            raise Problem(429, "too_often", retry_after_s=A_MINUTE_S)


def _network(address: str) -> str:
    """One customer's: of IPv6 the first 64 bits."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address
