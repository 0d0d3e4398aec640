"""A disk that loses its power: what was synced is there, and of the rest anything may be.

What is assumed, no more than a card with a journaling filesystem gives:
- a write is certain once a sync of its file that began after it has returned; until then it is there, is not there, or is
  there in some of its 512-byte sectors, each write by itself and in any combination with others;
- a write that made its file longer and is lost may leave the longer file, with zeros;
- a change of size is lost or kept like a write;
- a new, changed or removed name is certain once the folder was synced after it; until then names change in order, up to a
  point of chance. A file without a name is gone, whatever was synced in it;
- the shared-memory file of SQLite is no promise of anything: it is noise or absent.
"""

from dataclasses import dataclass, field
from random import Random

from tests.durability.recording import Record

SECTOR = 512
SHARED_MEMORY = "-shm"


@dataclass(frozen=True, slots=True)
class _Change:
    """Of a file's content: `data` written `at`; or, without data, its size set to `at`."""

    index: int
    at: int
    data: bytes | None

    def apply(self, content: bytearray) -> None:
        if self.data is None:
            del content[self.at :]
            _reach(content, self.at)
        else:
            _reach(content, self.at)
            content[self.at : self.at + len(self.data)] = self.data

    def apply_in_part(self, content: bytearray, chance: Random) -> None:
        if self.data is None:
            return
        if chance.random() < 0.3:
            _reach(content, self.at + len(self.data))
            return
        for start in range(0, len(self.data), SECTOR):
            if chance.random() < 0.5:
                _Change(self.index, self.at + start, self.data[start : start + SECTOR]).apply(content)


@dataclass(slots=True)
class _File:
    certain: bytearray = field(default_factory=bytearray)
    uncertain: list[_Change] = field(default_factory=list)

    def sync(self, began: int) -> None:
        for change in self.uncertain:
            if change.index < began:
                change.apply(self.certain)
        self.uncertain = [change for change in self.uncertain if change.index >= began]

    def after_cut(self, chance: Random) -> bytes:
        content = bytearray(self.certain)
        fates = _FATES[chance.choice(list(_FATES))]
        for change in self.uncertain:
            fate = chance.choices(("kept", "lost", "torn"), fates)[0]
            if fate == "kept":
                change.apply(content)
            elif fate == "torn":
                change.apply_in_part(content, chance)
        return bytes(content)


# How likely a write is kept, lost, torn: chosen anew for each file and cut, so that pure cases are seen too.
_FATES = {
    "nothing": (0, 1, 0),
    "everything": (1, 0, 0),
    "some": (45, 45, 10),
    "most": (90, 5, 5),
    "shreds": (10, 10, 80),
}


@dataclass(slots=True)
class Disk:
    """The files of one folder, by name; fed with records in order."""

    _files: dict[int, _File] = field(default_factory=dict)
    _now: dict[str, _File] = field(default_factory=dict)
    _certain: dict[str, _File] = field(default_factory=dict)
    _uncertain: list[tuple[int, dict[str, _File | None]]] = field(default_factory=list)

    def play(self, index: int, record: Record) -> None:
        name, data = record.name.rpartition("/")[2], record.data
        if record.op == "w":
            self._files[record.file].uncertain.append(_Change(index, record.at, data))
        elif record.op == "t":
            self._files[record.file].uncertain.append(_Change(index, record.at, None))
        elif record.op == "S":
            self._files[record.file].sync(record.at)
        elif record.op == "D":
            self._sync_names(record.at)
        elif record.op == "c":
            self._files[record.file] = _File()
            self._name(index, {name: self._files[record.file]})
        elif record.op == "r":
            self._name(index, {name: None, data.decode().rpartition("/")[2]: self._now[name]})
        elif record.op == "l":
            self._name(index, {data.decode().rpartition("/")[2]: self._now[name]})
        elif record.op == "u":
            self._name(index, {name: None})

    def after_cut(self, chance: Random) -> dict[str, bytes]:
        """The folder as it may be found when the power is back."""
        names = dict(self._certain)
        for _, change in self._uncertain[: chance.randint(0, len(self._uncertain))]:
            _rename(names, change)
        return {name: content for name, file in names.items() if (content := _content(name, file, chance)) is not None}

    def _name(self, index: int, change: dict[str, _File | None]) -> None:
        _rename(self._now, change)
        self._uncertain.append((index, change))

    def _sync_names(self, began: int) -> None:
        for index, change in self._uncertain:
            if index < began:
                _rename(self._certain, change)
        self._uncertain = [(index, change) for index, change in self._uncertain if index >= began]


def _rename(names: dict[str, _File], change: dict[str, _File | None]) -> None:
    for name, file in change.items():
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file


def _content(name: str, file: _File, chance: Random) -> bytes | None:
    if name.endswith(SHARED_MEMORY):
        return chance.randbytes(32768) if chance.random() < 0.5 else None
    return file.after_cut(chance)


def _reach(content: bytearray, size: int) -> None:
    if len(content) < size:
        content.extend(bytes(size - len(content)))
