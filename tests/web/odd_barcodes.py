"""What a scanner, a keyboard or a hostile hand can put in the place of a bundle's code. `code` is one that exists."""

from collections.abc import Iterator

from floor_app.domain.codes import ALPHABET, grouped

LABEL_LANGUAGES = [
    "^XA^FO50,50^ADN,36,20^FDHELLO^FS^XZ", "~HS", "~JR", "^XA^IDR:*.*^FS^XZ", "SIZE 50 mm,30 mm\r\nPRINT 1,1\r\n", "\x1b@",
    "\x1bp\x00\x19\xfa", "\x1d(H\x06\x0000ABCD", "\x10\x04\x01", "\x10\x14\x01\x00\x05", "\x1dv0\x00", "\x1b!?", "N\nA1,1\nP1",
]  # fmt: skip
SPREADSHEETS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '+HYPERLINK("http://x")',
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "=1;2",
    '"a";"b"',
    "a\r\nb;c",
]
PAGES = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg><![CDATA[x]]></svg>", "&lt;b&gt;",
    "'\"><b>", "{{7*7}}", "{% raw %}", "${7*7}", "#{x}", "%s%n%x", "{0.__class__}", "{answer}", "javascript:alert(1)", "</textarea>",
    "<!--", "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
]  # fmt: skip
STORES = [
    "' OR 1=1 --",
    "'; DROP TABLE event; --",
    "\\'; --",
    "1); DELETE FROM event",
    "%' ESCAPE '",
    "?",
    ":code",
    "$1",
    "*",
    "%",
    "_",
]
SHELLS = [
    "; rm -rf /",
    "$(reboot)",
    "`id`",
    "| cat /etc/passwd",
    "../../etc/passwd",
    "C:\\con",
    "/dev/null",
    "\\\\host\\share",
    "-v",
    "--help",
]
SHOPS = [
    "3760123456789",
    "01234565",
    "012345678905",
    "]E03760123456789",
    "]C1010950600013435210LOT7",
    "\x1d0109506000134352",
    "0",
    "-1",
    "7" * 40,
]
ADDRESSES = [
    "http://example.org/x",
    "https://x",
    "www.example.org",
    "ftp://a",
    "mailto:a@b",
    "tel:+33",
    "WIFI:S:a;T:WPA;P:b;;",
    "geo:0,0",
]
ALPHABETS = [
    "Бандл",
    "حزمة",
    "\u067e\u0627\u06a9\u062a",
    "包裹",
    "ΒΓΔΖ",
    "ＢＣＤＦ",
    "𝐁𝐂𝐃𝐅",
    "ßßßß",
    "ıİ",
    "é" * 14,
    "e\u0301" * 14,
    "🧵🪡",
]
INVISIBLE = [
    "\u202e",
    "\u2066x\u2069",
    "\u200b" * 14,
    "\ufeff",
    "\u00ad",
    "\u2028",
    "\x85",
    "\ufffd",
    "\ufffe",
    "\U000e0041",
    "\xa0" * 14,
]
KEYBOARDS = ["à&é\"'(-è_ç", "&é\"'(-è_çàQB", "§!çà", "ZYXW", "?", "°:=M+", "!M!M", "ALT0066", "\x02BCDF\x03"]
SURROGATES = ["\ud800", "\udfff\ud800", "BCDF\udc80", "\udcff" * 14]


def odd_barcodes(code: str) -> list[str]:
    """More than two hundred, none of which is a bundle or a card."""
    found = list(dict.fromkeys(_all(code)))
    assert len(found) >= 200
    return found


def _all(code: str) -> Iterator[str]:
    yield from (chr(number) for number in (*range(32), 127))
    for family in (
        LABEL_LANGUAGES, SPREADSHEETS, PAGES, STORES, SHELLS, SHOPS, ADDRESSES, ALPHABETS, INVISIBLE, KEYBOARDS, SURROGATES,
    ):  # fmt: skip
        yield from family
    yield from (code[:length] for length in range(1, len(code)) if length != 10)
    yield from (code[start:] for start in range(1, len(code)) if start != 4)
    yield from (_one_letter_wrong(code, at) for at in range(len(code)))
    yield from (_swapped(code, at) for at in range(len(code) - 1) if code[at] != code[at + 1])
    yield from (
        code + code,
        code + "\n" + code,
        code + "B",
        "B" + code,
        code + "\x00",
        "\x00" + code,
        code + "\x1d",
        f"]Q1{code}\x07",
    )
    yield from (
        code.translate({ord(letter): chr(ord(letter) + 0xFEE0) for letter in ALPHABET}),
        grouped(code).replace(" ", "\u00a0"),
    )
    yield from (
        grouped(code).replace(" ", "\t"),
        "/".join(code),
        f'{{"code": "{code}"}}',
        f"<{code}>",
        f"http://x/{code}",
    )
    yield from (
        "",
        " ",
        "   ",
        "\r\n",
        ALPHABET,
        "B" * 14,
        "X" * 14,
        "XX" * 4,
        "XXBBBBBB",
        "null",
        "undefined",
        "NaN",
        "true",
        "[]",
        "{}",
    )
    yield from ("x" * 65, "B" * 255, "B" * 500, "[" * 500, "é" * 300)


def _one_letter_wrong(code: str, at: int) -> str:
    other = ALPHABET[(ALPHABET.index(code[at]) + 7) % len(ALPHABET)]
    return code[:at] + other + code[at + 1 :]


def _swapped(code: str, at: int) -> str:
    return code[:at] + code[at + 1] + code[at] + code[at + 2 :]
