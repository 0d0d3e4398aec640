"""USB printers that are plugged in, found without opening one: opening `/dev/usb/lpN` twice is refused, and closing it may drop a label."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from devices.printers.identity import guess_language, id_fields

ROOT = Path("/")
LONGEST_ID = 1024
_CLASS = "sys/class/usbmisc"
_BY_PATH = "dev/floor/printers/by-path"


@dataclass(frozen=True, slots=True)
class PresentPrinter:
    """`node`: its device; `address`: the by-path link where udev has one, which stays with the socket, else the node.

    `maker`, `model`: as it calls itself, "" where it says nothing. `language`: a name in `LANGUAGES`, "" where a person must choose.
    """

    node: str
    address: str
    maker: str
    model: str
    language: str


def present(root: Path = ROOT) -> tuple[PresentPrinter, ...]:
    """By node. `root`: the folder that holds the machine's sys and dev."""
    return tuple(_printer(node, root) for node in sorted(_nodes(root)))


def _nodes(root: Path) -> Iterator[str]:
    folder = root / _CLASS
    names = sorted(path.name for path in folder.glob("lp*")) if folder.is_dir() else []
    return (name for name in names if name.removeprefix("lp").isdigit())


def _printer(name: str, root: Path) -> PresentPrinter:
    said = _device_id(root / _CLASS / name / "device" / "ieee1284_id")
    fields = id_fields(said)
    node = f"/dev/usb/{name}"
    return PresentPrinter(
        node, _link(name, root) or node, fields.get("MFG", ""), fields.get("MDL", ""), guess_language(said) or ""
    )


def _device_id(path: Path) -> str:
    """Printable and bounded: what a printer calls itself comes to a page."""
    try:
        said = path.read_bytes()[:LONGEST_ID].decode("utf-8", "replace")
    except OSError:
        return ""
    return "".join(sign for sign in said if sign.isprintable())


def _link(name: str, root: Path) -> str:
    folder = root / _BY_PATH
    links = sorted(folder.iterdir()) if folder.is_dir() else []
    found = next((link for link in links if link.is_symlink() and link.readlink().name == name), None)
    return f"/{_BY_PATH}/{found.name}" if found else ""
