"""Pages as people use them: a form is filled in and sent with everything the page put in it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Form:
    """`values`: what the browser would send of it, buttons left out. `buttons`: where each would send it to."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(found.get("action", ""), found.get("method", "get")))
            self._open = True
        elif self._open:
            self._in_form(tag, found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False

    def _in_form(self, tag: str, found: dict[str, str]) -> None:
        values = self.forms[-1].values
        if tag == "button":
            self.forms[-1].buttons.append(found.get("formaction") or self.forms[-1].action)
        elif tag == "select":
            self._select = found["name"]
        elif tag == "option" and self._select and ("selected" in found or self._select not in values):
            values[self._select] = found.get("value", "")
        elif tag == "input" and "name" in found and found.get("type") not in ("file", "checkbox", "radio"):
            values[found["name"]] = found.get("value", "")


def forms(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def form_to(page: str, path: str) -> Form:
    """The form of the page that can be sent to `path`."""
    found = [form for form in forms(page) if path in (urlsplit(to).path for to in (form.action, *form.buttons))]
    assert found, f"no form for {path}; there are {[form.action for form in forms(page)]}"
    return found[0]


def send(client: FlaskClient, page: str, path: str, **typed: Any) -> TestResponse:
    """Fills in the form of the page that goes to `path`, sends it, and follows where it leads."""
    return client.post(path, data={**form_to(page, path).values, **typed}, follow_redirects=True)
