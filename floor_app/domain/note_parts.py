"""A signed note as texts for QR codes: two letters a byte, cut into numbered parts that may be scanned in any order, and again.

A part is `XXXX SSSSSSSS II NN …… CCCCCCCC`: mark, set, its number from 1, how many there are, two letters a byte, check. The set
is the beginning of the SHA-256 of the whole; the check is a CRC-32 of all letters before it, because keys get lost on the way.
"""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from floor_app.domain.codes import (
    ALPHABET,
    LONGEST_READ,
    MOST_NOTE_PARTS,
    NOTE_MARK,
    NOTE_NUMBER_LETTERS,
    NOTE_SET_LETTERS,
)

CHECK_LETTERS = 8
HEAD_LETTERS = len(NOTE_MARK) + NOTE_SET_LETTERS + 2 * NOTE_NUMBER_LETTERS
LONGEST_PART = 482  # letters: QR version 13 at level M holds 483 (ISO/IEC 18004, table 7)
BYTES_A_PART = (LONGEST_PART - HEAD_LETTERS - CHECK_LETTERS) // 2
LEAST_BYTES = (LONGEST_READ - HEAD_LETTERS - CHECK_LETTERS) // 2 + 1  # any signed file has ten times as many

_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_SEPARATORS = str.maketrans("", "", " -.")


@dataclass(frozen=True, slots=True)
class Part:
    """`number`: 1 to `count`, within the set `set_id`."""

    set_id: str
    number: int
    count: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Gathered:
    """The parts of one set read so far. `unread`: texts that were no whole part; `of_another`: parts of another set."""

    parts: tuple[Part, ...] = ()
    unread: tuple[str, ...] = ()
    of_another: int = 0
    content: bytes = field(default=b"", repr=False)

    @property
    def set_id(self) -> str:
        return self.parts[0].set_id if self.parts else ""

    @property
    def count(self) -> int:
        return self.parts[0].count if self.parts else 0

    @property
    def missing(self) -> tuple[int, ...]:
        read = {part.number for part in self.parts}
        return tuple(number for number in range(1, self.count + 1) if number not in read)

    @property
    def whole(self) -> bool:
        return bool(self.content)


def parts_of(content: bytes) -> tuple[str, ...]:
    """The texts of the codes, all about as long; none where so many would be needed that nobody scans them."""
    count = -(-len(content) // BYTES_A_PART)
    if len(content) < LEAST_BYTES or count > MOST_NOTE_PARTS:
        return ()
    share, more = divmod(len(content), count)
    starts = [number * share + min(number, more) for number in range(count + 1)]
    return tuple(
        _part_text(set_id_of(content), number, count, content[starts[number - 1] : starts[number]])
        for number in range(1, count + 1)
    )


def set_id_of(content: bytes) -> str:
    return _letters(hashlib.sha256(content).digest()[: NOTE_SET_LETTERS // 2])


def read_part(text: str) -> Part | None:
    """`None` for anything but a whole part: case and separators do not matter."""
    if len(text) > 2 * LONGEST_PART or not text.isascii():
        return None
    letters = text.upper().translate(_SEPARATORS)
    body, check = letters[:-CHECK_LETTERS], letters[-CHECK_LETTERS:]
    if not LONGEST_READ < len(letters) <= LONGEST_PART or len(letters) % 2 or set(letters) - _VALUE.keys():
        return None
    if not letters.startswith(NOTE_MARK) or _check(body) != check:
        return None
    number, count = _bytes(body[HEAD_LETTERS - 2 * NOTE_NUMBER_LETTERS : HEAD_LETTERS])
    if not 1 <= number <= count <= MOST_NOTE_PARTS:
        return None
    return Part(body[len(NOTE_MARK) : len(NOTE_MARK) + NOTE_SET_LETTERS], number, count, _bytes(body[HEAD_LETTERS:]))


def gather(texts: Iterable[str]) -> Gathered:
    """What was read, in the order it was read. The first part says which set it is about; the same part twice is once."""
    parts, unread, of_another = dict[int, Part](), list[str](), 0
    first: Part | None = None
    for text in texts:
        part = read_part(text)
        if part is None:
            unread.append(text)
            continue
        first = first or part
        if (part.set_id, part.count) != (first.set_id, first.count):
            of_another += 1
        else:
            parts.setdefault(part.number, part)
    in_order = tuple(parts[number] for number in sorted(parts))
    return Gathered(in_order, tuple(unread), of_another, _whole(in_order))


def _whole(parts: tuple[Part, ...]) -> bytes:
    """What the parts say together; nothing while one is missing, or where they were never one whole."""
    if not parts or len(parts) < parts[0].count:
        return b""
    content = b"".join(part.content for part in parts)
    return content if set_id_of(content) == parts[0].set_id else b""


def _part_text(set_id: str, number: int, count: int, content: bytes) -> str:
    body = NOTE_MARK + set_id + _letters(bytes((number, count))) + _letters(content)
    return body + _check(body)


def _check(body: str) -> str:
    return _letters(zlib.crc32(body.encode("ascii")).to_bytes(CHECK_LETTERS // 2, "big"))


def _letters(content: bytes) -> str:
    return "".join(ALPHABET[byte >> 4] + ALPHABET[byte & 15] for byte in content)


def _bytes(letters: str) -> bytes:
    return bytes(_VALUE[high] << 4 | _VALUE[low] for high, low in zip(letters[::2], letters[1::2], strict=True))
