"""The supervisor of a simulated day: after the paper ended, she chooses on the page which labels still have to come out."""

import http.cookiejar
import secrets
import urllib.parse
import urllib.request
from html.parser import HTMLParser

from floor_app.simulating.links import FloorAddress, Link

ACCOUNT = "simulation"
WAIT_S = 60


class Supervisor:
    """Signed in with a browser's means: a one-time link, a cookie, forms with what the page put in them."""

    def __init__(self, floor: FloorAddress) -> None:
        self._url = floor.url
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(cookies)
        link = Link(floor.url, floor.control_token)
        path = str(link.post("/control/supervisor_link", {"name": ACCOUNT})["path"])
        link.close()
        password = secrets.token_urlsafe(18)
        form = _Form(self.get(path))
        self.post(path, [*form.hidden, ("password", password), ("again", password)])

    def print_what_is_left(self, batch: int) -> int:
        """How many labels she chose: those ticked on the page, as it proposes them."""
        form = _Form(self.get(f"/labels/batch/{batch}"))
        if form.ticked:
            self.post(f"/labels/batch/{batch}/print", [*form.hidden, *form.ticked])
        return len(form.ticked)

    def get(self, path: str) -> str:
        """A page as she sees it; "" where it has nothing new to show (204)."""
        with self._browser.open(self._url + path, timeout=WAIT_S) as page:
            return str(page.read().decode())

    def post(self, path: str, values: list[tuple[str, str]]) -> None:
        """A form with what it holds; the page it leads to is looked at, as a browser does."""
        body = urllib.parse.urlencode(values).encode()
        with self._browser.open(self._url + path, body, timeout=WAIT_S) as page:
            page.read()


class _Form(HTMLParser):
    """What a page of the floor puts into its forms: the token against forgery, and the boxes that are ticked."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: list[tuple[str, str]] = []
        self.ticked: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag != "input":
            return
        name, value = found.get("name", ""), found.get("value", "")
        if name == "csrf_token" and not self.hidden:
            self.hidden.append((name, value))
        elif found.get("type") == "checkbox" and "checked" in found:
            self.ticked.append((name, value))
