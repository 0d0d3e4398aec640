"""The simulator knows of the floor only what any machine can: it checks, so it must not share what it checks."""

import json
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "floor_app" / "simulating"
LOADED = "import importlib, json, sys; [importlib.import_module(name) for name in sys.argv[1:]]; print(json.dumps(list(sys.modules)))"


def test_it_loads_neither_the_store_nor_the_web_nor_a_use_case() -> None:
    modules = [f"floor_app.simulating.{path.stem}" for path in sorted(PACKAGE.glob("*.py"))]
    assert len(modules) > 10
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, *modules], capture_output=True, text=True, check=True, cwd=PACKAGE.parents[1]
    )
    loaded = set(json.loads(ran.stdout))
    assert loaded >= set(modules)
    forbidden = ("floor_app.store", "floor_app.web", "floor_app.atelier", "floor_app.scanning", "flask", "sqlite3")
    assert [name for name in loaded if name.startswith(forbidden)] == []
