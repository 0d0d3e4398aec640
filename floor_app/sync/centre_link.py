"""One conversation with the centre over HTTP: signed requests, nonces, patience with a bad line. What is said is others' business."""

import gzip
import ipaddress
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential
from urllib3.exceptions import HTTPError, LocationParseError, SSLError
from urllib3.util import Timeout, parse_url

from contract import schemas
from contract.signed_requests import NONCE_HEADER, Message, sign_request

LARGEST_ANSWER = 8 * 1024 * 1024
LONGEST_ANSWER_S = 20 * 60
WORTH_ZIPPING = 1024
TIMEOUT = Timeout(connect=10, read=90)
LONGEST_URL = 200


@dataclass(frozen=True, slots=True)
class Patience:
    """With one request on a bad line: `tries`, and pauses at random below a limit that doubles from `first_s` to `longest_s`.

    `most_said_s`: a longer wait that the centre asks for is for the run as a whole to make.
    """

    tries: int = 4
    first_s: float = 0.5
    longest_s: float = 15
    most_said_s: float = 60


class CentreAway(Exception):
    """No conversation for now. `code`: away, certificate, busy, failing, not_a_centre. `retry_after_s`: what the centre said, or 0."""

    def __init__(self, code: str, detail: str = "", *, retry_after_s: float = 0) -> None:
        super().__init__(code, detail)
        self.code, self.detail, self.retry_after_s = code, detail[:200], retry_after_s


class KeyRefused(Exception):
    """The centre does not know this atelier's key, or does not trust it any more. `code`: the problem's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """`said`: JSON. `code`: of a problem document (RFC 9457); "" for another answer."""

    status: int
    said: Any
    code: str = ""


def centre_url(typed: str) -> str | None:
    """As it is kept, without a slash at the end; `None` for what is no address, or would go out unprotected (TLS, or this machine)."""
    written = typed.strip()
    if not written or len(written) > LONGEST_URL:
        return None
    try:
        url = parse_url(written if "://" in written else f"https://{written}")
    except LocationParseError:
        return None
    if not url.host or url.auth or url.query or url.fragment:
        return None
    if url.scheme != "https" and not (url.scheme == "http" and _this_machine(url.host)):
        return None
    return url.url.rstrip("/")


class CentreLink:
    """`url`: as `centre_url` gives it. `stopping`: set, waits end at once. Closed by `close`; for one thread."""

    def __init__(
        self,
        url: str,
        *,
        atelier: str = "",
        private_key: str = "",
        stopping: threading.Event,
        patience: Patience = Patience(),
    ) -> None:
        self.url, self.atelier = url, atelier
        self._private_key, self._stopping, self._patience = private_key, stopping, patience
        self._http = urllib3.PoolManager(num_pools=1, maxsize=1, retries=False, timeout=TIMEOUT)
        self._nonce = ""

    def ask(self, method: str, what: str, answers: str, body: bytes = b"", *, if_match: str = "") -> Answer:
        """Signed; `what`: behind the atelier's own address. `answers`: the contract's schema of a good answer, "" for none.

        Raises CentreAway, KeyRefused. A refusal that is about what was said (4xx) is an Answer.
        """
        headers = {"If-Match": f'"{if_match}"'} if if_match else {}
        path = f"/api/v1/ateliers/{self.atelier}/{what}"
        answer = self._patiently(method, path, body, headers, signed=True)
        if answer.code == "bad_nonce":  # its answer was lost, or five minutes went by
            answer = self._patiently(method, path, body, headers, signed=True)
        if answer.status in (401, 403):
            raise KeyRefused(answer.code)
        return _checked(answer, answers)

    def ask_unsigned(self, method: str, path: str, answers: str, body: bytes = b"") -> Answer:
        """Raises CentreAway."""
        return _checked(self._patiently(method, path, body, {}, signed=False), answers)

    def close(self) -> None:
        self._http.clear()

    def _patiently(self, method: str, path: str, body: bytes, headers: Mapping[str, str], *, signed: bool) -> Answer:
        again = Retrying(
            retry=retry_if_exception(self._soon_over),
            stop=stop_after_attempt(self._patience.tries),
            wait=self._pause_s,
            sleep=self._sleep,
            reraise=True,
        )
        return again(self._once, method, path, body, headers, signed)

    def _soon_over(self, error: BaseException) -> bool:
        if not isinstance(error, CentreAway) or error.code not in ("away", "busy", "failing"):
            return False
        return error.retry_after_s <= self._patience.most_said_s

    def _pause_s(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        said = error.retry_after_s if isinstance(error, CentreAway) else 0.0
        first, longest = self._patience.first_s, self._patience.longest_s
        return max(said, wait_random_exponential(multiplier=first, max=longest)(state))

    def _sleep(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def _once(self, method: str, path: str, body: bytes, headers: Mapping[str, str], signed: bool) -> Answer:
        if self._stopping.is_set():
            raise CentreAway("stopped")
        sent, coding = _zipped(body)
        message = Message(method, self.url + path, {**headers, **coding})
        if signed:
            sign_request(message, sent, private_key=self._private_key, nonce=self._nonce or self._new_nonce())
            self._nonce = ""
        return self._sent(message, sent)

    def _new_nonce(self) -> str:
        answer = self._sent(Message("GET", f"{self.url}/api/v1/nonce", {}), b"")
        if not self._nonce:
            raise CentreAway("not_a_centre", f"{answer.status}")
        return self._nonce

    def _sent(self, message: Message, body: bytes) -> Answer:
        """One request and its answer, bounded in size."""
        headers = {**message.headers, "Accept": "application/json"}
        try:
            got = self._http.request(
                message.method,
                message.url,
                body=body or None,
                headers=headers,
                redirect=False,
                preload_content=False,
            )
            content = _content(got)
        except SSLError as error:
            raise CentreAway("certificate", str(error)) from error
        except HTTPError as error:
            raise CentreAway("away", str(error)) from error
        self._nonce = got.headers.get(NONCE_HEADER, "")[:500]
        return _read(got.status, got.headers, content)


def _content(got: urllib3.BaseHTTPResponse) -> bytes:
    """All of it, or more than is believed; what drips without end is left."""
    content, ends_at = bytearray(), time.monotonic() + LONGEST_ANSWER_S
    while len(content) <= LARGEST_ANSWER:
        part = got.read1(64 * 1024, decode_content=True)
        if not part:
            got.release_conn()
            return bytes(content)
        content += part
        if time.monotonic() > ends_at:
            got.close()
            raise CentreAway("away", "slow")
    got.close()
    return bytes(content)


def _read(status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    if status in (429, 503):
        raise CentreAway("busy", retry_after_s=_seconds(headers.get("Retry-After", "")))
    if status >= 500:
        raise CentreAway("failing", str(status))
    if status == 204:
        return Answer(status, None)
    if len(content) > LARGEST_ANSWER or status < 200 or 300 <= status < 400:
        raise CentreAway("not_a_centre", str(status))
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CentreAway("not_a_centre", str(status)) from error  # a hotel's sign-in page says 200 as well
    if status < 400:
        return Answer(status, said)
    if schemas.field_faults("Problem", said):
        raise CentreAway("not_a_centre", str(status))
    return Answer(status, said, said["code"])


def _checked(answer: Answer, schema: str) -> Answer:
    if answer.code or not schema:
        return answer
    faults = schemas.field_faults(schema, answer.said)
    if faults:
        raise CentreAway("not_a_centre", f"{schema}{faults[0].pointer}")
    return answer


def _zipped(body: bytes) -> tuple[bytes, dict[str, str]]:
    if not body:
        return body, {}
    if len(body) < WORTH_ZIPPING:
        return body, {"Content-Type": "application/json"}
    return gzip.compress(body, 6, mtime=0), {"Content-Type": "application/json", "Content-Encoding": "gzip"}


def _seconds(said: str) -> float:
    """Retry-After in seconds (RFC 9110, 10.2.3). A date is left aside: our clock may be wrong."""
    return float(said) if said.isascii() and said.isdigit() and len(said) < 8 else 0.0


def _this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
