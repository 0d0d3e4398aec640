"""USB printers that are plugged in, found without opening one: opening `/dev/usb/lpN` twice is refused, and closing it may drop a label."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from devices.printers.identity import id_fields, languages_named

ROOT = Path("/")
LONGEST_ID = 1024
_CLASS = "sys/class/usbmisc"
_BY_PATH = "dev/floor/printers/by-path"
_LINKS = (_BY_PATH, "dev/floor/printers/by-serial")


@dataclass(frozen=True, slots=True)
class PresentPrinter:
    """`node`: its device; `address`: the by-path link where udev has one, which stays with the socket, else the node.

    `names`: every path that leads to it. `maker`, `model`: as it calls itself, "" where it says nothing. `languages`: those of
    `LANGUAGES` that it says it speaks; a guess only where it is one.
    """

    node: str
    address: str
    maker: str
    model: str
    languages: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def language(self) -> str:
        """ "" where a person must choose."""
        return self.languages[0] if len(self.languages) == 1 else ""


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
    links = [f"/{folder}/{link}" for folder in _LINKS for link in _links(name, root / folder)]
    address = next((link for link in links if link.startswith(f"/{_BY_PATH}/")), node)
    return PresentPrinter(
        node, address, fields.get("MFG", ""), fields.get("MDL", ""), languages_named(said), (node, *links)
    )


def _device_id(path: Path) -> str:
    """Printable and bounded: what a printer calls itself comes to a page."""
    try:
        said = path.read_bytes()[:LONGEST_ID].decode("utf-8", "replace")
    except OSError:
        return ""
    return "".join(sign for sign in said if sign.isprintable())


def _links(name: str, folder: Path) -> list[str]:
    """Newer udev writes two for one socket: the shorter is the one that stays."""
    links = folder.iterdir() if folder.is_dir() else ()
    found = [link.name for link in links if link.is_symlink() and link.readlink().name == name]
    return sorted(found, key=lambda link: (len(link), link))
