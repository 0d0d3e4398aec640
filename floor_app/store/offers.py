"""Shares of the network's orders as the centre told them, and what was answered. (Interim: to be replaced whole.)"""

from dataclasses import dataclass

import sqlite_utils


@dataclass(frozen=True, slots=True)
class UnsentAnswer:
    allocation: str
    revision: int
    answer: str
    reason: str
    promised: str


def cursor(db: sqlite_utils.Database) -> str:
    return ""


def keep_cursor(db: sqlite_utils.Database, cursor: str) -> None: ...


def unsent_answers(db: sqlite_utils.Database) -> list[UnsentAnswer]:
    return []


def note_answer_sent(db: sqlite_utils.Database, allocation: str, revision: int, status: int, code: str) -> None: ...
