"""What a start loads is paid at every power cut, and held all day: only what every atelier needs."""

import subprocess
import sys

BY_NEED = {
    "PIL": "drawing labels, in a process of its own",
    "cryptography": "keys and sealed copies",
    "http_message_signatures": "speaking with a centre",
    "jsonschema_rs": "speaking with a centre",
    "openpyxl": "spreadsheets",
    "tenacity": "speaking with a centre",
    "typst": "papers",
    "urllib3": "speaking with a centre",
}


def test_a_start_loads_nothing_that_waits_for_its_need() -> None:
    code = "import sys, floor_app.serving, floor_app.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "flask" in loaded
    assert BY_NEED.keys() & set(loaded) == set()
