"""The centre as a process of its own, started as it is typed."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(folder: Path, *options: str, tree: Path | None = None) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A process of its own: its address, once it answers. `tree`: of the programs, where it is another than this one."""
    command = [sys.executable, "-c", "from floor_command import main; main()", "central", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--data", str(folder), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)} if tree else None,
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
