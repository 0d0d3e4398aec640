"""Sheets brought on a stick: the same checks as over the network, and a receipt that an atelier reads as if the centre had answered."""

from typing import Any

import pytest

from central import enrolling
from central.centre import Centre
from central.domain.new_sheets import SheetKey
from central.importing_files import ImportedFile, RefusedFile, import_file
from central.store import machines, sheets
from central.texts import words
from contract import keys, schemas, signed_files
from contract.canonical import digest
from contract.day_sheets import DaySheet, to_bytes
from contract.keys import Certificate
from tests.central.conftest import NOW_MS, an_enrolment_code
from tests.central.sheets import a_sheet, offered, plain
from tests.central.test_sharing import share_out

KEY, OTHER = keys.new_private_key(), keys.new_private_key()
HEARTBEAT = {"version": "1.0", "backlog_days": 40, "disk_free_mb": 9000, "clock": "ok"}


def certificate(centre: Centre, key: str = KEY, atelier: str = "lille") -> Certificate:
    """After enrolling."""
    code = an_enrolment_code(centre, atelier)
    with centre.writing() as db:
        given = enrolling.enrol(db, code, keys.public_of(key), centre=centre.key, today=centre.today(), at_ms=NOW_MS)
    assert isinstance(given, Certificate)
    return given


def a_file(by: Certificate, *offers: DaySheet, key: str = KEY, **said: Any) -> bytes:
    sent = [{"day": sheet.day, "sheet": plain(sheet)} for sheet in offers]
    said = {"sheets": sent, **said}
    assert schemas.field_faults("SheetsFile", said) == ()
    return signed_files.pack("sheets", said, private_key=key, certificate=by)


def imported(centre: Centre, content: bytes) -> tuple[ImportedFile, dict[str, Any]]:
    done = import_file(centre, content, t=words())
    assert isinstance(done, ImportedFile), done
    receipt = signed_files.unpack(done.receipt, kind="receipt", centre_public_key=centre.key.public_key)
    assert receipt.by is None, "signed by the centre itself"
    assert schemas.field_faults("ReceiptFile", receipt.said) == ()
    return done, receipt.said


def test_a_file_brings_the_sheets_and_the_state_of_the_machine(centre: Centre) -> None:
    share_out(centre)
    days = [a_sheet(day=f"2026-10-{day:02}") for day in range(1, 32)] + [
        a_sheet(day=f"2026-09-{day:02}") for day in range(1, 31)
    ]
    answers = [
        {"allocation": "A1", "revision": 1, "answer": "accepted", "promised": "2027-01-10"},
        {"allocation": "A7", "revision": 1, "answer": "refused"},
    ]
    said = {"heartbeat": HEARTBEAT, "answers": answers, "orders_cursor": "", "transfers_cursor": ""}
    content = a_file(certificate(centre), *days, **said)
    done, receipt = imported(centre, content)
    assert (done.atelier, done.held, done.refused) == ("lille", 61, 0)
    assert [day["status"] for day in receipt["days"]] == [201] * 61
    assert receipt["days"][0]["stored"]["digest"] == digest(to_bytes(days[0]))
    assert [answer["status"] for answer in receipt["answers"]] == [200, 404]
    assert receipt["orders"][0]["allocations"][0]["state"] == "accepted"
    assert receipt["transfers"] == [{"cursor": "0", "more": False, "transfers": []}]
    with centre.reading() as db:
        machine = machines.of_atelier(db, "lille")
        assert machine is not None
        assert machine.backlog_days == 40
        assert {one.road for one in sheets.held(db, {offered(day).key for day in days}).values()} == {"file"}
    _, again = imported(centre, content)
    assert [day["status"] for day in again["days"]] == [200] * 61


def test_each_sheet_of_a_file_is_judged_as_over_the_network(centre: Centre) -> None:
    centre.take_sheet(offered(a_sheet(5)))
    faulty = {"day": "2026-11-20", "sheet": {**plain(a_sheet(day="2026-11-20")), "clock": "late"}}
    newer = {"day": "2026-11-21", "sheet": {"schema": 9}}
    other = {"day": "2026-11-19", "sheet": plain(a_sheet(day="2026-11-18"))}
    sent = [
        {"day": a_sheet().day, "sheet": plain(a_sheet(5, pieces=3))},
        faulty,
        newer,
        other,
        {"day": "2026-11-17", "sheet": plain(a_sheet(day="2026-11-17"))},
        {"day": "2026-11-17", "sheet": plain(a_sheet(2, day="2026-11-17"))},
    ]
    content = signed_files.pack("sheets", {"sheets": sent}, private_key=KEY, certificate=certificate(centre))
    done, receipt = imported(centre, content)
    assert (done.held, done.refused) == (2, 4)
    codes = [day.get("problem", {}).get("code", "") for day in receipt["days"]]
    assert codes == ["other_digest", "bad_fields", "unknown_schema", "bad_fields", "", ""]
    assert receipt["days"][0]["problem"]["held"]["revision"] == 5
    assert receipt["orders"] == receipt["transfers"] == [], "it did not ask"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda centre: b"PK\x03\x04", "not_ours"),
        (lambda centre: b"", "not_ours"),
        (lambda centre: a_file(certificate(centre), a_sheet())[:-1], "damaged"),
        (lambda centre: a_file(certificate(centre), a_sheet(), key=OTHER), "forged"),
        (lambda centre: signed_files.pack("sheets", {"sheets": []}, private_key=centre.key.private_key), "forged"),
        (lambda centre: signed_files.pack("receipt", {}, private_key=centre.key.private_key), "other_kind"),
        (
            lambda centre: signed_files.pack("sheets", [1], private_key=KEY, certificate=certificate(centre)),
            "bad_fields",
        ),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_in_words(centre: Centre, content: Any, code: str) -> None:
    assert import_file(centre, content(centre), t=words()) == RefusedFile(code)
    assert words().has(f"cli.file_{code}")


def test_a_file_signed_by_a_key_not_in_force_is_refused(centre: Centre) -> None:
    """However good its certificate looks, and whichever atelier has that key now."""
    old = certificate(centre)
    content = a_file(old, a_sheet())
    certificate(centre, OTHER)
    assert import_file(centre, content, t=words()) == RefusedFile("key_dropped")
    never_given = keys.certify(
        centre.key.private_key,
        atelier="calais",
        name="x",
        site="GHJK",
        public_key=keys.public_of(OTHER),
        until="2031-01-01",
    )
    assert import_file(centre, a_file(never_given, key=OTHER), t=words()) == RefusedFile("key_dropped")
    with centre.reading() as db:
        assert sheets.held(db, {SheetKey("lille", offered(a_sheet()).key.day)}) == {}
