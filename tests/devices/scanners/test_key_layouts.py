"""Keyboards: a code survives every Latin one, and the two that are fixed in code are those of the real tables.

xkb_layouts.tsv: 59 of the 98 default layouts of xkb-data 2.35.1 (Debian 12, rules/evdev.lst), as libxkbcommon compiles
them: all whose script is Latin except Esperanto and Turkmen, and Hebrew, which types Latin capitals with Shift. For each
key of the main block (kernel numbers 2-13, 16-27, 30-41 and 43-53) the character it gives alone, then with Shift; U+FFFD
where it gives none, or is a dead key.
"""

import itertools
from pathlib import Path

import pytest

from devices.scanners.key_layouts import LAYOUTS

KEYS = tuple(itertools.chain(range(2, 14), range(16, 28), range(30, 42), range(43, 54)))
CODE_LETTERS = "BCDFGHJKLNPRSTVX"
NOTHING = "�"


def _xkb() -> dict[str, tuple[str, str]]:
    rows = Path(__file__).with_name("xkb_layouts.tsv").read_text(encoding="utf-8").splitlines()
    return {name: (plain, shifted) for name, plain, shifted in (row.split("\t") for row in rows)}


XKB = _xkb()


def typed_by_a_us_scanner(text: str, host: str) -> str:
    """What a text field of a machine with the layout `host` shows."""
    us_plain, us_shifted = XKB["us"]
    return "".join(
        XKB[host][level][row.index(sign)]
        for sign in text
        for level, row in enumerate((us_plain, us_shifted))
        if sign in row
    )


def test_there_are_59_keyboards() -> None:
    assert len(XKB) == 59
    assert all(len(row) == len(KEYS) for rows in XKB.values() for row in rows)


@pytest.mark.parametrize("host", sorted(XKB))
def test_the_letters_of_a_code_are_the_same_on_every_latin_keyboard(host: str) -> None:
    assert typed_by_a_us_scanner(CODE_LETTERS, host) == CODE_LETTERS


@pytest.mark.parametrize("host", sorted(set(XKB) - {"il"}))
def test_a_scanner_that_types_small_letters_changes_only_their_size(host: str) -> None:
    assert typed_by_a_us_scanner(CODE_LETTERS.lower(), host).upper() == CODE_LETTERS


def test_digits_do_not_survive_a_french_keyboard_and_each_is_garbled_into_a_sign_of_its_own() -> None:
    garbled = typed_by_a_us_scanner("0123456789", "fr")
    assert garbled == "à&é\"'(-è_ç"
    assert dict(zip(garbled, "0123456789", strict=True)) == {
        LAYOUTS["fr"].plain[key]: LAYOUTS["us"].plain[key] for key in range(2, 12)
    }


# Where Windows, which scanners imitate, differs from xkb: no tilde on the key above Tab.
DIFFERENT = {"us": frozenset[int](), "fr": frozenset({41})}


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_the_layouts_fixed_in_code_are_the_real_ones(name: str) -> None:
    plain, shifted = XKB[name]
    layout = LAYOUTS[name]
    for level, row in ((layout.plain, plain), (layout.shifted, shifted)):
        real = {
            key: sign for key, sign in zip(KEYS, row, strict=True) if sign != NOTHING and key not in DIFFERENT[name]
        }
        assert {key: level.get(key) for key in real} == real


def test_caps_lock_turns_letters_round_on_a_us_keyboard_and_everything_on_a_french_one() -> None:
    us, french = LAYOUTS["us"], LAYOUTS["fr"]
    key_of_1, key_of_b = 2, 48
    assert [us.character(key, shift=False, caps_lock=True, alt_graph=False) for key in (key_of_1, key_of_b)] == [
        "1",
        "B",
    ]
    assert [french.character(key, shift=False, caps_lock=True, alt_graph=False) for key in (key_of_1, key_of_b)] == [
        "1",
        "B",
    ]
    assert french.character(key_of_b, shift=True, caps_lock=True, alt_graph=False) == "b"
