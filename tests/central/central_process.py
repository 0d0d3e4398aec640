"""The centre as a process of its own, started as it is typed."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A process of its own: its address, once it answers."""
    command = [sys.executable, "-c", "from floor_command import main; main()", "central", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--data", str(folder), *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        said = ""
        while not (address := re.search(r"http://\S+", said)):
            line = process.stdout.readline()
            assert line, f"it ended: {said}"
            said += line
        yield address[0], process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
