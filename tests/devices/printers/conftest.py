"""A printer that says what a script says: for answers no healthy printer gives."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from devices.ports import Port, SocketPort


@pytest.fixture
def scripted_printer() -> Iterator[Callable[[dict[bytes, bytes], bytes], Port]]:
    """Call it with {what is asked: what comes back} and the bytes already waiting; it returns an open port."""
    with ExitStack() as running:

        def start(answers: dict[bytes, bytes], greeting: bytes) -> Port:
            ours, device = socket.socketpair()
            ours.setblocking(False)
            device.sendall(greeting)
            thread = threading.Thread(target=_serve, args=(device, answers))
            thread.start()
            running.callback(thread.join)
            port = SocketPort("socket://printer:9100", ours)
            running.callback(port.close)
            return port

        yield start


def _serve(device: socket.socket, answers: dict[bytes, bytes]) -> None:
    with device:
        while question := device.recv(3):
            device.sendall(answers.get(question, b""))
