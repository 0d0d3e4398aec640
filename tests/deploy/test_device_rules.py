"""What the device rules make of what is plugged in: who may open it, who keeps away, and its name that stays."""

import fnmatch
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

RULES = Path(__file__).parent.parent.parent / "deploy" / "raspberry-pi" / "60-floor.rules"

Rule = list[tuple[str, str, str]]
_PART = re.compile(r'\s*([A-Z]+(?:\{[^}]+\})?)(==|!=|\+=|:=|=)"([^"]*)"\s*(?:,|$)')
_MATCHES = {"ACTION", "SUBSYSTEM", "KERNEL", "ENV", "ATTR", "TEST"}
_SETS = {"GOTO", "LABEL", "GROUP", "MODE", "SYMLINK", "IMPORT", "ENV", "ATTR"}


def rules() -> list[Rule]:
    lines = RULES.read_text("utf-8").splitlines()
    return [parsed(line) for line in lines if line.strip() and not line.startswith("#")]


def parsed(line: str) -> Rule:
    parts = _PART.findall(line)
    assert "".join(match.group() for match in _PART.finditer(line)) == line, line
    return [(key, operator, value) for key, operator, value in parts]


def plugged_in(device: Mapping[str, str]) -> dict[str, str]:
    """What udev makes of `device` (its keys as in a rule): a small reading of udev(7), enough for our rules."""
    state = {"ACTION": "add", **device}
    made: dict[str, str] = {}
    label = ""
    for rule in rules():
        if label and ("LABEL", "=", label) not in rule:
            continue
        label = ""
        if all(matches(state, part) for part in rule if is_match(part)):
            for key, operator, value in rule:
                if key == "GOTO":
                    label = value
                elif not is_match((key, operator, value)) and key not in ("LABEL", "IMPORT{builtin}"):
                    filled = re.sub(r"\$env\{(\w+)\}", lambda name: state.get(f"ENV{{{name[1]}}}", ""), value)
                    state[key] = made[key] = f"{made[key]} {filled}" if operator == "+=" and key in made else filled
    return made


def is_match(part: tuple[str, str, str]) -> bool:
    return part[1] in ("==", "!=")


def matches(state: Mapping[str, str], part: tuple[str, str, str]) -> bool:
    key, operator, pattern = part
    if key == "TEST":
        return True
    found = any(fnmatch.fnmatchcase(state.get(key, ""), one) for one in pattern.split("|"))
    return found == (operator == "==")


USB = {"SUBSYSTEM": "usb", "ENV{DEVTYPE}": "usb_device"}
PORT = "platform-xhci-hcd.0-usb-0:1.2:1.0"
IGNORED = {"ENV{ID_MM_DEVICE_IGNORE}": "1"}
AWAKE = {"ENV{FLOOR_SCANNER}": "1", "ATTR{power/control}": "on"}
PLUGGED_IN = [
    ("a Honeywell scanner", {**USB, "ATTR{idVendor}": "0c2e"}, {**IGNORED, **AWAKE}),
    ("a Datalogic scanner", {**USB, "ATTR{idVendor}": "05f9"}, {**IGNORED, **AWAKE}),
    ("a Zebra scanner", {**USB, "ATTR{idVendor}": "05e0"}, {**IGNORED, **AWAKE}),
    ("a Newland scanner", {**USB, "ATTR{idVendor}": "1eab"}, {**IGNORED, **AWAKE}),
    ("a CH340 cable", {**USB, "ATTR{idVendor}": "1a86"}, IGNORED),
    ("an Epson printer", {**USB, "ATTR{idVendor}": "04b8"}, IGNORED),
    ("a 4G stick", {**USB, "ATTR{idVendor}": "12d1"}, {}),
    ("the interface of a scanner", {**USB, "ENV{DEVTYPE}": "usb_interface", "ATTR{idVendor}": "0c2e"}, {}),
    (
        "a serial port",
        {"SUBSYSTEM": "tty", "KERNEL": "ttyACM12", "ENV{ID_PATH}": PORT},
        {"GROUP": "dialout", "MODE": "0660", "SYMLINK": f"floor/scanners/by-path/{PORT}"},
    ),
    (
        "a serial port nobody can name",
        {"SUBSYSTEM": "tty", "KERNEL": "ttyUSB0"},
        {"GROUP": "dialout", "MODE": "0660"},
    ),
    ("the console", {"SUBSYSTEM": "tty", "KERNEL": "ttyAMA0", "ENV{ID_PATH}": "platform-serial"}, {}),
    (
        "a printer with a serial number",
        {
            "SUBSYSTEM": "usbmisc",
            "KERNEL": "lp1",
            "ENV{ID_PATH}": PORT,
            "ENV{ID_VENDOR_ID}": "04b8",
            "ENV{ID_MODEL_ID}": "0e15",
            "ENV{ID_SERIAL_SHORT}": "X2",
        },
        {
            "GROUP": "lp",
            "MODE": "0660",
            "SYMLINK": f"floor/printers/by-path/{PORT} floor/printers/by-serial/04b8-0e15-X2",
        },
    ),
    (
        "a printer without one",
        {"SUBSYSTEM": "usbmisc", "KERNEL": "lp0", "ENV{ID_PATH}": PORT},
        {"GROUP": "lp", "MODE": "0660", "SYMLINK": f"floor/printers/by-path/{PORT}"},
    ),
    ("a modem's control channel", {"SUBSYSTEM": "usbmisc", "KERNEL": "cdc-wdm0", "ENV{ID_PATH}": PORT}, {}),
    ("a scanner going away", {**USB, "ACTION": "remove", "ATTR{idVendor}": "0c2e"}, {}),
]


@pytest.mark.parametrize(("what", "device", "made"), PLUGGED_IN, ids=[row[0] for row in PLUGGED_IN])
def test_what_udev_makes_of_a_device_plugged_in(what: str, device: dict[str, str], made: dict[str, str]) -> None:
    assert plugged_in(device) == made, what


def test_the_udev_rules_use_only_keys_there_are_and_jump_only_forward_to_labels_there_are() -> None:
    labels = [value for rule in rules() for key, _, value in rule if key == "LABEL"]
    assert len(labels) == len(set(labels))
    for index, rule in enumerate(rules()):
        later = {value for after in rules()[index + 1 :] for key, _, value in after if key == "LABEL"}
        for key, operator, value in rule:
            allowed = _MATCHES if operator in ("==", "!=") else _SETS
            assert key.split("{")[0] in allowed
            assert key != "GOTO" or value in later


def test_udev_itself_finds_nothing_wrong_with_the_rules_where_it_can_check_them() -> None:
    """udevadm verify came with systemd 254 (Debian 13); before that its refusal is all it says."""
    checked = subprocess.run(["udevadm", "verify", str(RULES)], capture_output=True, text=True, check=False)
    unknown_verb = "Unknown command verb" in checked.stderr
    assert checked.returncode == 0 or unknown_verb, checked.stdout + checked.stderr
