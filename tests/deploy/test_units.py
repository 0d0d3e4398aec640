"""The services of the Raspberry Pi and of the centre, as systemd reads them."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from floor_app.cli import floor

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
PI = DEPLOY / "raspberry-pi"
UNITS = ["floor.service", "floor-backup.service", "floor-backup.timer"]
CENTRE_UNIT = "floor-centre@.service"


def unit(name: str) -> Mapping[str, list[str]]:
    """Every key of a unit with all its values; an empty one takes back nothing here."""
    values: dict[str, list[str]] = {}
    for line in (PI / name).read_text("utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            values.setdefault(key, []).append(value)
    return values


def verified(folder: Path, spoil: tuple[str, str] = ("", "")) -> str:
    """What systemd says of the units, with a command that exists in place of the ones of the Pi."""
    units = {name: PI / name for name in UNITS} | {CENTRE_UNIT: DEPLOY / "centre" / CENTRE_UNIT}
    for name, file in units.items():
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", file.read_text("utf-8"), flags=re.MULTILINE)
        (folder / name).write_text(text.replace(*spoil) if spoil[0] else text, "utf-8")
    asked = [str(folder / name.replace("@.", "@8090.")) for name in units]
    command = ["systemd-analyze", "verify", "--man=no", *asked]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    return checked.stdout + checked.stderr + ("" if checked.returncode == 0 else f"status {checked.returncode}")


def test_systemd_has_nothing_to_say_against_the_units(tmp_path: Path) -> None:
    assert verified(tmp_path) == ""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("MemoryHigh=", "MemoryHihg="),
        ("DevicePolicy=closed", "DevicePolicy=shut"),
        ("ExecStart=/bin/true", "ExecStart=/bin/absent"),
        ("OnCalendar=*-*-* 02:15:00", "OnCalendar=02h15"),
        ("SystemCallFilter=@system-service", "SystemCallFilter=@sytem-service"),
    ],
)
def test_systemd_would_have_named_a_slip_in_the_units(tmp_path: Path, right: str, wrong: str) -> None:
    assert verified(tmp_path, (right, wrong)) != ""


def test_the_service_never_gives_up_but_for_settings_that_cannot_work(tmp_path: Path) -> None:
    service = unit("floor.service")
    assert service["Restart"] == ["always"]
    assert service["StartLimitIntervalSec"] == ["0"]
    absent = CliRunner().invoke(floor, ["serve", "--config", str(tmp_path / "floor.toml"), "--data", str(tmp_path)])
    assert service["RestartPreventExitStatus"] == [str(absent.exit_code)]


def test_devices_are_allowed_by_class_once_their_drivers_are_loaded() -> None:
    service = unit("floor.service")
    assert service["DevicePolicy"] == ["closed"]
    assert "PrivateDevices" not in service
    assert all(re.fullmatch(r"char-\w+ rw", allowed) for allowed in service["DeviceAllow"])
    assert {allowed.split()[0] for allowed in service["DeviceAllow"]} >= {
        "char-ttyACM",
        "char-ttyUSB",
        "char-usb",
        "char-input",
    }
    drivers = {"modprobe@cdc_acm.service", "modprobe@usbserial.service", "modprobe@usblp.service"}
    assert drivers <= set(service["Wants"][0].split()) & set(service["After"][0].split())


@pytest.mark.parametrize("name", ["floor.service", "floor-backup.service"])
def test_a_service_can_write_nothing_but_the_data_and_gain_no_right(name: str) -> None:
    service = unit(name)
    assert service["User"] == ["floor"]
    assert service["NoNewPrivileges"] == ["yes"]
    assert service["ProtectSystem"] == ["strict"]
    assert service["CapabilityBoundingSet"] == [""]
    assert service["ReadWritePaths"][0].split()[0] == "/var/lib/floor"


def test_a_night_without_power_has_its_backup_in_the_morning() -> None:
    assert unit("floor-backup.timer")["Persistent"] == ["true"]
