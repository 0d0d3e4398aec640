"""Printers that are plugged in: found without being opened, and believed only as far as they can be."""

from pathlib import Path

import pytest

from devices.printers.present import PresentPrinter, present


def plug(root: Path, name: str, device_id: str | None, *, socket: str = "", serial: str = "") -> None:
    device = root / "sys/class/usbmisc" / name / "device"
    device.mkdir(parents=True)
    if device_id is not None:
        (device / "ieee1284_id").write_text(device_id, encoding="utf-8")
    for kind, link in (("by-path", socket), ("by-serial", serial)):
        if link:
            folder = root / "dev/floor/printers" / kind
            folder.mkdir(parents=True, exist_ok=True)
            (folder / link).symlink_to(f"../../../usb/{name}")


def test_without_usb_printers_there_are_none(tmp_path: Path) -> None:
    assert present(tmp_path) == ()


@pytest.mark.parametrize(
    ("device_id", "maker", "model", "languages"),
    [
        ("MFG:TSC;CMD:TSPL2;MDL:TTP-245C;", "TSC", "TTP-245C", ("tspl",)),
        (
            "MANUFACTURER:Zebra Technologies;COMMAND SET:ZPL;MODEL:ZTC ZD420-203dpi ZPL;",
            "Zebra Technologies",
            "ZTC ZD420-203dpi ZPL",
            ("zpl",),
        ),
        ("MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;", "EPSON", "TM-T20III", ("escpos",)),
        ("MFG:Rongta;CMD:ESC/POS;MDL:EPOSN TM-T88V;", "Rongta", "EPOSN TM-T88V", ()),
        ("MFG:Xprinter;CMD:ZPL,TSPL;MDL:XP-420B;", "Xprinter", "XP-420B", ("tspl", "zpl")),
        ("", "", "", ()),
        (None, "", "", ()),
        ("MFG:<b>\x07X</b>;MDL:\u202e", "<b>X</b>", "", ()),
    ],
)
def test_what_it_calls_itself_is_shown_and_its_language_guessed_only_where_it_is_sure(
    tmp_path: Path, device_id: str | None, maker: str, model: str, languages: tuple[str, ...]
) -> None:
    plug(tmp_path, "lp0", device_id)
    (found,) = present(tmp_path)
    assert found == PresentPrinter("/dev/usb/lp0", "/dev/usb/lp0", maker, model, languages, ("/dev/usb/lp0",))
    assert found.language == (languages[0] if len(languages) == 1 else "")


def test_the_address_is_the_socket_it_is_in_where_udev_names_it(tmp_path: Path) -> None:
    plug(tmp_path, "lp1", "MFG:TSC;CMD:TSPL;", socket="platform-usb-0:1.4:1.0")
    plug(tmp_path, "lp0", None)
    (tmp_path / "sys/class/usbmisc/hiddev0").mkdir()
    assert [one.address for one in present(tmp_path)] == [
        "/dev/usb/lp0",
        "/dev/floor/printers/by-path/platform-usb-0:1.4:1.0",
    ]


def test_every_path_that_leads_to_it_is_known_and_the_shorter_of_two_sockets_is_the_address(tmp_path: Path) -> None:
    plug(tmp_path, "lp0", None, socket="platform-usbv2-0:1.4:1.0", serial="0a5f-0187-D1")
    (tmp_path / "dev/floor/printers/by-path/platform-usb-0:1.4:1.0").symlink_to("../../../usb/lp0")
    (found,) = present(tmp_path)
    assert found.address == "/dev/floor/printers/by-path/platform-usb-0:1.4:1.0"
    assert "/dev/floor/printers/by-serial/0a5f-0187-D1" in found.names
