"""What the kernel and udev show of scanners on USB, built below a folder: sysfs, /dev and its by-path links."""

import shutil
from pathlib import Path

CONTROLLER = "platform-fd500000.pcie-pci-0000:01:00.0"


class UsbTree:
    """`root` stands for /. Sockets are named as the kernel does: "1.2" is the second socket of the first hub."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._by_path = root / "dev/serial/by-path"
        self._classes = root / "sys/class/tty"
        for folder in (self._by_path, self._classes, root / "sys/devices/virtual/tty/tty1"):
            folder.mkdir(parents=True, exist_ok=True)
        if not (self._classes / "tty1").is_symlink():
            (self._classes / "tty1").symlink_to("../../devices/virtual/tty/tty1")  # a console: no scanner

    def plug(self, tty: str, socket: str, *, interface: int = 0, adapter: bool = False, **attributes: str) -> str:
        """The node of the port. `attributes`: idVendor, idProduct, serial, manufacturer, product as in sysfs.

        `adapter`: a USB-serial cable, whose port is one level deeper.
        """
        device = self._device(socket)
        folder = device / f"1-{socket}:1.{interface}"
        owner = folder / tty if adapter else folder
        port = owner / "tty" / tty
        port.mkdir(parents=True)
        (folder / "bInterfaceNumber").write_text(f"{interface:02x}\n")
        (port / "device").symlink_to(owner)
        for name, value in {"idVendor": "0c2e", "idProduct": "0901", **attributes}.items():
            (device / name).write_text(f"{value}\n")
        (self._classes / tty).symlink_to(port)
        (self._by_path / self.name(socket, interface)).symlink_to(f"../../{tty}")
        return str(self.root / "dev" / tty)

    def plug_keyboard(self, event: str, socket: str, **attributes: str) -> None:
        """A scanner in keyboard mode, or a real keyboard: the kernel shows no difference."""
        device = self._device(socket)
        owner = device / f"1-{socket}:1.0" / "0003:0C2E:0B01.0001" / "input" / "input5"
        (owner / event).mkdir(parents=True)
        (owner / event / "device").symlink_to(owner)
        for name, value in {"idVendor": "0c2e", "idProduct": "0b01", **attributes}.items():
            (device / name).write_text(f"{value}\n")
        classes, by_path = self.root / "sys/class/input", self.root / "dev/input/by-path"
        for folder in (classes, by_path):
            folder.mkdir(parents=True, exist_ok=True)
        (classes / event).symlink_to(owner / event)
        (by_path / f"{self.name(socket)}-event-kbd").symlink_to(f"../{event}")

    def unplug(self, tty: str, socket: str) -> None:
        shutil.rmtree(self._device(socket))
        (self._classes / tty).unlink()
        for link in self._by_path.glob(f"*-usb-0:{socket}:*"):
            link.unlink()

    def rename_by_path(self, socket: str, *names: str) -> None:
        """What another udev would have called it."""
        link = self._by_path / self.name(socket)
        target = link.readlink()
        link.unlink()
        for name in names:
            (self._by_path / name).symlink_to(target)

    def name(self, socket: str, interface: int = 0) -> str:
        """The by-path name of a socket."""
        return f"{CONTROLLER}-usb-0:{socket}:1.{interface}"

    def _device(self, socket: str) -> Path:
        return self.root / f"sys/devices/platform/usb1/1-{socket}"
