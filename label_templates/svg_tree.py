"""SVG text to a tree of plain SVG elements and back, with the marks of drawing programs taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"


def parse(svg: str) -> Element:
    """The tree without what is not SVG or is not shown; tags have no namespace. Raises SyntaxError, ValueError."""
    import defusedxml.ElementTree

    root: Element = defusedxml.ElementTree.fromstring(svg.encode("utf-8"), forbid_dtd=True)
    _keep_plain_svg(root)
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG_NAMESPACE)
    return root


def serialise(root: Element) -> str:
    from xml.etree.ElementTree import tostring

    root.set("xmlns", SVG_NAMESPACE.strip("{}"))
    return tostring(root, encoding="unicode")


def parents_of(root: Element) -> dict[Element, Element]:
    return {child: parent for parent in root.iter() for child in parent}


def _keep_plain_svg(element: Element) -> None:
    if XLINK_HREF in element.attrib:
        element.set("href", element.attrib[XLINK_HREF])
    for name in [name for name in element.attrib if name.startswith("{")]:
        del element.attrib[name]
    for child in list(element):
        if child.tag.startswith(SVG_NAMESPACE) and child.get("display") != "none":
            _keep_plain_svg(child)
        else:
            element.remove(child)
