"""What a ZPL printer says back: the three lines of `~HS`, each between STX and ETX. Pure.

Zebra, ZPL programming guide, ~HS: `aaa,b,c,dddd,eee,f,g,h,iii,j,k,l`, then `mmm,n,o,p,q,r,s,t,uuuuuuuu,v,www`, then a
password. Zebra's own printers say nothing at all with media or ribbon out, the head open or too hot; compatible ones set
the flags.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from devices.printers.printer import PrinterStatus, StatusCode
from devices.printers.watched_conversation import Report

_LINE = re.compile(rb"\x02([\d,]*)\x03")
_FIRST_FIELDS, _SECOND_FIELDS = 12, 11
_LONGEST_LINE = 100
# Xprinter leaves a count of dots fed in `uuuuuuuu` after the cover was closed; a batch of ours is one label.
_MOST_LABELS = 9_999


@dataclass(slots=True)
class HostStatusReplies:
    """Implements Replies. Whatever is no line of digits between STX and ETX is noise."""

    reports: list[Report] = field(default_factory=list)
    _waiting: bytes = b""
    _first: list[int] | None = None

    def feed(self, data: bytes) -> None:
        self._waiting += data
        end = 0
        for line in _LINE.finditer(self._waiting):
            self._take(line[1].split(b","))
            end = line.end()
        self._waiting = self._waiting[end:][-_LONGEST_LINE:]

    def _take(self, fields: list[bytes]) -> None:
        values = [int(value) for value in fields if value]
        if len(values) != len(fields):
            return
        if len(values) == _FIRST_FIELDS:
            self._first = values
        elif len(values) == _SECOND_FIELDS and self._first is not None:
            self.reports.append(host_report(self._first, values))
            self._first = None


def host_report(first: Sequence[int], second: Sequence[int]) -> Report:
    """The report in the fields of the first (12) and the second line (11). Too cold is no fault: it warms up printing."""
    _, paper_out, paused, _, formats, buffer_full, hex_dump, half_format, _, setup_lost, _, too_hot = first
    _, _, head_up, ribbon_out, has_ribbon, _, _, _, labels_left, _, _ = second
    faults: tuple[tuple[int, StatusCode], ...] = (
        (head_up, "cover_open"),
        (paper_out, "paper_out"),
        (ribbon_out and has_ribbon, "error"),
        (hex_dump or setup_lost, "error"),  # a label would come out as hex digits, or not as it was set up
        (too_hot, "too_hot"),
        (paused or buffer_full, "offline"),
    )
    state: StatusCode = next((state for found, state in faults if found), "ready")
    at_work = 0 < labels_left <= _MOST_LABELS  # a label only read, or waiting, may still be thrown away
    status = PrinterStatus(state, f"~HS {_line(first)} {_line(second)}")
    return Report(status, busy=at_work or bool(formats or half_format), at_work=at_work)


def _line(values: Sequence[int]) -> str:
    return ",".join(map(str, values))
