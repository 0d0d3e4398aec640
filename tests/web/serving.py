"""The application behind the real waitress on a free loopback port, as the service runs it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from waitress.server import create_server


@contextmanager
def served(app: Flask, *, threads: int = 16) -> Iterator[str]:
    """The address, no slash at the end."""
    server = create_server(app, host="127.0.0.1", port=0, threads=threads, ident="")
    thread = threading.Thread(target=server.run, name="test web", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)
