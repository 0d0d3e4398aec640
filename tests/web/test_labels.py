"""The page « Étiquettes »: exactly what came out, what did not and what nobody knows; and a lost label in three clicks."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image

from devices.printers.simulated import Faults, SimulatedPrinter
from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.cutting import CutRequest, cut_lay, undo_lay
from floor_app.deciding_labels import ChosenLabel, print_again
from floor_app.domain.lays import Roll
from floor_app.label_drawer import LabelDrawer
from floor_app.printing import print_lay
from floor_app.spooler import Spooler
from floor_app.store import access as access_store
from floor_app.store import print_batches, print_jobs
from floor_app.store.bundles import BundleCard
from floor_app.web import create_app
from tests.waiting import wait_until

Csrf = Callable[[FlaskClient, str], str]
CONFIG = """
[atelier]
code = "A"
name = "Les Tilleuls"
site = "BCDF"
[[station]]
name = "cut-1"
operation = "cut"
"""
ROWS_A_LABEL = 240
MANY, UNPLUGGED_AT, BYTES_OF_A_LABEL_STARTED = 120, 37, 3_000


@pytest.fixture
def came_out() -> list[str]:
    """The codes of the labels on paper, read by a decoder, in order."""
    return []


@pytest.fixture
def printer(came_out: list[str]) -> Iterator[SimulatedPrinter]:
    """Its cable is pulled in the middle of the 37th label it prints."""
    faults = Faults()

    def on_label(paper: Image.Image) -> None:
        read = {found.text for found in zxingcpp.read_barcodes(paper.convert("L"))}
        came_out.extend(read)
        if len(came_out) == UNPLUGGED_AT - 1:
            faults.drops_after_bytes = BYTES_OF_A_LABEL_STARTED

    with SimulatedPrinter(width_dots=400, faults=faults, on_label=on_label) as simulated:
        yield simulated


@pytest.fixture
def atelier(tmp_path: Path, printer: SimulatedPrinter) -> Iterator[Atelier]:
    """With a printer, of which the spooler runs only where a test starts it."""
    printers = f'[[printer]]\nname = "zebra"\naddress = "{printer.address}"\nlanguage = "escpos"\nwidth_dots = 400\ndots_per_mm = 8\n'
    opened = open_atelier(parse_config(CONFIG + printers), tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def spooler(atelier: Atelier) -> Iterator[Spooler]:
    running = Spooler(atelier, atelier.config.printers[0], LabelDrawer())
    yield running
    running.stop()
    if running.is_alive():
        running.join(timeout=10)


@pytest.fixture
def batch(atelier: Atelier, order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]]) -> int:
    """The ten labels of a lay, queued."""
    bundles(order())
    place = atelier.label_place()
    assert place
    number = atelier.run(print_lay, "2026-0117", 1, place=place, moment=atelier.clock.moment())
    assert number
    return number


@pytest.fixture
def ended(atelier: Atelier, batch: int) -> int:
    """The batch as after a bad morning: 1–3 confirmed, 4 unknown, 5 interrupted, 6 failed, 7–10 not sent."""
    ends = [("confirmed", "")] * 3 + [("unknown", ""), ("unknown", "interrupted"), ("failed", "paper_out")]
    for state, fault in ends:
        job = atelier.run(print_jobs.claim_next, "zebra", 1)
        assert job
        atelier.run(print_jobs.note, job.id, state=state, sent=(9, 9), rung="", fault=fault, at_ms=2)
    atelier.run(print_jobs.stop_batch, batch, 3)
    return batch


@pytest.fixture
def press(supervisor: FlaskClient, csrf: Csrf) -> Callable[..., str]:
    def pressed(path: str, **fields: object) -> str:
        form = {"csrf_token": csrf(supervisor, "/labels"), **fields}
        answer = supervisor.post(path, data=form, follow_redirects=True)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    return pressed


def _sections(page: str) -> dict[str, list[int]]:
    """Section → the bundle numbers listed in it."""
    found = {}
    for name, body in re.findall(r'<section class="sheet fate (\w+)".*?</h2>(.*?)</section>', page, re.DOTALL):
        found[name] = [int(number) for number in re.findall(r"<(?:strong|a href=[^>]*|span[^>]*)>(\d+)<", body)]
    return found


def _chosen(page: str, *numbers: int) -> list[str]:
    """What the checkboxes of these bundles send."""
    rows = re.findall(r'value="(\d+:\d+)" hx-preserve.*?<strong>(\d+)</strong>', page, re.DOTALL)
    return [value for value, number in rows if int(number) in numbers]


def _states(atelier: Atelier, batch: int) -> list[str]:
    with atelier.reading() as db:
        return [label.state for label in print_batches.labels_of_batch(db, batch)]


def test_the_batch_lists_exactly_what_came_out_and_what_did_not(supervisor: FlaskClient, ended: int) -> None:
    page = supervisor.get(f"/labels/batch/{ended}").get_data(as_text=True)
    assert _sections(page) == {"unknown": [4, 5], "failed": [6], "cancelled": [7, 8, 9, 10], "confirmed": [1, 2, 3]}
    for words in ("Plus d’étiquettes", "s’est arrêtée pendant l’envoi", "s’est arrêté avant elle", "n’a rien confirmé"):
        assert words in page


def test_what_is_surely_missing_is_chosen_already_and_what_nobody_knows_is_not(
    supervisor: FlaskClient, ended: int
) -> None:
    page = supervisor.get(f"/labels/batch/{ended}").get_data(as_text=True)
    boxes = re.findall(r"<input type=\"checkbox\".*?hx-preserve( checked)?>.*?<strong>(\d+)<", page, re.DOTALL)
    assert [int(number) for checked, number in boxes if checked] == [6, 7, 8, 9, 10]
    assert [int(number) for checked, number in boxes if not checked] == [4, 5]


def test_only_the_chosen_labels_print_again_and_a_form_sent_twice_prints_them_once(
    atelier: Atelier, supervisor: FlaskClient, press: Callable[..., str], ended: int
) -> None:
    chosen = _chosen(supervisor.get(f"/labels/batch/{ended}").get_data(as_text=True), 6, 8)
    page = press(f"/labels/batch/{ended}/print", job=chosen)
    assert "2 étiquettes partent" in page and _sections(page)["waiting"] == [6, 8]
    for _ in range(2):
        job = atelier.run(print_jobs.claim_next, "zebra", 10)
        assert job
        atelier.run(print_jobs.note, job.id, state="unknown", sent=(9, 9), rung="", fault="", at_ms=11)
    assert "Rien n’a changé" in press(f"/labels/batch/{ended}/print", job=chosen)
    assert _states(atelier, ended).count("queued") == 0


def test_a_person_confirms_what_she_saw_and_nothing_else(
    atelier: Atelier, supervisor: FlaskClient, press: Callable[..., str], ended: int
) -> None:
    seen = _chosen(supervisor.get(f"/labels/batch/{ended}").get_data(as_text=True), 4, 6, 7)
    page = press(f"/labels/batch/{ended}/seen", job=seen)
    assert _sections(page) == {"unknown": [5], "failed": [6], "cancelled": [7, 8, 9, 10], "confirmed": [1, 2, 3, 4]}


def test_all_the_unknown_ones_are_confirmed_with_one_press(
    supervisor: FlaskClient, press: Callable[..., str], ended: int
) -> None:
    page = supervisor.get(f"/labels/batch/{ended}").get_data(as_text=True)
    shown = re.findall(r'name="shown" value="(\d+:\d+)"', page)
    assert len(shown) == 2
    after = press(f"/labels/batch/{ended}/seen", all="1", shown=shown, job=_chosen(page, 6, 7))
    assert _sections(after) == {"failed": [6], "cancelled": [7, 8, 9, 10], "confirmed": [1, 2, 3, 4, 5]}


def test_stopping_a_batch_takes_back_what_is_not_begun(
    atelier: Atelier, press: Callable[..., str], supervisor: FlaskClient, batch: int
) -> None:
    atelier.run(print_jobs.claim_next, "zebra", 1)
    page = press(f"/labels/batch/{batch}/stop")
    assert "9 étiquettes ne seront pas imprimées" in page and "Arrêtée à la main" in page
    assert _states(atelier, batch) == ["sending"] + ["cancelled"] * 9


@pytest.mark.parametrize("job", ["", "1", "x:y", "1:1", "-1:2", "99999999999999999999:1", "1:2:3", "' OR 1=1:1"])
def test_a_choice_that_is_none_of_ours_prints_nothing(
    atelier: Atelier, press: Callable[..., str], ended: int, job: str
) -> None:
    before = _states(atelier, ended)
    assert "Rien n’a changé" in press(f"/labels/batch/{ended}/print", job=job)
    assert _states(atelier, ended) == before


def test_the_label_of_a_bundle_taken_back_is_not_printed(atelier: Atelier, supervisor: FlaskClient, batch: int) -> None:
    with atelier.reading() as db:
        labels = print_batches.labels_of_batch(db, batch)
    undone = atelier.run(undo_lay, "2026-0117", 1, event_id="undo-1", reason="erreur", moment=atelier.clock.moment())
    assert undone == "undone"
    page = supervisor.get(f"/labels/batch/{batch}").get_data(as_text=True)
    assert "Paquet annulé" in page and "checkbox" not in page
    with atelier.reading() as db:
        chosen = [ChosenLabel(label.job, label.changed_at_ms) for label in print_batches.labels_of_batch(db, batch)]
    assert len(labels) == 10 and atelier.run(print_again, batch, chosen, at_ms=9) == 0


def test_a_batch_that_does_not_exist_is_not_found(supervisor: FlaskClient) -> None:
    assert supervisor.get("/labels/batch/12").status_code == 404
    assert supervisor.get("/labels/batch/99999999999999999999").status_code == 404


def test_the_page_moves_while_labels_wait_and_rests_when_nothing_changes(
    atelier: Atelier, supervisor: FlaskClient, batch: int
) -> None:
    page = supervisor.get("/labels").get_data(as_text=True)
    poll = re.search(r'hx-get="(/labels/live\?seen=\w+)" hx-trigger="every 1s"', page)
    assert poll and "0 imprimée sur 10" in page
    assert supervisor.get(poll[1]).status_code == 204
    job = atelier.run(print_jobs.claim_next, "zebra", 1)
    assert job
    atelier.run(print_jobs.note, job.id, state="confirmed", sent=(9, 9), rung="process_id", fault="", at_ms=2)
    assert "1 imprimée sur 10" in supervisor.get(poll[1]).get_data(as_text=True)
    live = f"/labels/batch/{batch}?live=1"
    fragment = supervisor.get(live).get_data(as_text=True)
    seen = re.search(r"seen=(\w+)", fragment)
    assert seen and "<html" not in fragment
    assert supervisor.get(f"{live}&seen={seen[1]}").status_code == 204


def test_paper_out_in_the_middle_is_told_with_its_cure_and_the_rest_is_printed_on_demand(
    atelier: Atelier, supervisor: FlaskClient, press: Callable[..., str], batch: int,
    printer: SimulatedPrinter, spooler: Spooler,
) -> None:  # fmt: skip
    printer.faults.paper_left_rows = 3 * ROWS_A_LABEL + 100
    spooler.start()
    wait_until(lambda: "queued" not in _states(atelier, batch), "the batch has stopped")
    page = supervisor.get(f"/labels/batch/{batch}").get_data(as_text=True)
    assert _sections(page) == {"confirmed": [1, 2, 3], "failed": [4], "cancelled": [5, 6, 7, 8, 9, 10]}
    assert "Mettez un rouleau neuf" in page
    printer.faults.paper_left_rows = None
    printer.load_paper()
    press(f"/labels/batch/{batch}/print", job=_chosen(page, 4, 5, 6, 7, 8, 9, 10))
    wait_until(lambda: _states(atelier, batch) == ["confirmed"] * 10, "the rest came out")
    assert "fate confirmed" in supervisor.get(f"/labels/batch/{batch}").get_data(as_text=True)


@pytest.mark.parametrize(
    "state",
    ["ready", "paper_near_end", "paper_out", "cover_open", "too_hot", "error", "offline", "unknown", "missing", "busy",
     "stalled", "lost", "interrupted", "never-heard-of"],
)  # fmt: skip
def test_every_state_of_a_printer_has_words_a_cure_and_a_picture(
    atelier: Atelier, supervisor: FlaskClient, state: str
) -> None:
    atelier.devices.tell("printer", "zebra", state, at_ms=atelier.clock.now_ms())
    page = supervisor.get("/labels").get_data(as_text=True)
    shown = re.search(r'<ul class="printers">(.*?)</ul>', page, re.DOTALL)
    assert shown and '<svg class="picture"' in shown[1]
    said = re.search(r"<strong>(.+?)</strong>(.*?)<", shown[1], re.DOTALL)
    assert said and said[1].endswith(".")
    assert state == "ready" or len(said[2].strip()) > 10, "what is wrong comes with what to do"


def test_a_lost_label_is_found_by_order_and_number_and_comes_out_again(
    atelier: Atelier, supervisor: FlaskClient, press: Callable[..., str], batch: int,
    printer: SimulatedPrinter, spooler: Spooler,
) -> None:  # fmt: skip
    page = supervisor.get("/labels?q=2026-0117 4").get_data(as_text=True)
    code = re.search(r'name="code" value="(\w{14})"', page)
    form = re.search(r'name="id" value="(\w+)"><input type="hidden" name="code"', page)
    assert code and form and "Paquet 4 sur 10" in page
    atelier.run(print_jobs.cancel_batch, batch, 1)
    for _ in range(2):
        assert "DUPLICATA 1" in press("/labels/reprint", code=code[1], id=form[1])
    spooler.start()
    wait_until(lambda: _states(atelier, batch + 1) == ["confirmed"], "the label came out")
    assert len(printer.labels) == 1, "a form sent twice prints once"
    assert {read.text for read in zxingcpp.read_barcodes(printer.labels[0].convert("L"))} == {code[1]}


def test_the_code_of_a_neighbour_finds_the_lost_one(
    supervisor: FlaskClient, order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]]
) -> None:
    near = bundles(order())[4]
    page = supervisor.get(f"/labels?q={near.code.lower()}").get_data(as_text=True)
    assert re.findall(r"Paquet (\d+) sur 10", page) == ["3", "4", "5", "6", "7"]
    assert page.count(">Avant<") == 2 and page.count(">Étiquette lue<") == 1 and page.count(">Après<") == 2


@pytest.mark.parametrize("wanted", ["zzzzzz", "'; DROP TABLE event; --", "<script>", "%", "9" * 90])
def test_a_search_that_finds_nothing_says_how_to_search(supervisor: FlaskClient, wanted: str, batch: int) -> None:
    answer = supervisor.get("/labels", query_string={"q": wanted})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "<script>" not in page
    assert "Aucun paquet trouvé" in page and 'name="code"' not in page


def test_a_search_for_nothing_visible_is_no_search(supervisor: FlaskClient) -> None:
    page = supervisor.get("/labels", query_string={"q": " \u202e\u0000 "}).get_data(as_text=True)
    assert "Aucun paquet trouvé" not in page and 'name="code"' not in page


def test_a_bundle_nobody_knows_is_not_reprinted(press: Callable[..., str]) -> None:
    assert "n’existe pas" in press("/labels/reprint", code="BCDFBBBBBFHPBS", id="form-0000001")


def test_the_picture_of_a_label_reads_as_its_code(
    supervisor: FlaskClient, order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]]
) -> None:
    bundle = bundles(order())[0]
    answer = supervisor.get(f"/labels/preview/{bundle.code}.png")
    assert answer.mimetype == "image/png"
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)).convert("L"))
    assert {code.text for code in read} == {bundle.code}
    assert supervisor.get("/labels/preview/BCDFBBBBBFHPBS.png").status_code == 404


def test_the_labels_of_a_printer_taken_out_are_told(tmp_path: Path, atelier: Atelier, batch: int) -> None:
    atelier.close()
    other = open_atelier(parse_config(CONFIG), tmp_path / "data")
    other.run(access_store.set_password, "cheffe", access.hash_password("peu importe"), at_ms=1)
    client = create_app(other).test_client()
    with client.session_transaction() as session:
        session["account"], session["version"] = "cheffe", 1
    for path in ("/labels", f"/labels/batch/{batch}"):
        assert "n’est plus dans les réglages" in client.get(path).get_data(as_text=True)
    page = client.get("/labels").get_data(as_text=True)
    assert "Aucune imprimante n’est réglée" in page and "[[printer]]" in page
    other.close()


def test_without_a_printer_the_duplicate_is_counted_and_its_picture_says_so(
    tmp_path: Path,
    atelier: Atelier,
    order: Callable[..., str],
    bundles: Callable[..., tuple[BundleCard, ...]],
    csrf: Csrf,
) -> None:
    bundle = bundles(order())[0]
    atelier.close()
    other = open_atelier(parse_config(CONFIG), tmp_path / "data")
    other.run(access_store.set_password, "cheffe", access.hash_password("peu importe"), at_ms=1)
    client = create_app(other).test_client()
    with client.session_transaction() as session:
        session["account"], session["version"] = "cheffe", 1
    first = client.get(f"/labels/preview/{bundle.code}.png").data
    form = {"csrf_token": csrf(client, "/labels"), "code": bundle.code, "id": "form-0000001"}
    page = client.post("/labels/reprint", data=form, follow_redirects=True).get_data(as_text=True)
    assert "DUPLICATA 1 est noté" in page and f"/labels/preview/{bundle.code}.png" in page
    assert client.get(f"/labels/preview/{bundle.code}.png").data != first
    other.close()


def test_a_batch_of_120_unplugged_at_37_lists_exactly_what_came_out_and_goes_on_with_what_is_chosen(
    atelier: Atelier,
    supervisor: FlaskClient,
    press: Callable[..., str],
    order: Callable[..., str],
    printer: SimulatedPrinter,
    spooler: Spooler,
    came_out: list[str],
) -> None:
    request = CutRequest("many", order(quantity=MANY), "Bleu marine", "S1", (Roll(MANY, "A"),), cap=1, tolerance=0)
    moment = atelier.clock.moment()
    codes = [card.code for card in atelier.run(cut_lay, request, codes=atelier.codes, moment=moment).bundles]
    place = atelier.label_place()
    assert place
    batch = atelier.run(print_lay, "2026-0117", 1, place=place, moment=moment)
    assert batch and len(codes) == MANY
    spooler.start()
    wait_until(lambda: {"queued", "sending", "sent"}.isdisjoint(_states(atelier, batch)), "the batch has stopped")
    printer.faults.drops_after_bytes = None
    assert came_out == codes[: UNPLUGGED_AT - 1]

    page = supervisor.get(f"/labels/batch/{batch}").get_data(as_text=True)
    listed = _sections(page)
    assert listed.pop("confirmed") == list(range(1, UNPLUGGED_AT))
    assert listed.pop("cancelled") == list(range(UNPLUGGED_AT + 1, MANY + 1))
    assert list(listed.values()) == [[UNPLUGGED_AT]], "the one under way is not said to be printed"

    press(f"/labels/batch/{batch}/print", job=_chosen(page, UNPLUGGED_AT, 40, 120))
    wait_until(lambda: _states(atelier, batch).count("confirmed") == UNPLUGGED_AT + 2, "the chosen ones are printed")
    assert came_out == [*codes[: UNPLUGGED_AT - 1], codes[UNPLUGGED_AT - 1], codes[39], codes[119]]


def test_stopping_a_batch_while_it_prints_lets_nothing_out_after_the_label_under_way(
    atelier: Atelier, press: Callable[..., str], printer: SimulatedPrinter, spooler: Spooler, batch: int
) -> None:
    printer.faults.bytes_per_s = 40_000  # a label takes a third of a second
    spooler.start()
    wait_until(lambda: _states(atelier, batch).count("confirmed") == 2, "two labels are out")
    assert "étiquette" in press(f"/labels/batch/{batch}/stop")
    wait_until(lambda: {"queued", "sending", "sent"}.isdisjoint(_states(atelier, batch)), "the label under way is out")
    states = _states(atelier, batch)
    assert states == sorted(states, key=["confirmed", "cancelled"].index)
    assert len(printer.labels) == states.count("confirmed") <= 4
