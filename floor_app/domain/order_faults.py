"""What can be wrong in a spreadsheet of orders. Words for each code: `texts/<language>/import_faults.toml`."""

from dataclasses import dataclass
from enum import StrEnum

FAULT_VALUE_LIMIT = 60


class FaultCode(StrEnum):
    """Codes of faults; in words they may use the row, the column and the value."""

    NO_TITLES = "no_titles"
    NO_ORDERS = "no_orders"
    ORDER_COLUMN_MISSING = "order_column_missing"
    SIZE_COLUMN_MISSING = "size_column_missing"
    QUANTITY_COLUMN_MISSING = "quantity_column_missing"
    TITLE_TWICE = "title_twice"
    TITLE_MISSING = "title_missing"
    TITLE_IS_DATE = "title_is_date"
    TITLE_TOO_LONG = "title_too_long"
    ORDER_MISSING = "order_missing"
    SIZE_MISSING = "size_missing"
    COLOUR_MISSING = "colour_missing"
    TEXT_TOO_LONG = "text_too_long"
    TEXT_IS_DATE = "text_is_date"
    QUANTITY_MISSING = "quantity_missing"
    QUANTITY_ZERO = "quantity_zero"
    QUANTITY_NEGATIVE = "quantity_negative"
    QUANTITY_NOT_WHOLE = "quantity_not_whole"
    QUANTITY_AMBIGUOUS = "quantity_ambiguous"
    QUANTITY_TOO_LARGE = "quantity_too_large"
    QUANTITY_FORMULA = "quantity_formula"
    QUANTITY_NOT_A_NUMBER = "quantity_not_a_number"
    DATE_NOT_READ = "date_not_read"
    DATE_IMPOSSIBLE = "date_impossible"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    FIELD_CONFLICT = "field_conflict"
    LINE_TWICE = "line_twice"
    TOTAL_DIFFERS = "total_differs"
    ORDER_EMPTY = "order_empty"
    TOO_MANY_LINES = "too_many_lines"
    TOO_MANY_FAULTS = "too_many_faults"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right. `row` counts from 1 as the spreadsheet does, 0 = the sheet as a whole.

    `column` is the column's title or "". `value` is clean text of at most 60 characters: what was read;
    for `line_twice` the row of the first, for `total_differs` and `field_conflict` « read ≠ expected ».
    """

    row: int
    column: str
    code: FaultCode
    value: str = ""
