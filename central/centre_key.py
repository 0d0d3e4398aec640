"""The centre's own key: a file in its data folder, in no database and in no backup of one.

Who reads a copy of the database cannot speak for the centre. The key is small enough to be kept on paper; without it every atelier
would have to enrol anew.
"""

from dataclasses import dataclass
from pathlib import Path

from contract import keys
from contract.keys import BadKey
from groundwork.durable_file import write_durably

KEY_FILE = "centre.key"


class WrongKey(Exception):
    """The file holds no key, or not the one this database was begun with, or it is gone."""


@dataclass(frozen=True, slots=True)
class CentreKey:
    private_key: str

    @property
    def public_key(self) -> str:
        return keys.public_of(self.private_key)


def read_key(folder: Path) -> CentreKey | None:
    """`None` where there is none. Raises WrongKey for a file that holds no key."""
    path = folder / KEY_FILE
    if not path.exists():
        return None
    found = CentreKey(path.read_text(encoding="ascii").strip())
    try:
        keys.public_of(found.private_key)
    except BadKey as error:
        raise WrongKey(str(path)) from error
    return found


def make_key(folder: Path) -> CentreKey:
    """Readable by its owner alone, and on the disk before anybody is given its public half."""
    made = CentreKey(keys.new_private_key())
    write_durably(folder / KEY_FILE, made.private_key + "\n")
    return made
