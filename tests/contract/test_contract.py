"""What both sides stand on: one spelling, keys, signed requests and files, the day sheet's own law."""

import json

import pytest

from contract import day_sheets, keys, schemas, signed_files
from contract.canonical import canonical
from contract.day_sheets import Control, ControlGap, Count, Cut, DaySheet, EventRange, TransferLine
from contract.signed_requests import Message, Unsigned, sign_request, verify_request

CENTRE, LILLE, OTHER = (keys.new_private_key() for _ in range(3))
CERTIFICATE = keys.certify(
    CENTRE, atelier="lille", name="ESAT de Lille", site="BCDF", public_key=keys.public_of(LILLE), until="2031-01-01"
)
ADDRESS = "https://centre.example/api/v1/ateliers/lille/days/2026-11-23"


def sheet(**changed: object) -> DaySheet:
    line = {"order": "OF-1", "allocation": "A1", "size": "M", "colour": "Écru"}
    said = {
        "atelier": "lille",
        "day": "2026-11-23",
        "revision": 1,
        "timezone": "Europe/Paris",
        "clock": "ok",
        "events": EventRange(1, 9, 9),
        "cut": (Cut(**line, pieces=100),),
        "counts": (
            Count(**line, operation="sew", section="sew", last=False, good=60, second=1, rejected=2, to_rework=3),
            Count(**line, operation="finish", section="finish", last=True, good=40, presumed=5, declared_missing=1),
        ),
        "transfers": (TransferLine("N1", "sent", "calais", **line, sent=10, received=0, state="in_transit"),),
        "control": Control(
            pieces_cut=100,
            pieces_finished=45,
            pieces_second=1,
            pieces_rejected=2,
            pieces_missing=1,
            pieces_sent=10,
            pieces_in_rework=3,
            pieces_in_progress=38,
        ),
    }
    return DaySheet(**{**said, **changed})  # type: ignore[arg-type]  # a test's own keywords


def request(method: str = "PUT", url: str = ADDRESS) -> Message:
    return Message(method, url, {})


def test_equal_figures_are_spelled_alike_whatever_their_order() -> None:
    assert canonical({"b": 1, "a": "É"}) == canonical({"a": "É", "b": 1}) == '{"a":"É","b":1}'.encode()


@pytest.mark.parametrize("value", [float("nan"), 2**60])
def test_what_json_cannot_say_exactly_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical({"pieces": value})


def test_a_day_sheet_is_as_the_contract_says() -> None:
    assert schemas.field_faults("DaySheet", json.loads(day_sheets.to_bytes(sheet()))) == ()


def test_a_field_that_a_newer_atelier_adds_is_no_fault() -> None:
    plain = json.loads(day_sheets.to_bytes(sheet()))
    plain["counts"][0]["steam_used"] = 3
    assert schemas.field_faults("DaySheet", plain) == ()


def test_every_faulty_field_of_a_sheet_is_named() -> None:
    plain = json.loads(day_sheets.to_bytes(sheet()))
    plain["counts"][1]["good"] = "forty"
    plain["clock"] = "late"
    plain["cut"][0]["size"] = "M\x00"
    faults = schemas.field_faults("DaySheet", plain)
    assert {fault.pointer for fault in faults} == {"/counts/1/good", "/clock", "/cut/0/size"}
    assert all(fault.detail for fault in faults)


def test_the_figures_of_a_sheet_bear_each_other_out() -> None:
    assert day_sheets.control_gaps(day_sheets.to_plain(sheet())) == ()


@pytest.mark.parametrize("total", list(Control.__dataclass_fields__))
def test_each_control_total_that_does_not_agree_is_found(total: str) -> None:
    plain = day_sheets.to_plain(sheet())
    plain["control"][total] += 1
    right = plain["control"][total] - 1
    assert day_sheets.control_gaps(plain) == (ControlGap(total, right + 1, right),)


def test_the_digest_of_the_figures_does_not_depend_on_the_revision() -> None:
    assert day_sheets.figures_digest(sheet()) == day_sheets.figures_digest(sheet(revision=9))
    assert day_sheets.figures_digest(sheet()) != day_sheets.figures_digest(sheet(clock="unsure"))


def test_a_signed_request_is_known_to_be_the_ateliers_behind_any_proxy() -> None:
    sent = request(url=f"{ADDRESS}?x=1")
    sign_request(sent, b"figures", private_key=LILLE, nonce="N-1")
    arrived = Message("PUT", sent.url.replace("https://centre.example", "http://127.0.0.1:9000"), dict(sent.headers))
    signed = verify_request(arrived, b"figures", public_key={CERTIFICATE.key_id: CERTIFICATE.public_key}.get)
    assert (signed.key_id, signed.nonce) == (CERTIFICATE.key_id, "N-1")


@pytest.mark.parametrize(
    ("method", "url", "body", "signer"),
    [
        ("POST", ADDRESS, b"figures", LILLE),
        ("PUT", ADDRESS.replace("lille", "calais"), b"figures", LILLE),
        ("PUT", f"{ADDRESS}?x=1", b"figures", LILLE),
        ("PUT", ADDRESS, b"Figures", LILLE),
        ("PUT", ADDRESS, b"figures", OTHER),
    ],
    ids=["another method", "another atelier", "another query", "another body", "another signer"],
)
def test_a_request_changed_on_the_way_or_signed_by_another_is_refused(
    method: str, url: str, body: bytes, signer: str
) -> None:
    sent = request()
    sign_request(sent, b"figures", private_key=signer, nonce="N-1")
    with pytest.raises(Unsigned):
        verify_request(Message(method, url, dict(sent.headers)), body, public_key=lambda _: CERTIFICATE.public_key)


def test_a_request_without_signature_or_of_an_unknown_key_is_refused() -> None:
    sent = request()
    with pytest.raises(Unsigned):
        verify_request(sent, b"", public_key=lambda _: CERTIFICATE.public_key)
    sign_request(sent, b"", private_key=LILLE, nonce="N-1")
    with pytest.raises(Unsigned):
        verify_request(sent, b"", public_key=lambda _: None)


def test_a_failure_to_look_a_key_up_comes_through_and_is_no_bad_signature() -> None:
    sent = request()
    sign_request(sent, b"", private_key=LILLE, nonce="N-1")
    with pytest.raises(ConnectionError):
        verify_request(sent, b"", public_key=lambda _: _away())


def _away() -> str:
    raise ConnectionError("the database is away")


def test_a_certificate_is_good_only_as_the_centre_signed_it() -> None:
    plain = keys.to_plain(CERTIFICATE)
    centre = keys.public_of(CENTRE)
    assert keys.read_certificate(plain, centre_public_key=centre) == CERTIFICATE
    for name in plain:
        with pytest.raises(keys.BadKey):
            keys.read_certificate({**plain, name: plain[name] + "x"}, centre_public_key=centre)
    with pytest.raises(keys.BadKey):
        keys.read_certificate(plain, centre_public_key=keys.public_of(OTHER))


def test_a_file_comes_back_as_it_was_packed_and_says_who_signed() -> None:
    packed = signed_files.pack("sheets", [{"day": "2026-11-23"}], private_key=LILLE, certificate=CERTIFICATE)
    opened = signed_files.unpack(packed, kind="sheets", centre_public_key=keys.public_of(CENTRE))
    assert (opened.said, opened.by) == ([{"day": "2026-11-23"}], CERTIFICATE)
    receipt = signed_files.pack("receipt", {"days": []}, private_key=CENTRE)
    assert signed_files.unpack(receipt, kind="receipt", centre_public_key=keys.public_of(CENTRE)).by is None


def test_every_byte_of_a_file_counts() -> None:
    packed = signed_files.pack("sheets", {"pieces": 40}, private_key=LILLE, certificate=CERTIFICATE)
    for place in range(len(packed)):
        altered = packed[:place] + bytes([packed[place] ^ 1]) + packed[place + 1 :]
        with pytest.raises(signed_files.BadFile):
            signed_files.unpack(altered, kind="sheets", centre_public_key=keys.public_of(CENTRE))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_ours"),
        (b"%PDF-1.7\n", "not_ours"),
        (signed_files.pack("orders", {}, private_key=CENTRE), "other_kind"),
        (signed_files.pack("sheets", {}, private_key=OTHER), "forged"),
        (signed_files.pack("sheets", {}, private_key=OTHER, certificate=CERTIFICATE), "forged"),
        (signed_files.pack("sheets", {}, private_key=CENTRE)[:-3], "damaged"),
        (signed_files.pack("sheets", "0" * (signed_files.LARGEST_INSIDE + 1), private_key=CENTRE), "too_large"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(content: bytes, code: str) -> None:
    with pytest.raises(signed_files.BadFile) as refused:
        signed_files.unpack(content, kind="sheets", centre_public_key=keys.public_of(CENTRE))
    assert refused.value.code == code
