"""An application behind waitress: a port, a loop in a thread, and an end that answers what is under way first."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

HTTP_THREADS = 64
STOP_S = 5.0
LARGEST_BODY = 1024 * 1024 * 1024  # an application has limits of its own, and words for them


class PortTaken(Exception):
    """Another program listens on this port."""


@contextlib.contextmanager
def web_server(
    app: Callable[..., Any],
    host: str,
    port: int,
    *,
    threads: int = HTTP_THREADS,
    behind_proxy: bool = False,
    largest_body: int = LARGEST_BODY,
) -> Iterator[int]:
    """Serves the WSGI application on the port given back; `port` 0 takes a free one. Raises PortTaken.

    `behind_proxy`: the application itself judges what a proxy says. `largest_body`: bytes; a larger one is cut off with 413.
    """
    watched: dict[int, Any] = {}
    listening = _listen(host, port)
    server: Any = create_server(
        app,
        map=watched,
        sockets=[listening],
        threads=threads,
        ident="",
        clear_untrusted_proxy_headers=not behind_proxy,
        max_request_body_size=largest_body,
        channel_timeout=60,
    )
    thread = threading.Thread(target=server.run, name="web", daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        # waitress has no stop for another thread; its loop ends by itself once it watches nothing.
        server.trigger.pull_trigger(lambda: wasyncore.dispatcher.close(server))
        server.task_dispatcher.shutdown(timeout=STOP_S)
        # The loop may see what is asked before it is called, and close the very thing it is called by.
        with contextlib.suppress(OSError):
            server.trigger.pull_trigger(lambda: wasyncore.close_all(watched, ignore_all=True))
        thread.join(timeout=STOP_S)


def _listen(host: str, port: int) -> socket.socket:
    """A port of our own choosing is told apart from one that another program holds."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTaken(port) from error
    return listening
