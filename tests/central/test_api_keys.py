"""Who may speak: keys in force of the atelier that is spoken of, each request once. Everybody else reads and changes nothing."""

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from central import enrolling
from central.centre import Centre
from central.domain.nonces import make_nonce, nonce_is_ours
from central.settings import Limits
from central.store import facts
from contract import keys
from contract.keys import key_id, public_of, read_certificate
from contract.signed_requests import Message, sign_request
from tests.central.atelier_client import AtelierClient
from tests.central.conftest import MANY, NOW_MS, an_enrolment_code
from tests.central.sheets import DAY, a_sheet, plain
from tests.central.test_taking_sheets import everything

HEARTBEAT = {"version": "1.0", "backlog_days": 0, "disk_free_mb": 9000, "clock": "ok"}
ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("PUT", f"days/{DAY}", plain(a_sheet())),
    ("GET", "days", None),
    ("GET", "orders", None),
    ("POST", "allocations/A1/answer", {"revision": 1, "answer": "accepted"}),
    ("GET", "transfers", None),
    ("POST", "heartbeat", HEARTBEAT),
    ("POST", "keys", {"public_key": public_of(keys.new_private_key())}),
    ("DELETE", "keys/0123456789abcdef", None),
)


def test_enrolling_gives_the_centres_word_on_the_key(centre: Centre, url: str) -> None:
    lille = AtelierClient(url, "lille")
    given = lille.enrol(an_enrolment_code(centre, "lille"))
    assert given.status == 201
    assert (given.said["atelier"], given.said["network"]) == ("lille", "Réseau du Nord")
    certificate = read_certificate(given.said["certificate"], centre_public_key=given.said["centre_public_key"])
    assert (certificate.atelier, certificate.name, certificate.site) == ("lille", "ESAT de Lille", "BCDF")
    assert (certificate.public_key, certificate.until) == (public_of(lille.key), "2031-11-25")


def test_an_enrolment_whose_answer_was_lost_is_asked_again(centre: Centre, url: str) -> None:
    lille, code = AtelierClient(url, "lille"), an_enrolment_code(centre, "lille")
    assert lille.enrol(code).said == lille.enrol(code.lower().replace("-", " ")).said


@pytest.mark.parametrize("why", ["unknown", "used", "too old", "another was given since"])
def test_a_code_serves_once_and_for_a_while(
    address: str, open_a_centre: Callable[..., Centre], serve: Callable[[Centre], str], why: str
) -> None:
    now = [NOW_MS]
    centre = open_a_centre(address, clock=lambda: now[0])
    code = an_enrolment_code(centre, "lille")
    url = serve(centre)
    if why == "unknown":
        code = code[:-1] + ("B" if code[-1] != "B" else "C")
    elif why == "used":
        AtelierClient(url, "lille").enrol(code)
    elif why == "too old":
        now[0] += 14 * 24 * 3_600_000 + 1
    else:
        an_enrolment_code(centre, "lille")
    refused = AtelierClient(url, "lille").enrol(code)
    assert (refused.status, refused.code) == (403, "bad_code")


def test_guessing_codes_is_slowed_down(
    address: str, open_a_centre: Callable[..., Centre], serve: Callable[[Centre], str]
) -> None:
    centre = open_a_centre(address, limits=Limits(enrolments_by_address=3))
    url = serve(centre)
    answers = [AtelierClient(url, "lille").enrol("BCDFG") for _ in range(5)]
    assert [answer.status for answer in answers] == [403, 403, 403, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


@pytest.mark.parametrize(("method", "what", "said"), ROUTES)
def test_another_ateliers_key_reads_and_changes_nothing(
    centre: Centre, enrolled: Callable[..., AtelierClient], method: str, what: str, said: Any
) -> None:
    lille, calais = enrolled(), enrolled("calais")
    lille.put(a_sheet())
    with centre.reading() as db:
        before = {name: rows for name, rows in everything(db).items() if name != "nonce_used"}
    for whose in ("lille", "nobody"):
        refused = calais.signed(method, f"/api/v1/ateliers/{whose}/{what}", said)
        assert (refused.status, refused.code) == (403, "other_atelier")
        assert set(refused.said) == {"type", "title", "status", "code", "detail"}
    with centre.reading() as db:
        assert {name: rows for name, rows in everything(db).items() if name != "nonce_used"} == before


@pytest.mark.parametrize(("method", "what", "said"), ROUTES)
def test_a_request_without_signature_or_with_a_strangers_is_refused(
    enrolled: Callable[..., AtelierClient], method: str, what: str, said: Any
) -> None:
    lille = enrolled()
    path = f"/api/v1/ateliers/lille/{what}"
    stranger = AtelierClient(lille.url, "lille")
    for refused in (lille.plain(method, path, said), stranger.signed(method, path, said)):
        assert (refused.status, refused.code) == (401, "unsigned")


def test_a_nonce_is_good_once(enrolled: Callable[..., AtelierClient]) -> None:
    lille = enrolled()
    nonce = lille.nonce
    path = "/api/v1/ateliers/lille/days"
    assert lille.signed("GET", path, nonce=nonce).status == 200
    again = lille.signed("GET", path, nonce=nonce)
    assert (again.status, again.code) == (401, "bad_nonce")
    assert lille.signed("GET", path).status == 200, "the answer brought another"


def test_a_request_recorded_on_the_way_is_of_no_use(centre: Centre, enrolled: Callable[..., AtelierClient]) -> None:
    """Sent again as it was, byte for byte."""
    lille = enrolled()
    path = "/api/v1/ateliers/lille/heartbeat"
    body = b'{"version":"1","backlog_days":0,"disk_free_mb":1,"clock":"ok"}'
    message = Message("POST", lille.url + path, {"Content-Type": "application/json"})
    sign_request(message, body, private_key=lille.key, nonce=lille.nonce)
    headers = {name.replace("-", "_"): value for name, value in message.headers.items()}
    answers = [lille.plain("POST", path, body, **headers) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 401, 401]


def test_a_nonce_used_by_many_at_once_is_good_for_one(enrolled: Callable[..., AtelierClient]) -> None:
    lille = enrolled()
    nonce, path = lille.nonce, "/api/v1/ateliers/lille/days"
    many = [AtelierClient(lille.url, "lille", lille.key) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda one: one.signed("GET", path, nonce=nonce).status, many))
    assert sorted(statuses) == [200] + [401] * 7


def test_a_nonce_is_good_for_five_minutes(
    address: str, open_a_centre: Callable[..., Centre], serve: Callable[[Centre], str]
) -> None:
    now = [NOW_MS]
    centre = open_a_centre(address, clock=lambda: now[0])
    lille = AtelierClient(serve(centre), "lille")
    lille.enrol(an_enrolment_code(centre, "lille"))
    nonce = lille.nonce
    now[0] += 5 * 60_000 + 1
    assert lille.signed("GET", "/api/v1/ateliers/lille/days", nonce=nonce).code == "bad_nonce"
    nonce = lille.nonce
    now[0] += 5 * 60_000
    assert lille.signed("GET", "/api/v1/ateliers/lille/days", nonce=nonce).status == 200


@pytest.mark.parametrize("forged", ["", "x", "A" * 48, "é" * 48])
def test_a_nonce_of_somebody_else_is_refused(enrolled: Callable[..., AtelierClient], forged: str) -> None:
    lille = enrolled()
    own = make_nonce(b"another centre's secret", bytes(12), expires_at_ms=NOW_MS + 60_000)
    path = "/api/v1/ateliers/lille/days"
    assert lille.signed("GET", path, nonce=own).code == "bad_nonce"
    if forged.isascii() and forged:
        assert lille.signed("GET", path, nonce=forged).code == "bad_nonce"


def test_every_bit_of_a_nonce_counts() -> None:
    nonce = make_nonce(b"secret", bytes(12), expires_at_ms=NOW_MS)
    assert nonce_is_ours(b"secret", nonce, now_ms=NOW_MS)
    raw = base64.urlsafe_b64decode(nonce)
    for place in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[place // 8] ^= 1 << place % 8
        altered = base64.urlsafe_b64encode(bytes(changed)).decode()
        assert not nonce_is_ours(b"secret", altered, now_ms=0)


def test_nonces_of_one_process_are_good_in_another_and_used_in_both(
    address: str, open_a_centre: Callable[..., Centre], serve: Callable[[Centre], str]
) -> None:
    first, second = open_a_centre(address), open_a_centre(address)
    lille = AtelierClient(serve(first), "lille")
    lille.enrol(an_enrolment_code(first, "lille"))
    nonce, path = lille.nonce, "/api/v1/ateliers/lille/days"
    elsewhere = AtelierClient(serve(second), "lille", lille.key)
    assert elsewhere.signed("GET", path, nonce=nonce).status == 200
    assert lille.signed("GET", path, nonce=nonce).code == "bad_nonce"


def test_one_key_follows_another_and_the_old_one_is_refused_at_once(enrolled: Callable[..., AtelierClient]) -> None:
    old = enrolled()
    new = AtelierClient(old.url, "lille")
    taken = old.ask("POST", "keys", {"public_key": public_of(new.key)})
    assert taken.status == 201
    assert taken.said == old.ask("POST", "keys", {"public_key": public_of(new.key)}).said, "its answer may be lost"
    third = {"public_key": public_of(keys.new_private_key())}
    assert old.ask("POST", "keys", third).code == "two_keys"
    assert old.ask("GET", "days").status == new.ask("GET", "days").status == 200
    given_up = f"keys/{key_id(public_of(old.key))}"
    assert new.ask("DELETE", given_up).status == 204
    assert new.ask("DELETE", given_up).status == 204
    assert (old.ask("GET", "days").status, old.ask("GET", "days").code) == (401, "key_dropped")
    assert new.ask("DELETE", f"keys/{key_id(public_of(new.key))}").code == "last_key"
    assert new.ask("POST", "keys", {"public_key": public_of(old.key)}).code == "dropped_key"
    assert new.ask("DELETE", "keys/0123456789abcdef").status == 404
    assert new.ask("POST", "heartbeat", HEARTBEAT).said["revoked_keys"] == [], "what it signed before stays good"


def test_a_stolen_key_is_refused_at_once_and_others_hear_of_it(
    centre: Centre, enrolled: Callable[..., AtelierClient]
) -> None:
    lille, calais = enrolled(), enrolled("calais")
    stolen = key_id(public_of(lille.key))
    with centre.writing() as db:
        assert enrolling.revoke_key(db, "lille", stolen, at_ms=NOW_MS)
        assert not enrolling.revoke_key(db, "calais", stolen, at_ms=NOW_MS)
    assert lille.put(a_sheet()).code == "key_dropped"
    assert calais.ask("POST", "heartbeat", HEARTBEAT).said["revoked_keys"] == [stolen]


def test_whoever_enrols_anew_speaks_for_the_atelier_alone(
    centre: Centre, enrolled: Callable[..., AtelierClient]
) -> None:
    old, new = enrolled(), enrolled()
    assert old.ask("GET", "days").code == "key_dropped"
    assert new.ask("GET", "days").status == 200
    assert old.enrol(an_enrolment_code(centre, "lille")).said["errors"][0]["pointer"] == "/public_key"


@pytest.mark.parametrize("public_key", [base64.b64encode(bytes(31)).decode(), "A" * 43 + "=", "short"])
def test_what_is_no_key_is_refused(centre: Centre, url: str, public_key: str) -> None:
    lille = AtelierClient(url, "lille")
    code = an_enrolment_code(centre, "lille")
    refused = lille.plain("POST", "/api/v1/enrolments", {"code": code, "public_key": public_key})
    assert refused.status in (201, 422)  # 32 bytes are a point of the curve, or are not
    assert lille.enrol(code).status == (201 if refused.status == 422 else 403)


def test_an_atelier_that_asks_too_often_is_told_to_wait(
    address: str, open_a_centre: Callable[..., Centre], serve: Callable[[Centre], str]
) -> None:
    """In whichever process it asks."""
    limits = Limits(by_atelier=4, by_address=MANY.by_address, enrolments_by_address=100)
    now = [NOW_MS]
    centres = [open_a_centre(address, limits=limits, clock=lambda: now[0]) for _ in range(2)]
    urls = [serve(centre) for centre in centres]
    lille = AtelierClient(urls[0], "lille")
    lille.enrol(an_enrolment_code(centres[0], "lille"))
    calais = AtelierClient(urls[0], "calais")
    calais.enrol(an_enrolment_code(centres[0], "calais"))
    elsewhere = AtelierClient(urls[1], "lille", lille.key)
    statuses = [client.ask("GET", "days").status for client in (lille, elsewhere, lille, elsewhere)]
    refused = elsewhere.ask("GET", "days")
    assert (statuses, refused.status, refused.code) == ([200] * 4, 429, "too_often")
    assert int(refused.headers["Retry-After"]) == 60
    assert calais.ask("GET", "days").status == 200
    now[0] += 60_001
    assert lille.ask("GET", "days").status == 200


def test_an_address_that_asks_too_often_is_told_to_wait(
    address: str, open_a_centre: Callable[..., Centre], serve: Callable[[Centre], str]
) -> None:
    url = serve(open_a_centre(address, limits=Limits(by_address=5)))
    answers = [AtelierClient(url, "x").plain("GET", "/api/v1/nonce") for _ in range(7)]
    assert [answer.status for answer in answers] == [204] * 5 + [429] * 2
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("proxies", "headers", "status"),
    [
        (0, {}, 204),
        (0, {"X_Forwarded_Proto": "https", "X_Forwarded_For": "192.0.2.7"}, 403),  # a proxy nobody told us of
        (0, {"Forwarded": "for=192.0.2.7;proto=https"}, 403),
        (1, {"X_Forwarded_Proto": "https", "X_Forwarded_For": "192.0.2.7"}, 204),
        (1, {"X_Forwarded_Proto": "http", "X_Forwarded_For": "192.0.2.7"}, 403),
        (1, {"X_Forwarded_For": "192.0.2.7"}, 403),
        (1, {"X_Forwarded_Proto": "http", "X_Forwarded_For": "127.0.0.1, 192.0.2.7"}, 403),  # the client's own words
        (1, {"X_Forwarded_Proto": "https, http", "X_Forwarded_For": "192.0.2.7"}, 403),
        (1, {}, 204),
    ],
)
def test_plain_http_is_refused_except_within_the_machine(
    address: str,
    open_a_centre: Callable[..., Centre],
    serve: Callable[[Centre], str],
    proxies: int,
    headers: dict[str, str],
    status: int,
) -> None:
    url = serve(open_a_centre(address, proxies=proxies))
    answer = AtelierClient(url, "lille").plain("GET", "/api/v1/nonce", **headers)
    assert (answer.status, answer.code) == (status, "https_only" if status == 403 else "")
    assert AtelierClient(url, "lille").plain("GET", "/healthz", **headers).status == 200


def test_nothing_at_the_centre_can_speak_for_an_atelier_or_for_the_centre(
    centre: Centre, enrolled: Callable[..., AtelierClient]
) -> None:
    """Whoever reads the whole database finds no private key, and no code that still serves."""
    lille, code = enrolled(), an_enrolment_code(centre, "calais")
    with centre.reading() as db:
        kept = repr(everything(db))
        assert facts.fact(db, "centre_public_key") == centre.key.public_key
    for secret in (lille.key, centre.key.private_key, code, code.replace("-", "")):
        assert secret not in kept
    assert public_of(lille.key) in kept
