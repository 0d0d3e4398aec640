"""A PostgreSQL server of the tests' own: in a folder of its own, on a free loopback port, stopped by its process id."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

STARTS_WITHIN_S = 60
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=200")


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """`user` may make databases."""

    port: int
    numbers: Iterator[int] = field(default_factory=count)

    def address(self, database: str) -> str:
        return f"postgresql://central@127.0.0.1:{self.port}/{database}"

    def new_database(self, *, template: str = "template1") -> str:
        """Its address."""
        name = f"central_{next(self.numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.address(name)


@contextmanager
def postgres_server(settings: Sequence[str] = SPEED) -> Iterator[PostgresServer]:
    folder = Path(tempfile.mkdtemp(prefix="central-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        _run("initdb", "--pgdata", str(data), "--auth", "trust", "--username", "central", "--encoding", "UTF8")
        with _started(data, folder, settings) as port:
            yield PostgresServer(port)
    finally:
        shutil.rmtree(folder)


@contextmanager
def _started(data: Path, sockets: Path, settings: Sequence[str]) -> Iterator[int]:
    port = free_port()
    options = [part for setting in settings for part in ("-c", setting)]
    place = ["-D", str(data), "-k", str(sockets), "-p", str(port), "-h", "127.0.0.1"]
    with (data.parent / "log").open("wb") as log:
        server = subprocess.Popen(_command("postgres", *place, *options), stdout=log, stderr=log)
        try:
            _wait_for(port, server)
            yield port
        finally:
            server.send_signal(signal.SIGINT)  # « fast »: connections are closed, what was committed is kept
            server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while True:
        assert server.poll() is None, "PostgreSQL did not start"
        try:
            psycopg.connect(f"postgresql://central@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            assert time.monotonic() < until, "PostgreSQL does not answer"
            time.sleep(0.05)
        else:
            return


def _run(program: str, *words: str) -> None:
    subprocess.run(_command(program, *words), check=True, capture_output=True)


def client_program(name: str) -> str:
    """Of the newest version that is installed."""
    (newest,) = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
    return str(newest / name)


def _command(program: str, *words: str) -> list[str]:
    """PostgreSQL refuses to run as root: its own user does."""
    command = [client_program(program), *words]
    if os.geteuid() != 0:
        return command
    user = pwd.getpwnam("postgres")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--", *command]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
