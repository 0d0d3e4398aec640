"""Debian's nginx with the settings that are shipped, on free loopback ports, stopped by its process id."""

import ipaddress
import os
import pwd
import signal
import socket
import ssl
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.central.postgres import free_port
from tests.waiting import wait_until

SHIPPED = Path(__file__).parents[2] / "deploy" / "centre" / "nginx.conf"
SHIPPED_PORTS = ("8090", "8091")


@dataclass(frozen=True, slots=True)
class Front:
    """`authority`: the certificate to believe, as a file."""

    url: str
    authority: Path
    _log: Path

    def answered_by(self) -> Counter[str]:
        """Requests by the address that answered them, the last one where several were tried."""
        return Counter(line.split()[-1] for line in self._log.read_text("utf-8").splitlines())


@contextmanager
def nginx_before(ports: Sequence[int], folder: Path) -> Iterator[Front]:
    """In front of servers on these ports of this machine, over TLS."""
    folder.mkdir()
    certificate, key = _certificate(folder)
    port = free_port()
    site = SHIPPED.read_text("utf-8")
    for shipped, ours in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/centre/fullchain.pem", str(certificate)),
        ("/etc/ssl/centre/key.pem", str(key)),
        *zip((f"127.0.0.1:{shipped}" for shipped in SHIPPED_PORTS), (f"127.0.0.1:{one}" for one in ports), strict=True),
    ):
        assert site.count(shipped) == 1, shipped
        site = site.replace(shipped, ours)
    settings = folder / "nginx.conf"
    settings.write_text(_around(site, folder), "utf-8")
    command = ["nginx", "-p", str(folder), "-c", str(settings), "-e", str(folder / "errors.log")]
    server = subprocess.Popen(command)
    try:
        wait_until(lambda: _listens(port), "nginx answers")
        assert server.poll() is None, (folder / "errors.log").read_text("utf-8")
        yield Front(f"https://127.0.0.1:{port}", certificate, folder / "answers.log")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def trusting(front: Front) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(front.authority))


def _around(site: str, folder: Path) -> str:
    """What Debian's own nginx.conf brings, with everything that is written in a folder of ours."""
    user = pwd.getpwuid(os.geteuid()).pw_name
    kept = " ".join(
        f"{what}_temp_path {folder / what};" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"{f'user {user};' if os.geteuid() == 0 else ''} daemon off; worker_processes 1; pid {folder / 'nginx.pid'};\n"
        "events { worker_connections 256; }\n"
        f"http {{ {kept}\nlog_format by '$status $upstream_addr'; access_log {folder / 'answers.log'} by;\n{site}\n}}\n"
    )


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "centre")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
