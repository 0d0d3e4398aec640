"""Which scanner is which: found on USB by what it is (maker, model, serial number) or by where it is plugged in.

Looked up in sysfs and in udev's by-path links, without opening anything. The kernel's own names (ttyACM0) swap from one
start to the next; the serial number stays with the scanner, the by-path name with the socket.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from devices.errors import DeviceMissing
from devices.scanners.addresses import misunderstood, split_options
from devices.scanners.serial_line import CHOICES, SerialLine

ROOT = Path("/")
FORM = "usb:VID:PID[:SERIAL] (hexadecimal, as lsusb shows them) or port:NAME (a name of /dev/serial/by-path)"

# The folder of our own udev rule, then the one of systemd, which went missing in some of its releases.
_BY_PATH = ("dev/floor/scanners/by-path", "dev/serial/by-path")
_KEYBOARDS_BY_PATH = "dev/input/by-path"
_USB = re.compile(r"usb:([0-9a-f]{4}):([0-9a-f]{4})(?::([!->@-~][ ->@-~]*))?", re.IGNORECASE)  # "?" begins options
_PORT = re.compile(r"port:([!-.0-~]+)")  # all but a slash


@dataclass(frozen=True, slots=True)
class PresentScanner:
    """A USB device with a serial port or with keys: a printer, a cable or a real keyboard may be among them.

    `mode`: how it speaks; a new scanner mostly comes in keyboard mode. `node`: e.g. /dev/ttyACM0, for now. `ports`: its
    by-path names, the shortest first (newer udev writes two for one socket). `vendor`, `product`: USB numbers, four
    hexadecimal digits. `serial`: as the maker wrote it, "" for none; `numbered`: it is no other's among what is plugged
    in. `address`: what to write in floor.toml, "" if nothing tells it apart.
    """

    mode: Literal["serial", "keyboard"]
    node: str
    ports: tuple[str, ...]
    vendor: str
    product: str
    serial: str
    maker: str
    model: str
    numbered: bool = False
    address: str = ""


def present(root: Path = ROOT) -> tuple[PresentScanner, ...]:
    """What is plugged in now, by socket, keyboards last. `root`: the folder that holds sys and dev."""
    return (*_serial_scanners(root), *_keyboards(root))


def found_at(address: str, root: Path = ROOT) -> PresentScanner:
    """The scanner that a usb: or port: address means now; DeviceMissing when none does, or more than one."""
    means = _meaning(address)
    matching = [scanner for scanner in _serial_scanners(root) if means(scanner)]
    if not matching:
        raise DeviceMissing(address, f"not plugged in; what is: {_listed(present(root)) or 'nothing'}")
    if len(matching) > 1:
        raise DeviceMissing(address, f"{len(matching)} scanners answer to it; write one of: {_by_port(matching)}")
    return matching[0]


def pointed_at(address: str, among: Iterable[PresentScanner]) -> PresentScanner | None:
    """The one that an address of floor.toml points at now, a path included; None where none does, as for one on the network."""
    means = _meaning(address) if address.startswith(("usb:", "port:")) else _path_meaning(address)
    matching = [scanner for scanner in among if means(scanner)]
    return matching[0] if len(matching) == 1 else None


def means_socket(address: str, scanner: PresentScanner) -> bool:
    """Whether the address that points at this scanner is that of its socket: any other plugged in there serves instead."""
    return _last_name(address) in scanner.ports


def bound_scanner(address: str, *, root: Path = ROOT) -> SerialLine:
    """The scanner of a usb: or port: address, looked up anew at each opening. ValueError with the cure."""
    _meaning(address)
    return SerialLine(address, find_port=lambda: found_at(address, root).node)


def _meaning(address: str) -> Callable[[PresentScanner], bool]:
    bare, _ = split_options(address, CHOICES, form=FORM)
    if port := _PORT.fullmatch(bare):
        return lambda scanner: port[1] in scanner.ports
    if usb := _USB.fullmatch(bare):
        model, serial = (usb[1].lower(), usb[2].lower()), usb[3]
        return lambda scanner: (scanner.vendor, scanner.product) == model and serial in (None, scanner.serial)
    raise misunderstood(address, CHOICES, form=FORM)


def _path_meaning(address: str) -> Callable[[PresentScanner], bool]:
    """By the name of the path or of what it links to: names of sockets, numbers and the kernel's own are never alike."""
    path = Path(address.partition("?")[0])
    names = {path.name, *_target_name(path)}
    return lambda scanner: not names.isdisjoint({Path(scanner.node).name, *scanner.ports})


def _last_name(address: str) -> str:
    return address.partition("?")[0].removeprefix("port:").rpartition("/")[2]


def _target_name(link: Path) -> tuple[str, ...]:
    try:
        return (link.readlink().name,)
    except OSError:  # no link, or gone this moment
        return ()


def _listed(scanners: Iterable[PresentScanner]) -> str:
    return ", ".join(f"{scanner.address or scanner.node} ({scanner.maker} {scanner.model})" for scanner in scanners)


def _by_port(scanners: Iterable[PresentScanner]) -> str:
    return ", ".join(f"port:{scanner.ports[0]}" if scanner.ports else scanner.node for scanner in scanners)


def _serial_scanners(root: Path) -> list[PresentScanner]:
    """One per USB device, with the port of its first interface."""
    ports = _by_path_names(root, *_BY_PATH)
    ttys = sorted((folder, _interface(root, tty), tty) for tty, folder in _on_usb(root / "sys/class/tty", "tty*"))
    first = {folder: tty for folder, _, tty in reversed(ttys)}
    found = [_scanner(folder, first[folder], root / "dev", ports) for folder in sorted(first)]
    twins = Counter(_identity(scanner) for scanner in found)
    return [_told_apart(scanner, twins[_identity(scanner)] == 1) for scanner in found]


def _keyboards(root: Path) -> list[PresentScanner]:
    """Those that udev takes for keyboards; without its name there is none that stays."""
    ports = _by_path_names(root, _KEYBOARDS_BY_PATH, only="*-event-kbd")
    events = _on_usb(root / "sys/class/input", "event*")
    found = [_scanner(folder, event, root / "dev/input", ports) for event, folder in events if event in ports]
    twins = Counter(_identity(keyboard) for keyboard in found)
    return [
        replace(
            keyboard,
            mode="keyboard",
            numbered=_is_number(keyboard.serial) and twins[_identity(keyboard)] == 1,
            address=f"/{_KEYBOARDS_BY_PATH}/{keyboard.ports[0]}",
        )
        for keyboard in sorted(found, key=lambda keyboard: keyboard.ports)
    ]


def _identity(scanner: PresentScanner) -> tuple[str, str, str]:
    return scanner.vendor, scanner.product, scanner.serial


def _told_apart(scanner: PresentScanner, alone: bool) -> PresentScanner:
    numbered = alone and _is_number(scanner.serial)
    return replace(scanner, numbered=numbered, address=_address(scanner, alone, numbered))


def _is_number(serial: str) -> bool:
    """Clones all carry the same, often zeros."""
    return bool(serial.strip("0"))


def _address(scanner: PresentScanner, alone: bool, numbered: bool) -> str:
    """By serial number where it can be written, else by port, else by model."""
    model = f"usb:{scanner.vendor}:{scanner.product}"
    if numbered and _USB.fullmatch(f"{model}:{scanner.serial}"):
        return f"{model}:{scanner.serial}"
    if scanner.ports:
        return f"port:{scanner.ports[0]}"
    return model if alone else ""


def _on_usb(class_folder: Path, pattern: str) -> list[tuple[str, Path]]:
    """Kernel name of each device of a class that is on USB, and the sysfs folder of its USB device."""
    devices = ((entry.name, _above(entry / "device", "idVendor")) for entry in class_folder.glob(pattern))
    return [(name, folder) for name, folder in devices if folder is not None]


def _interface(root: Path, tty: str) -> str:
    folder = _above(root / "sys/class/tty" / tty / "device", "bInterfaceNumber")
    return _attribute(folder, "bInterfaceNumber") if folder else ""


def _above(path: Path, attribute: str) -> Path | None:
    """The nearest folder upwards that has this attribute: an adapter's port is one level deeper than a CDC one."""
    folder = path.resolve()
    return next((above for above in (folder, *folder.parents) if (above / attribute).is_file()), None)


def _scanner(folder: Path, name: str, nodes: Path, ports: Mapping[str, tuple[str, ...]]) -> PresentScanner:
    return PresentScanner(
        mode="serial",
        node=str(nodes / name),
        ports=ports.get(name, ()),
        vendor=_attribute(folder, "idVendor").lower(),
        product=_attribute(folder, "idProduct").lower(),
        serial=_attribute(folder, "serial"),
        maker=_attribute(folder, "manufacturer"),
        model=_attribute(folder, "product"),
    )


def _attribute(folder: Path, name: str) -> str:
    """What sysfs says; nothing where it has no such word, or the cable was pulled this moment."""
    try:
        return (folder / name).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _by_path_names(root: Path, *folders: str, only: str = "*") -> dict[str, tuple[str, ...]]:
    """Per kernel name (ttyACM0) the names of its links, shortest first."""
    names: dict[str, set[str]] = {}
    for link in (link for folder in folders for link in (root / folder).glob(only)):
        for kernel in _target_name(link):
            names.setdefault(kernel, set()).add(link.name)
    return {kernel: tuple(sorted(links, key=lambda name: (len(name), name))) for kernel, links in names.items()}
