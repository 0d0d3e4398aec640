"""The secret each form was given: a form sent twice, by a double tap or a reload, gets the same one and makes nothing more."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from floor_app import access

MOST_KEPT = 200


class GivenSecrets:
    """In memory only: a secret is never on disk. Safe to use from any thread."""

    def __init__(self) -> None:
        self._given: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._lock = threading.Lock()

    def for_form(self, path: str, form_id: str, *, keep: Callable[[str], None]) -> str:
        """`keep` stores a new secret's hash; called once for each form."""
        with self._lock:
            found = self._given.get((path, form_id))
            if found is None:
                found = access.new_secret()
                keep(found)
                self._given[path, form_id] = found
                while len(self._given) > MOST_KEPT:
                    self._given.popitem(last=False)
            return found
