"""What the durability tests preload into a service, compiled with the system's compiler."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`record` → the library made of record.c."""
    folder = tmp_path_factory.mktemp("preloaded")

    def compile_once(name: str) -> Path:
        library = folder / f"{name}.so"
        if not library.exists():
            flags = ["-O2", "-Wall", "-Wextra", "-shared", "-fPIC"]
            subprocess.run(["cc", *flags, "-o", str(library), str(HERE / f"{name}.c"), "-lpthread"], check=True)
        return library

    return compile_once
