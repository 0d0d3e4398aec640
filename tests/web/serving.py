"""The application behind the real web server on a free loopback port, as the service runs it."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from groundwork.web_server import web_server


@contextmanager
def served(app: Flask, *, threads: int = 16) -> Iterator[str]:
    """The address, no slash at the end."""
    with web_server(app, "127.0.0.1", 0, threads=threads) as port:
        yield f"http://127.0.0.1:{port}"
