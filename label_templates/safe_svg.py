"""An SVG drawn by others, looked at before it is kept: what may run, reach outside or grow is named, with its line.

Read as a stream (SAX), so that a file that nests or repeats without end is left in the middle. Document types and entities are
refused by defusedxml before any is expanded.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, LexicalHandler, feature_namespaces, property_lexical_handler

from label_templates.safe_attributes import SAYING, attribute_fault
from label_templates.safe_jinja import has_jinja, place_fault
from label_templates.svg_tree import SVG_NAMESPACE, XLINK_HREF
from label_templates.template_fault import TemplateFault

if TYPE_CHECKING:
    from xml.sax.xmlreader import Locator

MOST_BYTES = 512 * 1024  # ours have 3 KB; a picture as PNG has its place
MOST_ELEMENTS = 4000
MOST_NESTING = 32
MOST_FAULTS = 8

_SVG = SVG_NAMESPACE.strip("{}")
_XLINK = XLINK_HREF.partition("}")[0].strip("{")
_XML = "http://www.w3.org/XML/1998/namespace"
_EDITORS = frozenset(
    {
        "http://www.inkscape.org/namespaces/inkscape",
        "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "http://creativecommons.org/ns#",
        "http://purl.org/dc/elements/1.1/",
        "http://www.serif.com/",
        "http://www.bohemiancoding.com/sketch/ns",
        "http://www.vectornator.io",
        "http://www.boxy-svg.com",
    }
)
"""What drawing programs note for themselves; it is never drawn."""

_SHAPES = ("rect", "circle", "ellipse", "line", "polyline", "polygon", "path", "text", "tspan", "image", "use")
_AROUND = (
    "svg",
    "g",
    "defs",
    "title",
    "desc",
    "metadata",
    "clipPath",
    "linearGradient",
    "radialGradient",
    "stop",
    "style",
)
ELEMENTS = frozenset(_SHAPES + _AROUND)
_NAMED = {"script": "script", "foreignObject": "foreign_object", "iframe": "script", "handler": "script"}
_NAMED |= dict.fromkeys(("animate", "set", "animateTransform", "animateMotion", "animateColor"), "animation")
_DECLARED = re.compile(r"\s*<\?xml[^>]*?encoding\s*=\s*['\"]([^'\"]*)['\"]")


def text_of(content: bytes) -> str | TemplateFault:
    """The file as text; its fault where it is too large, or is not UTF-8, which templates are read as."""
    if len(content) > MOST_BYTES:
        return TemplateFault("too_large", detail=str(MOST_BYTES // 1024))
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        return TemplateFault("not_utf8", content.count(b"\n", 0, error.start) + 1)
    declared = _DECLARED.match(text)
    if "\0" in text or (declared and declared[1].lower() != "utf-8"):
        return TemplateFault("not_utf8", 1)
    return text if text.strip() else TemplateFault("empty")


def svg_faults(svg: str, *, page: tuple[int, int]) -> list[TemplateFault]:
    """What may not stay in the file, in the order of its lines. `page`: width and height it must be drawn in, dots."""
    import defusedxml.sax
    from defusedxml.common import DefusedXmlException

    seen = _Seen(page)
    parser = defusedxml.sax.make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(seen)
    parser.setProperty(property_lexical_handler, seen)
    try:
        parser.parse(BytesIO(svg.encode("utf-8")))
    except DefusedXmlException:
        seen.note("dtd")
    except SAXParseException as error:
        seen.faults.append(TemplateFault("not_xml", error.getLineNumber() or 0))
    except _Enough:
        pass
    return seen.faults


class _Enough(SAXException):
    """Too much is wrong, or too much is there: the rest is not read."""

    def __init__(self) -> None:
        super().__init__("enough")


@dataclass(slots=True)
class _Open:
    """An element that is being read."""

    tag: str
    shown: str
    text: list[str] = field(default_factory=list)


class _Seen(ContentHandler, LexicalHandler):
    """Notes what is wrong while the file goes by."""

    def __init__(self, page: tuple[int, int]) -> None:
        super().__init__()
        self.faults: list[TemplateFault] = []
        self._page = page
        self._open: list[_Open] = []
        self._elements = 0
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - the names of SAX
        self._locator = locator

    def note(self, code: str, *, detail: str = "") -> None:
        line = (self._locator.getLineNumber() or 0) if self._locator else 0
        self.faults.append(TemplateFault(code, line, self._open[-1].shown if self._open else "", detail[:80]))
        if len(self.faults) >= MOST_FAULTS:
            raise _Enough

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:  # noqa: N802
        namespace, tag = name
        self._look_at_text()
        given: Mapping[tuple[str | None, str], str] = dict(attrs.items())
        self._open.append(_Open(tag, _shown(tag, given)))
        self._count()
        if namespace == _SVG:
            self._look_at_element(tag, given)
        elif namespace not in _EDITORS or len(self._open) == 1:
            self.note("not_svg" if len(self._open) == 1 else "namespace", detail=namespace or "")
        for (space, attribute), value in given.items():
            self._look_at_attribute(tag, space, attribute, value)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        self._look_at_text()
        self._open.pop()

    def characters(self, content: str) -> None:
        self._open[-1].text.append(content)

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802
        self.note("instruction", detail=target)

    def comment(self, content: str) -> None:
        if has_jinja(content):
            self.note("jinja_place", detail=content.strip())

    def _count(self) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            self.note("too_many", detail=str(MOST_ELEMENTS))
            raise _Enough
        if len(self._open) > MOST_NESTING:
            self.note("too_deep", detail=str(MOST_NESTING))
            raise _Enough

    def _look_at_element(self, tag: str, given: Mapping[tuple[str | None, str], str]) -> None:
        first = len(self._open) == 1
        if first and tag == "svg":
            if not _is_page(given.get((None, "viewBox"), ""), self._page):
                self.note("page", detail=" × ".join(map(str, self._page)))
        elif first:
            self.note("not_svg")
        elif tag not in ELEMENTS or tag == "svg":
            self.note(_NAMED.get(tag, "element"))

    def _look_at_attribute(self, tag: str, namespace: str | None, name: str, value: str) -> None:
        if (namespace, name) == (_XML, "base"):
            self.note("reference", detail=value)
        elif namespace is None or (namespace, name) == (_XLINK, "href"):
            code = attribute_fault(tag, name, value) if (name, len(self._open)) != ("viewBox", 1) else ""
            code = place_fault(value, may_say=name in SAYING) or code
            if code:
                self.note(code, detail=f"{name}={value}" if name != "href" else value)
        elif has_jinja(value):
            self.note("jinja_place", detail=value)

    def _look_at_text(self) -> None:
        """The text of the innermost element, as far as it was read."""
        if not self._open or not self._open[-1].text:
            return
        element = self._open[-1]
        text = "".join(element.text)
        element.text.clear()
        code = place_fault(text, may_say=element.tag in ("text", "tspan"))
        if code:
            self.note(code, detail=text.strip())
        if element.tag == "style" and text.strip():
            self.note("stylesheet", detail=text.strip())


def _shown(tag: str, given: Mapping[tuple[str | None, str], str]) -> str:
    """The element as a person finds it again in the file."""
    name = given.get((None, "id"), "")
    return f'<{tag[:40]} id="{name[:40]}">' if name else f"<{tag[:40]}>"


def _is_page(view_box: str, page: tuple[int, int]) -> bool:
    try:
        return [float(number) for number in view_box.replace(",", " ").split()] == [0, 0, *page]
    except ValueError:
        return False
