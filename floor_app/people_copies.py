"""Copies of the people's file: in each backup, closed with a passphrase, and back from one.

What the law asks to be kept for five years must not end with a memory card; and a copy on a stick must tell no name to who finds it.
"""

from pathlib import Path

from floor_app import sealing
from floor_app.sealing import CannotOpen, Seal
from floor_app.store import people
from floor_app.store.people import FILE, PeopleFile
from floor_app.store.sealed_people import SealedPeople


def sealed_copy(folder: Path, *, at_ms: int) -> SealedPeople | None:
    """Of the people's file as it is, by any process; `None` where there is none, or nobody has chosen a passphrase."""
    if not (folder / FILE).exists():
        return None
    file = PeopleFile(folder)
    try:
        seal = file.run(people.seal)
        return SealedPeople(sealing.close(file.content(), Seal(*seal)), at_ms) if seal else None
    finally:
        file.close()


def choose_passphrase(file: PeopleFile, passphrase: str) -> None:
    """From the next backup on. Earlier copies keep the one they have."""
    seal = sealing.seal_by(passphrase)
    file.run(people.keep_seal, seal.salt, seal.key)


def knows_passphrase(file: PeopleFile, passphrase: str) -> bool:
    """Whether it is the one chosen: asked now and then, so that it is not forgotten."""
    kept = file.run(people.seal)
    return kept is not None and sealing.seal_by(passphrase, kept[0]) == Seal(*kept)


def take_back(file: PeopleFile, sealed: SealedPeople, passphrase: str) -> None:
    """Puts the copy in the place of a file in which nothing was confirmed yet. Raises CannotOpen, and then nothing has changed."""
    content, _ = sealing.reopen(sealed.content, passphrase)
    if not people.is_whole(content):
        raise CannotOpen("damaged")
    file.replace(content)
