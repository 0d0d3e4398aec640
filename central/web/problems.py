"""What the machine interface refuses: a status and a code. Turned into a problem document (RFC 9457) in `errors`."""

from collections.abc import Sequence
from typing import Any

from contract.schemas import FieldFault


class Problem(Exception):
    """`said`: members of the document beside its words: `errors`, `held`, `understood`. `retry_after_s`: 0 where it does not help."""

    def __init__(self, status: int, code: str, *, retry_after_s: int = 0, **said: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.said = said
        self.retry_after_s = retry_after_s


def bad_fields(faults: Sequence[FieldFault]) -> Problem:
    return Problem(422, "bad_fields", errors=[{"pointer": one.pointer, "detail": one.detail} for one in faults])


def bad_field(pointer: str, detail: str) -> Problem:
    return bad_fields([FieldFault(pointer, detail)])
