"""Bundle codes: what a scanner, a camera or a hand may give us, and what of it may be believed."""

import itertools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floor_app.domain.cards import Card, Command
from floor_app.domain.codes import (
    ALPHABET,
    BUNDLE_LETTERS,
    CARD_LETTERS,
    CARD_MARK,
    LONGEST_READ,
    RANDOMS,
    SEQUENCES,
    SITE_LETTERS,
    Found,
    bundle_code,
    card_code,
    card_numbers,
    grouped,
    is_site,
    read_code,
    sequence_of,
    site_of,
)

HOME = "KLND"
CODE = bundle_code(HOME, 71_342, 201)
REFUSED = {Found.WRONG_CHECK, Found.HALF_CODE, Found.OTHER_TEXT}

sites = st.text(ALPHABET, min_size=SITE_LETTERS, max_size=SITE_LETTERS).filter(is_site)
sequences = st.integers(0, SEQUENCES - 1)
randoms = st.integers(0, RANDOMS - 1)
bytes_of_two_letters = st.integers(0, 255)


def with_letters(code: str, letters: dict[int, str]) -> str:
    return "".join(letters.get(place, letter) for place, letter in enumerate(code))


def found(text: str) -> Found:
    return read_code(text, home_site=HOME).found


# What is accepted


def test_a_code_is_fourteen_letters_every_latin_keyboard_types_alike() -> None:
    assert len(CODE) == BUNDLE_LETTERS == 14
    assert set(CODE) <= set("BCDFGHJKLNPRSTVX")
    assert grouped(CODE).split() == [CODE[:4], CODE[4:8], CODE[8:12], CODE[12:]]


@given(site=sites, sequence=sequences, random=randoms)
def test_every_bundle_reads_back_as_itself(site: str, sequence: int, random: int) -> None:
    code = bundle_code(site, sequence, random)
    reading = read_code(code, home_site=HOME)
    assert (reading.found, reading.code) == (Found.BUNDLE, code)
    assert (site_of(code), sequence_of(code)) == (site, sequence)


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        CODE.lower(),
        CODE.swapcase(),
        grouped(CODE),
        grouped(CODE).lower(),
        "-".join(CODE),
        f"{CODE[:4]}.{CODE[4:]}",
        f"  {CODE} ",
        CODE[SITE_LETTERS:],
        grouped(CODE)[5:],
        CODE[SITE_LETTERS:].lower(),
    ],
)
def test_case_separators_and_the_home_site_do_not_matter(text: str) -> None:
    assert read_code(text, home_site=HOME).code == CODE


@given(site=sites, sequence=sequences, random=randoms)
def test_ten_letters_are_enough_at_home(site: str, sequence: int, random: int) -> None:
    code = bundle_code(site, sequence, random)
    assert read_code(code[SITE_LETTERS:], home_site=site).code == code


@pytest.mark.parametrize("site", ["", "BCD", "BCDFG", "bcdf", "ABCD", "BC1F", "XXBC", "ÉCDF", "BC F"])
def test_a_site_that_cannot_be_one_gets_no_codes(site: str) -> None:
    assert not is_site(site)
    with pytest.raises(ValueError, match="site"):
        bundle_code(site, 1, 1)


@pytest.mark.parametrize(("sequence", "random"), [(-1, 0), (SEQUENCES, 0), (0, -1), (0, RANDOMS)])
def test_a_number_that_does_not_fit_gets_no_code(sequence: int, random: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        bundle_code(HOME, sequence, random)


# Uniqueness over the network


def test_eighty_four_sites_never_print_the_same_code() -> None:
    """Some 500 numbers of each; all of a network's codes are compared in tests/store/test_network_codes.py."""
    sites_of_the_network = [
        *map("".join, itertools.islice(itertools.product(ALPHABET[:-1], repeat=4), 0, 84 * 600, 600))
    ]
    spread = range(0, SEQUENCES, SEQUENCES // 250)
    codes = {bundle_code(site, n, n * 7 % RANDOMS) for site in sites_of_the_network for n in (*range(250), *spread)}
    assert len(sites_of_the_network) == 84
    assert len(codes) == 84 * len({*range(250), *spread})


def test_every_letter_of_the_body_carries_its_own_four_bits() -> None:
    """So, with the round trip above, no two bundles share a code: each number is read back from places of its own."""
    places = [
        {bundle_code(HOME, 15 << 4 * place, 0)[9 - place], bundle_code(HOME, 0, 0)[9 - place]} for place in range(6)
    ]
    assert places == [{"X", "B"}] * 6
    assert len({bundle_code(HOME, 5, random)[10:12] for random in range(RANDOMS)}) == RANDOMS


@given(site=sites, sequence=sequences, random=randoms)
def test_a_number_given_twice_after_a_restore_differs_by_its_random_letters(
    site: str, sequence: int, random: int
) -> None:
    assert bundle_code(site, sequence, random) != bundle_code(site, sequence, (random + 1) % RANDOMS)


# What is refused


def test_every_single_wrong_letter_is_refused() -> None:
    wrong = [with_letters(CODE, {at: letter}) for at in range(14) for letter in ALPHABET if letter != CODE[at]]
    assert len(wrong) == 14 * 15
    assert {found(text) for text in wrong} == {Found.WRONG_CHECK}


def test_every_swap_of_two_letters_is_refused() -> None:
    pairs = [(a, b) for a, b in itertools.combinations(range(14), 2) if CODE[a] != CODE[b]]
    assert len(pairs) > 70
    assert {found(with_letters(CODE, {a: CODE[b], b: CODE[a]})) for a, b in pairs} == {Found.WRONG_CHECK}


def test_every_pair_of_wrong_letters_is_refused() -> None:
    others = {at: [letter for letter in ALPHABET if letter != CODE[at]] for at in range(14)}
    wrong = {
        with_letters(CODE, {a: first, b: second})
        for a, b in itertools.combinations(range(14), 2)
        for first in others[a]
        for second in others[b]
    }
    assert len(wrong) == 91 * 225
    assert {found(text) for text in wrong} == {Found.WRONG_CHECK}


def test_every_single_error_and_swap_in_a_code_typed_without_its_site_is_refused() -> None:
    short = CODE[SITE_LETTERS:]
    single = {with_letters(short, {at: letter}) for at in range(10) for letter in ALPHABET if letter != short[at]}
    swaps = {with_letters(short, {a: short[b], b: short[a]}) for a, b in itertools.combinations(range(10), 2)} - {short}
    assert {found(text) for text in single | swaps} == {Found.WRONG_CHECK}


@given(site=sites, sequence=sequences, random=randoms, lost=st.integers(0, 13))
def test_a_code_that_lost_a_letter_or_gained_one_is_refused(site: str, sequence: int, random: int, lost: int) -> None:
    code = bundle_code(site, sequence, random)
    assert found(code[:lost] + code[lost + 1 :]) == Found.HALF_CODE
    assert found(code[:lost] + code[lost] + code[lost:]) == Found.OTHER_TEXT


def test_two_labels_read_in_one_go_are_no_label() -> None:
    assert found(CODE + CODE) == Found.OTHER_TEXT
    assert found(CODE + " " + CODE) == Found.OTHER_TEXT


def letters_that_fold_into_the_alphabet() -> list[str]:
    """Every character beyond ASCII that some case or compatibility folding turns into letters of the alphabet."""
    folded = (
        (chr(point), (chr(point).upper(), unicodedata.normalize("NFKC", chr(point)).upper()))
        for point in range(128, 0x1F200)
    )
    return [letter for letter, forms in folded if any(form and set(form) <= set(ALPHABET) for form in forms)]


def test_letters_that_only_look_or_fold_like_ours_are_not_accepted() -> None:
    impostors = letters_that_fold_into_the_alphabet()
    assert {"ß", "ſ", "ﬀ", "Ｂ", "\u212a"} <= set(impostors)
    for letter in impostors:
        for text in (with_letters(CODE, {3: letter}), CODE[:-1] + letter, CODE[:12] + letter, letter * 14, letter * 7):
            assert found(text) not in {Found.BUNDLE, Found.CARD, Found.WRONG_CHECK}


CYRILLIC_TWIN = CODE.translate(str.maketrans("BCHKPTX", "ВСНКРТХ"))
FRENCH_DIGITS = str.maketrans("0123456789", "à&é\"'(-è_ç")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", Found.EMPTY),
        ("      ", Found.EMPTY),
        ("3760123456789", Found.PRODUCT_CODE),
        ("96385074", Found.PRODUCT_CODE),
        ("036000291452", Found.PRODUCT_CODE),
        ("10012345678902", Found.PRODUCT_CODE),
        ("265002", Found.NUMBER),  # a torn QR, decoded as a Micro QR
        ("7", Found.NUMBER),
        ("https://example.org/p/1", Found.WEB_ADDRESS),
        ("HTTP://EXAMPLE.ORG", Found.WEB_ADDRESS),
        ("www.example.org", Found.WEB_ADDRESS),
        (CODE[:7], Found.HALF_CODE),
        (CODE[:8], Found.HALF_CODE),
        (CODE[:13], Found.HALF_CODE),
        (CODE[1:], Found.HALF_CODE),
        ("B", Found.HALF_CODE),
        (CODE + "B", Found.OTHER_TEXT),
        ("^XA^FO50,50^FDBCDF^FS^XZ", Found.OTHER_TEXT),
        ("~JR", Found.OTHER_TEXT),
        ("\x1b@\x1dV\x00", Found.CONTROL_CHARACTERS),
        ("\x00\x01\x02\x7f", Found.CONTROL_CHARACTERS),
        ("0109506000134352\x1d21BCDF", Found.CONTROL_CHARACTERS),
        ("BCDF\rGHJK", Found.CONTROL_CHARACTERS),
        ("\x80\x9f\xfe\xff", Found.OTHER_TEXT),
        ("=1+1", Found.OTHER_TEXT),
        ("=cmd|'/C calc'!A0", Found.OTHER_TEXT),
        ("'; DROP TABLE event; --", Found.OTHER_TEXT),
        ("<script>alert(1)</script>", Found.OTHER_TEXT),
        ("<svg onload=alert(1)>", Found.OTHER_TEXT),
        ("../../etc/passwd", Found.OTHER_TEXT),
        ("]Q1" + CODE, Found.OTHER_TEXT),
        ("Paquet 12", Found.OTHER_TEXT),
        ("B" * 10_240, Found.TOO_LONG),
        (" " * (LONGEST_READ + 1), Found.TOO_LONG),
        ("\u202e" + CODE, Found.OTHER_ALPHABET),
        (CODE[:4] + "\u200b" + CODE[4:], Found.OTHER_ALPHABET),
        ("بتثجحخ", Found.OTHER_ALPHABET),
        ("ЙЦУКЕН", Found.OTHER_ALPHABET),
        (CYRILLIC_TWIN, Found.OTHER_ALPHABET),
        ("ＢＣＤＦＧＨＪＫＬＮＰＲＳＴ", Found.OTHER_ALPHABET),
        ("BCDFGHJKLNPRSß", Found.OTHER_TEXT),
        ("BCDFGHJKLNPRSſ", Found.OTHER_TEXT),
        ("3760123456789".translate(FRENCH_DIGITS), Found.GARBLED_KEYBOARD),
        ("265002".translate(FRENCH_DIGITS), Found.GARBLED_KEYBOARD),
        ("\ud800\udfff", Found.OTHER_ALPHABET),
    ],
)
def test_everything_else_is_named_for_what_it_is(text: str, kind: Found) -> None:
    reading = read_code(text, home_site=HOME)
    assert (reading.found, reading.code) == (kind, "")


@settings(max_examples=400)
@given(text=st.text(st.characters(exclude_categories=()), max_size=80), home=sites)
def test_no_text_whatever_breaks_the_reading_or_passes_without_its_check_letters(text: str, home: str) -> None:
    reading = read_code(text, home_site=home)
    if reading.found == Found.BUNDLE:
        code = reading.code
        assert code == bundle_code(site_of(code), sequence_of(code), random_of(code))
    elif reading.found == Found.CARD:
        assert reading.code == card_code(*card_numbers(reading.code))
    else:
        assert reading.code == ""


@settings(max_examples=400)
@given(letters=st.text(ALPHABET, min_size=8, max_size=14))
def test_letters_of_ours_at_random_pass_only_with_their_check_letters(letters: str) -> None:
    reading = read_code(letters, home_site=HOME)
    if reading.found == Found.BUNDLE and is_site(site_of(reading.code)):
        code = reading.code
        assert code == bundle_code(site_of(code), sequence_of(code), random_of(code))
    elif reading.found != Found.CARD:
        assert reading.found in {*REFUSED, Found.BUNDLE}


@given(noise=st.binary(max_size=80))
def test_binary_garbage_is_refused(noise: bytes) -> None:
    assert found(noise.decode("latin-1")) not in {Found.BUNDLE, Found.CARD}


def random_of(code: str) -> int:
    high, low = (ALPHABET.index(letter) for letter in code[10:12])
    return high * 16 + low


# Cards and bundles are never taken for one another


@given(command=bytes_of_two_letters, parameter=bytes_of_two_letters)
def test_a_command_card_reads_back_as_itself_and_never_as_a_bundle(command: int, parameter: int) -> None:
    code = card_code(command, parameter)
    reading = read_code(code, home_site=HOME)
    assert (reading.found, reading.code, card_numbers(code)) == (Found.CARD, code, (command, parameter))
    assert read_code(grouped(code).lower(), home_site=HOME) == reading


def test_every_single_and_double_error_on_a_card_is_refused() -> None:
    code = Card(Command.QUANTITY, 18).code
    for a, b in itertools.combinations(range(CARD_LETTERS), 2):
        for first, second in itertools.product(ALPHABET, repeat=2):
            text = with_letters(code, {a: first, b: second})
            assert text == code or found(text) in {Found.WRONG_CHECK, Found.HALF_CODE}


@given(site=sites, sequence=sequences, random=randoms, length=st.integers(1, 13))
def test_the_first_letters_of_a_bundle_are_never_a_card(site: str, sequence: int, random: int, length: int) -> None:
    code = bundle_code(site, sequence, random)
    assert found(code[:length]) != Found.CARD
    assert found(code[: len(code) // 2]) == found(code[len(code) // 2 :]) == Found.HALF_CODE


@given(command=bytes_of_two_letters, parameter=bytes_of_two_letters, at=st.integers(0, 8), site=sites)
def test_no_part_of_a_card_is_a_bundle(command: int, parameter: int, at: int, site: str) -> None:
    code = card_code(command, parameter)
    for part in (code[:at], code[at:]):
        assert read_code(part, home_site=site).found != Found.BUNDLE


def test_a_bundle_read_without_its_first_six_letters_is_a_card_for_one_number_in_65536_at_most() -> None:
    """Only a sequence with the card mark at its third and fourth letter can end like a card (one in 256).

    The check is linear: whether such an end checks depends on the letters before the mark alone, so one bundle for each
    of their 256 pairs tells it for all of the site: one pair at most.
    """
    marked = ALPHABET.index(CARD_MARK[0]) * 0x11 << 8
    ends = [bundle_code(HOME, before << 16 | marked | 1, 0)[-CARD_LETTERS:] for before in range(256)]
    assert len([end for end in ends if found(end) == Found.CARD]) <= 1
    assert {end[: len(CARD_MARK)] for end in ends} == {CARD_MARK}


def test_a_code_whose_site_no_atelier_can_have_is_not_a_bundle() -> None:
    stuck_key = "X" * 2 + CODE[2:12]
    ends = ("".join(pair) for pair in itertools.product(ALPHABET, repeat=2))
    assert {found(stuck_key + end) for end in ends}.isdisjoint({Found.BUNDLE, Found.CARD})
