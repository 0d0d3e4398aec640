"""SVGs nobody should have drawn: each made from our label of 58 × 40 mm, with the code of its fault."""

from __future__ import annotations

import zlib
from base64 import b64encode
from struct import pack

from label_templates.render import TEMPLATES
from tests.label_templates.labels import picture

NAME = "bundle.58x40"
OURS = (TEMPLATES / f"{NAME}.svg").read_text(encoding="utf-8")
HEAD, BODY = OURS[: OURS.index("<svg")], OURS[OURS.index("<svg") :]
STYLE_TEXT = 'data-text="{{ style }}"'
RIGHT_CODE = '<rect data-slot="code" x="319" y="175" width="145" height="145" fill="#dddddd"/>'
LAUGHS = "".join(f'<!ENTITY l{n} "&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};">' for n in range(1, 14))


def last(drawn: str) -> str:
    """Ours with something more at its end."""
    return OURS.replace("</svg>", f"{drawn}</svg>")


def within(drawn: str) -> str:
    """The same among the words."""
    return OURS.replace('<g data-place="above">', f'<g data-place="above">{drawn}')


def says(jinja: str) -> str:
    """Ours, with other Jinja where the style is said."""
    assert STYLE_TEXT in OURS
    return OURS.replace(STYLE_TEXT, f'data-text="{jinja}"')


def swapped(before: str, after: str) -> str:
    assert before in OURS
    return OURS.replace(before, after)


def copies_of_the_one_before(number: int) -> str:
    return f'<g id="a{number}">' + f'<use href="#a{number - 1}"/>' * 9 + "</g>"


def image(png: bytes) -> str:
    return last(f'<image width="8" height="8" href="data:image/png;base64,{b64encode(png).decode()}"/>')


def _chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def _bomb() -> bytes:
    """A PNG of 60,000 × 60,000 in a few hundred bytes."""
    header = pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(10_000))) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


REFUSED: dict[str, tuple[str | bytes, str]] = {
    # What is no template at all
    "nothing": ("", "empty"),
    "blanks": ("  \n ", "empty"),
    "a picture renamed": (picture(), "not_utf8"),
    "latin 1": (OURS.encode("latin-1", "replace") + b"<!-- \xe9 -->", "not_utf8"),
    "UTF-16": (OURS.encode("utf-16"), "not_utf8"),
    "declared in another encoding": (OURS.replace('encoding="UTF-8"', 'encoding="UTF-7"'), "not_utf8"),
    "a page of the web": ("<html><body>Bonjour</body></html>", "not_svg"),
    "no name space": (OURS.replace(' xmlns="http://www.w3.org/2000/svg"', ""), "not_svg"),
    "cut off": (OURS[:900], "not_xml"),
    "10 MB": (last(f"<!--{'x' * 10_000_000}-->"), "too_large"),
    "another page": (swapped('viewBox="0 0 464 320"', 'viewBox="0 0 576 400"'), "page"),
    "a page without end": (swapped('viewBox="0 0 464 320"', 'viewBox="0 0 1e9 1e9"'), "page"),
    "a page of no number": (swapped('viewBox="0 0 464 320"', 'viewBox="0 0 nan inf"'), "page"),
    # What grows
    "billion laughs": (f"<!DOCTYPE svg [<!ENTITY l0 'ha'>{LAUGHS}]>{BODY}".replace("XL<", "&l13;<"), "dtd"),
    "a file of this machine (XXE)": (
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{BODY}'.replace("XL<", "&x;<"),
        "dtd",
    ),
    "entities of elsewhere": (f'<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://evil.test/p.dtd"> %p;]>{BODY}', "dtd"),
    "a document type alone": (f'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">{BODY}', "dtd"),
    "nested without end": (last("<g>" * 5000 + "</g>" * 5000), "too_deep"),
    "too many parts": (last("<g/>" * 5000), "too_many"),
    "copies of copies": (
        last(
            f'<g id="a0"><path d="M0 0h1"/></g>{"".join(map(copies_of_the_one_before, range(1, 12)))}<use href="#a11"/>'
        ),
        "copies",
    ),
    "a copy of itself": (last('<g id="me"><use href="#me"/></g>'), "copies"),
    "many copies of much": (last(f'<g id="much">{"<path/>" * 900}</g>' + '<use href="#much"/>' * 900), "copies"),
    "a huge PNG in few bytes": (image(_bomb()), "picture"),
    "a PNG that is none": (image(b"\x89PNG\r\n\x1a\n nothing more"), "picture"),
    "a number without end": (last('<rect x="1e300" width="1" height="1"/>'), "number"),
    "no number": (last('<circle cx="NaN" cy="1" r="1"/>'), "number"),
    "an infinite width": (last('<rect x="0" y="0" width="Infinity" height="4"/>'), "number"),
    "a path to the moon": (last('<path d="M0 0L9e99 9e99"/>'), "number"),
    "a scale without end": (last('<g transform="scale(1e30)"><path d="M0 0h1"/></g>'), "number"),
    "room of no number": (swapped('data-width="290"', 'data-width="nan"'), "number"),
    "room below nothing": (swapped('data-width="290"', 'data-width="-5"'), "number"),
    "letters of no size": (last('<text x="1" y="1" font-size="inf">x</text>'), "font_size"),
    "letters in em": (last('<text x="1" y="1" style="font-size:2em">x</text>'), "font_size"),
    "a text without end": (says("x" * 5000), "text_long"),
    # What runs
    "a script": (last("<script>alert(1)</script>"), "script"),
    "a script from elsewhere": (last('<script href="http://evil.test/x.js"/>'), "script"),
    "a script of XHTML": (last('<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>'), "namespace"),
    "a frame of XHTML": (last('<iframe xmlns="http://www.w3.org/1999/xhtml" src="http://evil.test"/>'), "namespace"),
    "a foreign object": (last('<foreignObject width="9" height="9"/>'), "foreign_object"),
    "onload": (swapped("<svg ", '<svg onload="alert(1)" '), "event"),
    "ONCLICK": (last('<rect ONCLICK="alert(1)" x="1" y="1" width="1" height="1"/>'), "event"),
    "an animation": (last('<animate attributeName="href" values="javascript:alert(1)"/>'), "animation"),
    "a set": (last('<set attributeName="onmouseover" to="alert(1)"/>'), "animation"),
    "a link": (last('<a href="javascript:alert(1)"><text x="1" y="9">x</text></a>'), "element"),
    "a filter": (last('<filter id="f"><feImage href="#x"/></filter>'), "element"),
    "an instruction": (f'{HEAD}<?xml-stylesheet href="http://evil.test/x.css"?>{BODY}', "instruction"),
    # What is fetched
    "use of elsewhere": (last('<use href="http://evil.test/x.svg#a"/>'), "reference"),
    "use of a file": (
        last('<use xlink:href="file:///etc/passwd#a" xmlns:xlink="http://www.w3.org/1999/xlink"/>'),
        "reference",
    ),
    "a picture of elsewhere": (last('<image href="//evil.test/x.png" width="9" height="9"/>'), "reference"),
    "a picture that is SVG": (
        last('<image href="data:image/svg+xml;base64,PHN2Zy8+" width="9" height="9"/>'),
        "reference",
    ),
    "a fill of elsewhere": (
        last('<rect fill="url(http://evil.test/#g)" x="1" y="1" width="1" height="1"/>'),
        "reference",
    ),
    "style of elsewhere": (last("<rect style=\"fill:url( 'file:///etc/passwd#g' )\"/>"), "reference"),
    "style in disguise": (last(r'<rect style="fill:u\72l(http://evil.test)"/>'), "reference"),
    "an import": (last("<style>@import 'http://evil.test/x.css';</style>"), "stylesheet"),
    "a sheet of styles": (last("<style>text { font-size: 90px }</style>"), "stylesheet"),
    "another base": (swapped("<svg ", '<svg xml:base="http://evil.test/" '), "reference"),
    # Jinja
    "into Python": (says("{{ style.__class__.__mro__ }}"), "jinja"),
    "a label of no field": (says("{{ label.__class__ }}"), "jinja"),
    "into Python by brackets": (says("{{ style['__class__'] }}"), "jinja"),
    "into Python by a filter": (says("{{ style|attr('__class__') }}"), "filter"),
    "a call": (says("{{ range(9) }}"), "jinja"),
    "a function's globals": (says("{{ lipsum.__globals__.os }}"), "jinja"),
    "an unknown field": (says("{{ prix }}"), "field"),
    "a loop": (within("{% for n in range(10**9) %}x{% endfor %}"), "jinja_block"),
    "a loop in a text": (says("{% for n in range(10**9) %}x{% endfor %}"), "jinja_block"),
    "an include": (last("<text>{% include '/etc/passwd' %}</text>"), "jinja_block"),
    "a comment of Jinja": (last('<g id="{#"/><g id="#}"/>'), "jinja_block"),
    "a power": (says("{{ 9 ** 999999999 }}"), "jinja"),
    "a text times a thousand million": (says("{{ 'x' * 1000000000 }}"), "jinja"),
    "a width without end": (says("{{ '%999999999d' % quantity }}"), "jinja"),
    "the same by a filter": (says("{{ '%999999999d'|format(quantity) }}"), "filter"),
    "centred in a thousand million": (says("{{ style|center(1000000000) }}"), "filter"),
    "joins of joins": (says("{{ style|join(style)|join(style) }}"), "jinja_long"),
    "a join with a field": (says("{{ style|join(style) }}"), "jinja"),
    "markup let through": (says("{{ '&lt;script&gt;'|safe }}"), "filter"),
    "a list without end": (says("{{ [1] }}"), "jinja"),
    "brackets without end": (says("{{ " + "(" * 90 + "1" + ")" * 90 + " }}"), "jinja_long"),
    "a long expression": (says("{{ style " + "~ style " * 40 + "}}"), "jinja_long"),
    "a number of 5000 digits": (says("{{ " + "9" * 5000 + " }}"), "text_long"),
    "half an expression": (says("{{ style"), "jinja_open"),
    "no expression": (says("{{ style + }}"), "jinja"),
    "from one place to another": (last('<g id="{{ \'"/><g id="\' }}"/>'), "jinja_place"),
    "from a comment to a text": (last('<!-- {{ " --><text>" }}</text>'), "jinja_place"),
    "in a position": (last('<rect x="{{ quantity }}" y="1" width="1" height="1"/>'), "jinja_place"),
    "in the name space of an editor": (
        last('<g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:label="{{ style }}"/>'),
        "jinja_place",
    ),
    # Codes
    "one code": (swapped(RIGHT_CODE, ""), "codes"),
    "no code": (OURS.replace('data-slot="code"', ""), "codes"),
    "a code too small": (OURS.replace('width="145" height="145"', 'width="87" height="87"'), "code_small"),
    "a code off the label": (swapped('x="319" y="175"', 'x="340" y="175"'), "code_off"),
    "a code not in its corner": (swapped('x="319" y="175"', 'x="319" y="160"'), "code_corner"),
    "codes over one another": (last(RIGHT_CODE), "code_overlap"),
    "codes moved by what is around them": (
        swapped(RIGHT_CODE, f'<g transform="translate(-9 0)">{RIGHT_CODE}</g>'),
        "moved",
    ),
    "a place moved": (swapped('<g data-place="above">', '<g data-place="above" transform="scale(2)">'), "moved"),
    "a place missing": (swapped('data-place="between"', ""), "places"),
    "a text under a code": (swapped('x="232" y="193"', 'x="90" y="260"'), "under_code"),
    "a frame through a code": (
        swapped('<g data-place="between"', '<rect x="100" y="190" width="200" height="20"/><g data-place="between"'),
        "under_code",
    ),
    # What only drawing it shows
    "a size in words": (swapped('data-width="290"', "data-width=\"{{ 'wide' }}\""), "cannot_draw"),
    "a line that may be missing": (says("{{ groups[9] }}"), "cannot_draw"),
}

HARMLESS: dict[str, str] = {
    "ours": OURS,
    "a mark of bytes first": "\ufeff" + OURS,
    "lines of Windows": OURS.replace("\n", "\r\n"),
    "what Inkscape notes": swapped(
        "<svg ",
        '<svg xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:version="1.2" '
        'xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" ',
    ).replace("</svg>", '<sodipodi:namedview id="n" inkscape:zoom="1e9"/><defs id="d"><style id="s"/></defs></svg>'),
    "sizes in mm": swapped('width="464" height="320"', 'width="58mm" height="40mm"'),
    "styles of Inkscape": swapped(
        'font-size="31" data-width', 'style="font-size:31px;line-height:1.25;fill:#000000" data-width'
    ),
    "a logo": within(
        f'<image x="290" y="95" width="40" height="40" href="data:image/png;base64,{b64encode(picture()).decode()}"/>'
    ),
    "a copy": last('<defs><path id="dot" d="M200 2h4v4z"/></defs><use href="#dot"/>'),
    "a gradient and a cut": last(
        '<defs><linearGradient id="g"><stop offset="0"/></linearGradient><clipPath id="c"><rect x="1" y="1" width="9" '
        'height="9"/></clipPath></defs><rect x="180" y="2" width="4" height="4" fill="url(#g)" clip-path="url(\'#c\')"/>'
    ),
    "text like markup": says("&lt;script&gt; {{ style|upper|truncate(20) }} 50 % @ http://a.test"),
    "a literal like markup": says("{{ '&lt;b&gt;' ~ style }}"),
    "conditions": says("{{ style|default('–') if quantity > 1 and not duplicate else groups[0] }}"),
    "dashes without end": within(
        '<path stroke="#fff" stroke-dasharray="0.00001" fill="none" d="M200 50' + "H90000H0" * 9000 + '"/>'
    ),
    "a loop of gradients": last(
        '<defs><linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/></defs>'
        '<rect x="180" y="2" width="4" height="4" fill="url(#a)"/>'
    ),
    "a cut that cuts itself": last(
        '<defs><clipPath id="c" clip-path="url(#c)"><rect x="1" y="1" width="9" height="9"/></clipPath></defs>'
        '<rect x="180" y="2" width="4" height="4" clip-path="url(#c)"/>'
    ),
}
"""Odd, and drawn: nothing of it runs, reaches outside or grows."""
