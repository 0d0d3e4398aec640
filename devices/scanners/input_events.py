"""A scanner in keyboard mode on the Pi: read as kernel input events, before any screen or console sees the keys."""

import contextlib
import errno
import fcntl
import os
import stat
import struct
import time
from io import FileIO

from devices.errors import DeviceLost
from devices.scanners.addresses import misunderstood, split_options
from devices.scanners.barcode import Barcode
from devices.scanners.framing import Framer
from devices.scanners.key_layouts import (
    ALTS,
    CAPS_LOCK,
    CTRLS,
    FIXED_KEYS,
    KEYPAD_DIGITS,
    LAYOUTS,
    MODIFIERS,
    NUM_LOCK,
    RIGHT_ALT,
    SCROLL_LOCK,
    SHIFTS,
    Layout,
)
from devices.scanners.serial_line import opening_fault
from devices.scanners.waiting import wait_for_barcodes

FORM = "/dev/input/by-path/…-event-kbd"
CHOICES = {"layout": LAYOUTS}
TAKE_EVENTS = 64

# struct input_event of linux/input.h: two longs of time, type, code, value; 24 bytes on 64-bit, 16 on 32-bit.
INPUT_EVENT = struct.Struct("@llHHi")
_EVIOCGRAB = 0x40044590
_SYN, _KEY = 0, 1
_SYN_REPORT, _SYN_DROPPED = 0, 3
_RELEASED, _PRESSED = 0, 1  # 2 is autorepeat

# Stands for a key without an ASCII character: the frame becomes "not_ascii". A letter left out could make another code.
_UNREADABLE = b"\xff"
_LONGEST_ALT_CODE = 5


def is_keyboard(address: str) -> bool:
    """Whether a path of floor.toml is that of a keyboard."""
    path = address.partition("?")[0]
    return path.startswith("/dev/input/") or path.endswith("-event-kbd")


class KeyboardScanner:
    """One scanner in keyboard mode, grabbed: its keys reach nothing else. All calls come from the thread that reads."""

    def __init__(self, address: str) -> None:
        """`address`: path of the event device, `?layout=fr` behind it for a scanner programmed as a French keyboard.

        ALT mode (Alt and keypad digits) is understood in either layout. ValueError with the cure.
        """
        self.address = address
        self._path, options = split_options(address, CHOICES, form=FORM)
        if not self._path.startswith("/"):
            raise misunderstood(address, CHOICES, form=FORM)
        self._layout = LAYOUTS[options.get("layout", "us")]
        self._events: FileIO | None = None
        self._start()

    def open(self) -> None:
        """Grab the keyboard; DeviceMissing, DeviceBusy when another program grabbed it."""
        self.close()
        try:
            self._events = _grabbed(self._path)
        except OSError as fault:
            raise opening_fault(self.address, fault) from fault
        self._start()

    def read(self, *, timeout_s: float) -> tuple[Barcode, ...]:
        """Barcodes as soon as they are complete, () when none came in `timeout_s`; DeviceLost when it was pulled out."""
        events = self._events
        if events is None:
            raise DeviceLost(self.address, "the keyboard is not open")
        try:
            return wait_for_barcodes(
                self._framer, events, take=lambda: self._keys.feed(_waiting_bytes(events)), timeout_s=timeout_s
            )
        except (OSError, ValueError) as fault:  # ValueError: the file was closed under a reading thread
            # The keyboard stays lost: the next call says so again.
            if last := self._framer.flush_if_silent(time.monotonic()):
                return last
            raise DeviceLost(self.address, str(fault)) from fault

    def signal(self, good: bool) -> None:
        """Nothing: keyboard mode has no way back."""

    def close(self) -> None:
        """Let the keyboard go, the grab with it. Never raises, may be called twice."""
        events, self._events = self._events, None
        if events is not None:
            with contextlib.suppress(OSError):
                events.close()

    def _start(self) -> None:
        self._framer = Framer()
        self._keys = KeyDecoder(self._layout)


class KeyDecoder:
    """Kernel input events in, characters out, one byte each. Pure. Whatever is held down is forgotten with it."""

    def __init__(self, layout: Layout, *, event: struct.Struct = INPUT_EVENT) -> None:
        self._layout = layout
        self._event = event
        self._cut = b""
        self._held: set[int] = set()
        self._caps_lock = False
        self._alt_code = ""
        self._dropping = False

    def feed(self, data: bytes) -> bytes:
        """The characters that `data`, events cut anywhere, completes. Enter is CR, Tab is TAB, Ctrl-] is 0x1D."""
        data = self._cut + data
        whole = len(data) - len(data) % self._event.size
        self._cut = data[whole:]
        events = self._event.iter_unpack(data[:whole])
        return b"".join(self._happened(kind, code, value) for _s, _us, kind, code, value in events)

    def _happened(self, kind: int, code: int, value: int) -> bytes:
        if kind == _SYN:
            return self._synchronised(code)
        if kind != _KEY or self._dropping:
            return b""
        if code in MODIFIERS:
            return self._modified(code, value)
        return self._pressed(code) if value == _PRESSED else b""

    def _synchronised(self, code: int) -> bytes:
        """The kernel ran out of room (SYN_DROPPED): what follows up to the next report is no whole key any more."""
        if code == _SYN_DROPPED:
            self._dropping = True
            self._held.clear()
            return _UNREADABLE
        if code == _SYN_REPORT:
            self._dropping = False
        return b""

    def _modified(self, code: int, value: int) -> bytes:
        if value != _RELEASED:
            self._held.add(code)
            return b""
        self._held.discard(code)
        return self._end_alt_code() if code in ALTS else b""

    def _pressed(self, code: int) -> bytes:
        if code == CAPS_LOCK:
            self._caps_lock = not self._caps_lock
        if code in (CAPS_LOCK, NUM_LOCK, SCROLL_LOCK):
            return b""
        if code in KEYPAD_DIGITS and self._held & ALTS:
            self._alt_code = (self._alt_code + KEYPAD_DIGITS[code])[-_LONGEST_ALT_CODE:]
            return b""
        return _byte(self._character(code))

    def _end_alt_code(self) -> bytes:
        digits, self._alt_code = self._alt_code, ""
        return _byte(chr(int(digits))) if digits else b""

    def _character(self, code: int) -> str:
        character = FIXED_KEYS.get(code) or self._layout.character(
            code,
            shift=bool(self._held & SHIFTS),
            caps_lock=self._caps_lock,
            alt_graph=RIGHT_ALT in self._held,
        )
        return _control_character(character) if self._held & CTRLS else character


def _control_character(character: str) -> str:
    """Ctrl-A is 0x01, Ctrl-] 0x1D; "" for a key that Ctrl makes no character of."""
    upper = character.upper()
    return chr(ord(upper) & 0x1F) if len(upper) == 1 and "@" <= upper <= "_" else ""


def _byte(character: str) -> bytes:
    return character.encode("ascii") if character and character.isascii() else _UNREADABLE


def _grabbed(path: str) -> FileIO:
    """Grabbed (EVIOCGRAB), or the keys would be typed into the Pi's console too. A pipe has nothing to grab."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            fcntl.ioctl(descriptor, _EVIOCGRAB, 1)
        return FileIO(descriptor)
    except BaseException:
        os.close(descriptor)
        raise


def _waiting_bytes(events: FileIO) -> bytes:
    data = os.read(events.fileno(), TAKE_EVENTS * INPUT_EVENT.size)
    if not data:
        raise OSError(errno.ENODEV, "the keyboard was pulled out")
    return data
