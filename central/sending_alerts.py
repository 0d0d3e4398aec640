"""Alerts told outside: one message a day with all that nobody was told of yet, by mail or to another program. Nothing set, nothing sent."""

import hashlib
import hmac
import json
import logging
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any, Protocol
from urllib.parse import urlsplit

import urllib3

from central.alert_words import told
from central.centre import Centre
from central.domain.digest_rules import digest_is_due, pause_ms
from central.store import alerts, ateliers
from central.store.alerts import Alert
from central.texts import Words, words

log = logging.getLogger(__name__)

MOST_IN_A_MESSAGE = 5000
MOST_LINES = 100
CLAIMED_FOR_MS = 5 * 60_000
TIMEOUT_S = 20
SIGNATURE_HEADER = "X-Floor-Signature"
_HERE = ("localhost", "127.0.0.1", "::1")


class NotTold(Exception):
    """Nobody was reached; why, in a line."""


class BadRoad(ValueError):
    """An address that alerts cannot be told to."""


@dataclass(frozen=True, slots=True)
class Digest:
    """`lines`: as people read them, beside the alerts they are made of."""

    network: str
    at_ms: int
    alerts: Sequence[Alert]
    lines: Sequence[str]
    t: Words

    @property
    def subject(self) -> str:
        return self.t("alerts.mail_subject", network=self.network, count=len(self.alerts), n=len(self.alerts))

    @property
    def text(self) -> str:
        shown = [f"- {line}" for line in self.lines[:MOST_LINES]]
        more = len(self.lines) - len(shown)
        lines = "\n".join([*shown, self.t("alerts.mail_more", count=more, n=more)] if more else shown)
        return f"{self.t('alerts.mail_begins', network=self.network)}\n\n{lines}\n\n{self.t('alerts.mail_ends')}\n"


class Road(Protocol):
    def tell(self, digest: Digest) -> None:
        """Raises NotTold."""


@dataclass(frozen=True, slots=True)
class MailRoad:
    """`tls`: from the first byte (smtps); without it STARTTLS is asked for, unless the server is this machine. `user`: "" for none."""

    host: str
    port: int
    tls: bool
    to: tuple[str, ...]
    sender: str
    user: str = ""
    password: str = ""

    def tell(self, digest: Digest) -> None:
        try:
            with self._server() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(self._message(digest))
        except (OSError, smtplib.SMTPException) as error:
            raise NotTold(f"{type(error).__name__}: {error}") from error

    def _server(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
        if self.host not in _HERE:
            server.starttls(context=context)  # refused by a server that cannot: nothing goes out in the clear
        return server

    def _message(self, digest: Digest) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = " ".join(digest.subject.split())
        message["From"], message["To"] = self.sender, ", ".join(self.to)
        message["Date"] = format_datetime(datetime.fromtimestamp(digest.at_ms / 1000, UTC))
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no "out of office" back
        message.set_content(digest.text)
        return message


@dataclass(frozen=True, slots=True)
class WebRoad:
    """POST of a JSON document. With a secret its HMAC-SHA-256 stands in a header, so that the receiver knows who wrote it."""

    url: str
    secret: str = ""

    def tell(self, digest: Digest) -> None:
        body = json.dumps(_document(digest), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SIGNATURE_HEADER] = signature(self.secret, body)
        timeout = urllib3.Timeout(connect=TIMEOUT_S, read=TIMEOUT_S)
        try:
            with urllib3.PoolManager(retries=False, timeout=timeout) as pool:
                answer = pool.request("POST", self.url, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise NotTold(f"{type(error).__name__}: {error}") from error
        if not 200 <= answer.status < 300:
            raise NotTold(f"HTTP {answer.status}")


def signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def road_to(address: str, *, smtp: str = "", sender: str = "", password: str = "", secret: str = "") -> Road | None:
    """`address`: "" for nobody, mail addresses with commas between them, or an URL. Raises BadRoad.

    `smtp`: smtp[s]://[user@]host[:port].
    """
    if not address:
        return None
    if "://" in address:
        return _web_road(address, secret)
    to = tuple(one.strip() for one in address.split(","))
    server = urlsplit(smtp)
    if server.scheme not in ("smtp", "smtps") or not server.hostname:
        raise BadRoad(smtp)
    for one in (*to, sender):
        if one.count("@") != 1 or any(letter.isspace() for letter in one):
            raise BadRoad(one)
    tls = server.scheme == "smtps"
    if server.username and not tls and server.hostname in _HERE:
        raise BadRoad(smtp)  # a password needs TLS, and towards this machine none is asked for
    port = server.port or (465 if tls else 587)
    return MailRoad(server.hostname, port, tls, to, sender, server.username or "", password)


def _web_road(url: str, secret: str) -> WebRoad:
    parts = urlsplit(url)
    here = parts.scheme == "http" and parts.hostname in _HERE
    if not parts.hostname or not (parts.scheme == "https" or here) or parts.username:
        raise BadRoad(url)
    return WebRoad(url, secret)


def tell_when_due(centre: Centre, road: Road) -> int:
    """Once a day; how many alerts were told."""
    with centre.reading() as db:
        due = digest_is_due(alerts.last_sent_at_ms(db), centre.now_ms())
    return tell(centre, road) if due else 0


def tell(centre: Centre, road: Road, *, language: str = "fr") -> int:
    """What waits, in one message; how many alerts that were. Of several processes one gets each alert. What fails is tried again later."""
    at_ms = centre.now_ms()
    with centre.writing() as db:
        claimed = alerts.claim(db, at_ms=at_ms, until_ms=at_ms + CLAIMED_FOR_MS, limit=MOST_IN_A_MESSAGE)
        names = {one.atelier.code: one.atelier.name for one in ateliers.listed(db)} if claimed else {}
    if not claimed:
        return 0
    t = words(language)
    digest = Digest(centre.settings.network, at_ms, claimed, [told(one, names, t) for one in claimed], t)
    try:
        road.tell(digest)
    except NotTold as error:
        log.warning("alerts could not be told: %s", error)
        _note_fault(centre, claimed, str(error))
        return 0
    with centre.writing() as db:
        for one in claimed:
            alerts.note_sent(db, one, at_ms=centre.now_ms())
    return len(claimed)


def _note_fault(centre: Centre, claimed: Sequence[Alert], fault: str) -> None:
    with centre.writing() as db:
        for one in claimed:
            alerts.note_fault(db, one, fault, next_attempt_at_ms=centre.now_ms() + pause_ms(one.attempts + 1))


def _document(digest: Digest) -> dict[str, Any]:
    """`id` of an alert is the same every time it is sent: a receiver that hears it twice can tell."""
    return {
        "network": digest.network,
        "sent_at_ms": digest.at_ms,
        "alerts": [
            {
                "id": f"{one.atelier}/{one.kind}/{one.subject}/{one.raised_at_ms}",
                "atelier": one.atelier,
                "kind": one.kind,
                "subject": one.subject,
                "raised_at_ms": one.raised_at_ms,
                "says": line,
            }
            for one, line in zip(digest.alerts, digest.lines, strict=True)
        ],
    }
