"""An order (*ordre de fabrication*, OF): what to make, for whom, until when. Standard library only."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date

CODE_LIMIT = 40
TEXT_LIMIT = 80
LINE_PIECES_LIMIT = 1_000_000
LINES_LIMIT = 2_000
EARLIEST_DUE = date(2000, 1, 1)
LATEST_DUE = date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """`quantity` pieces of one size in one colour; `colour` is "" where the order names none."""

    size: str
    colour: str
    quantity: int

    def __post_init__(self) -> None:
        _check_text("size", self.size, limit=TEXT_LIMIT)
        _check_text("colour", self.colour, limit=TEXT_LIMIT)
        _check(bool(self.size), "an order line needs a size")
        _check(1 <= self.quantity <= LINE_PIECES_LIMIT, f"not 1..{LINE_PIECES_LIMIT} pieces: {self.quantity!r}")


@dataclass(frozen=True, slots=True)
class Order:
    """One order; only `code` must be filled, other texts are "" where unknown.

    Every line has its own size × colour, and the lines name a colour all or none.
    ValueError for anything else: what people type is judged before it becomes an order.
    """

    code: str
    client: str
    contract: str
    style: str
    due: date | None
    lines: tuple[OrderLine, ...]

    def __post_init__(self) -> None:
        _check_text("code", self.code, limit=CODE_LIMIT)
        for name in ("client", "contract", "style"):
            _check_text(name, getattr(self, name), limit=TEXT_LIMIT)
        _check(bool(self.code), "an order needs a code")
        _check(self.due is None or EARLIEST_DUE <= self.due <= LATEST_DUE, f"due date out of range: {self.due}")
        _check_lines(self.lines)

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)


def plain_text(value: str) -> str:
    """One line of visible text: white space folded, NFC, no control, bidi, zero-width or unassigned character."""
    # Printable text holds none of these characters; asking is a hundred times faster than looking at each.
    if not value.isprintable():
        value = "".join(char for char in value if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join(unicodedata.normalize("NFC", value).split())


def clean_text(value: str, *, limit: int) -> str:
    """`plain_text`, cut after `limit` characters."""
    return plain_text(value)[:limit].rstrip()


def likeness(text: str) -> str:
    """Equal for two spellings people take for the same word: « ÉCRU », « Écru », « ecru »."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f"))


def _check_lines(lines: tuple[OrderLine, ...]) -> None:
    _check(1 <= len(lines) <= LINES_LIMIT, f"not 1..{LINES_LIMIT} lines: {len(lines)}")
    kinds = Counter((likeness(line.size), likeness(line.colour)) for line in lines)
    twice = [kind for kind, count in kinds.items() if count > 1]
    _check(not twice, f"size and colour twice: {twice}")
    _check(len({bool(line.colour) for line in lines}) == 1, "a colour is named on some lines only")


def _check_text(name: str, value: str, *, limit: int) -> None:
    _check(value == clean_text(value, limit=limit), f"{name} is not clean text of {limit} characters at most")


def _check(holds: bool, fault: str) -> None:
    if not holds:
        raise ValueError(fault)
