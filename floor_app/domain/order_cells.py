"""What one cell of a spreadsheet says: text, pieces or a date, as French workshops write them."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from floor_app.domain.order_faults import FaultCode
from floor_app.domain.orders import EARLIEST_DUE, LATEST_DUE, LINE_PIECES_LIMIT, likeness, plain_text

Cell = str | int | float | Decimal | date | datetime | None

# Excel counts days so that 1 = 1 January 1900 and believes in 29 February 1900 (ECMA-376 part 1, 18.17.4.1).
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_NOTHING = frozenset({"", "-", "–", "—", "/"})
_NUMBER_LENGTH_LIMIT = 30
_UNIT = re.compile(r"(?<=\d) ?(?:pcs?|pces?|pi[eè]ces?|u|unit[eé]s?)\.?$", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:(?P<mark>[ '])\d{3}(?:(?P=mark)\d{3})*)?")
_TWO_MARKS = re.compile(r"\d{1,3}(?:(?:\.\d{3})+,|(?:,\d{3})+\.)\d+")
_MANY_MARKS = re.compile(r"\d{1,3}(?:(?:\.\d{3}){2,}|(?:,\d{3}){2,})")

_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[/.\- ](?P<month>\d{1,2})[/.\- ](?P<year>\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[/.\-](?P<month>\d{1,2})[/.\-](?P<day>\d{1,2})")
_COMPACT = re.compile(r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_DAY_NAMED_MONTH = re.compile(r"(?P<day>\d{1,2})(?:er)?[ \-](?P<month>[a-z]{3,9})\.?[ \-](?P<year>\d{4}|\d{2})")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_DATE_FORMS = (_DAY_FIRST, _YEAR_FIRST, _COMPACT, _DAY_NAMED_MONTH)
_WEEKDAY = re.compile(
    r"^(?:le )?(?:(?:lun|mar|mer|jeu|ven|sam|dim|mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]{0,2} )?(?:le )?(?=\d)"
)
_TIME_OF_DAY = re.compile(r"(?:t| a | )\d{1,2}(?::|h)\d{0,2}(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "aout aou august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}


def cell_text(cell: Cell) -> str:
    """The cell as one line of plain text; a number without needless decimals, a date as YYYY-MM-DD."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return plain_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return _number_text(cell)


def read_pieces(cell: Cell) -> int | FaultCode | None:
    """The pieces written in a cell, zero too; None for a blank or a dash; FaultCode where it must not be guessed.

    « 30,0 » and « 1 200 » are whole; « 1.200 » may be 1200 or 1,2 and is refused; so is anything negative.
    """
    if cell is None:
        return None
    if isinstance(cell, str):
        return _pieces_of_text(plain_text(cell))
    exact = None if isinstance(cell, date) else _exact(cell)
    return FaultCode.QUANTITY_NOT_A_NUMBER if exact is None else _pieces_of_number(exact)


def within_line(pieces: int) -> int | FaultCode:
    """The pieces of one order line: a million at most."""
    return pieces if pieces <= LINE_PIECES_LIMIT else FaultCode.QUANTITY_TOO_LARGE


def read_due(cell: Cell) -> date | FaultCode | None:
    """The day written in a cell: a date, French or ISO text, or Excel's day number; None for a blank or a dash."""
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if isinstance(cell, str):
        return _date_of_text(likeness(plain_text(cell)))
    return None if cell is None else _date_of_serial(cell)


def _number_text(number: int | float | Decimal) -> str:
    exact = _exact(number)
    if isinstance(number, bool):
        return str(number).upper()
    if exact is None:
        return format(Decimal(number), ".6E")
    return str(int(exact)) if exact == int(exact) else str(number)


def _exact(number: int | float | Decimal) -> Decimal | None:
    """The number exactly; None for true and false, infinities, NaN and what has more than thirty digits."""
    exact = Decimal(number)
    usable = exact.is_finite() and exact.adjusted() < _NUMBER_LENGTH_LIMIT and not isinstance(number, bool)
    return exact if usable else None


def _pieces_of_number(number: Decimal) -> int | FaultCode:
    # A formula such as =A1*1,1 may leave 29.999999999996 where the sheet shows 30.
    whole = round(number)
    if number < 0:
        return FaultCode.QUANTITY_NEGATIVE
    return whole if abs(number - whole) < Decimal("1e-6") else FaultCode.QUANTITY_NOT_WHOLE


def _pieces_of_text(text: str) -> int | FaultCode | None:
    if text in _NOTHING:
        return None
    if text.startswith("="):
        return FaultCode.QUANTITY_FORMULA
    number = _UNIT.sub("", text).replace("’", "'")
    if len(number) > _NUMBER_LENGTH_LIMIT:
        return FaultCode.QUANTITY_NOT_A_NUMBER
    pieces = _pieces_of_digits(number.lstrip("+-−").lstrip())
    if number[:1] in ("-", "−") and pieces not in (0, FaultCode.QUANTITY_NOT_A_NUMBER):
        return FaultCode.QUANTITY_NEGATIVE
    return pieces


def _pieces_of_digits(number: str) -> int | FaultCode:
    if _MANY_MARKS.fullmatch(number):
        return int(re.sub(r"[.,]", "", number))
    whole, mark, decimals = _split_decimals(number)
    if not number.isascii() or not (_GROUPED.fullmatch(whole) or re.fullmatch(r"\d+", whole)):
        return FaultCode.QUANTITY_NOT_A_NUMBER
    if mark and _may_be_thousands(whole, decimals):
        return FaultCode.QUANTITY_AMBIGUOUS
    return FaultCode.QUANTITY_NOT_WHOLE if decimals.strip("0") else int(re.sub(r"\D", "", whole))


def _split_decimals(number: str) -> tuple[str, str, str]:
    """(« 1 200 », « , », « 5 ») of « 1 200,5 »; both marks as in « 1.200,5 »: the last is the decimal one."""
    if _TWO_MARKS.fullmatch(number):
        mark = max(".,", key=number.rfind)
        whole, _, decimals = number.rpartition(mark)
        return re.sub(r"[.,]", "", whole), "", decimals
    match = re.fullmatch(r"(.+?)([.,])(\d+)", number)
    return (match[1], match[2], match[3]) if match else (number, "", "")


def _may_be_thousands(whole: str, decimals: str) -> bool:
    return len(decimals) == 3 and re.fullmatch(r"[1-9]\d{0,2}", whole) is not None


def _date_of_serial(number: int | float | Decimal) -> date | FaultCode:
    days = _exact(number)
    if days is None:
        return FaultCode.DATE_NOT_READ
    first, last = ((day - _EXCEL_DAY_ZERO).days for day in (EARLIEST_DUE, LATEST_DUE))
    in_range = first <= days < last + 1
    return _EXCEL_DAY_ZERO + timedelta(days=int(days)) if in_range else FaultCode.DATE_OUT_OF_RANGE


def _date_of_text(text: str) -> date | FaultCode | None:
    if text in _NOTHING:
        return None
    if not text.isascii():
        return FaultCode.DATE_NOT_READ
    if _SERIAL.fullmatch(text):
        return _date_of_serial(Decimal(text.replace(",", ".")))
    day_text = _TIME_OF_DAY.sub("", _WEEKDAY.sub("", text))
    match = next((match for form in _DATE_FORMS if (match := form.fullmatch(day_text))), None)
    return _calendar_day(match["year"], match["month"], match["day"]) if match else FaultCode.DATE_NOT_READ


def _calendar_day(year: str, month: str, day: str) -> date | FaultCode:
    month_number = _MONTHS.get(month) if month.isalpha() else int(month)
    if month_number is None:
        return FaultCode.DATE_NOT_READ
    try:
        return _plausible(date(int(year) + (2000 if len(year) == 2 else 0), month_number, int(day)))
    except ValueError:
        return FaultCode.DATE_IMPOSSIBLE


def _plausible(day: date) -> date | FaultCode:
    return day if EARLIEST_DUE <= day <= LATEST_DUE else FaultCode.DATE_OUT_OF_RANGE
