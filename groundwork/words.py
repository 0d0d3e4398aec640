"""Words read from TOML, one folder per language, one file per screen. Code says `station.counted`; only such files say « C'est bon. »."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any


class NoWords(KeyError):
    """A text was asked for that no file has. A defect of ours: found by the tests, shown as its key to users."""


class Words:
    """All texts of one language. Called with a key `file.name` and the values its text names."""

    def __init__(self, texts: Mapping[str, Mapping[str, Any]]) -> None:
        self._texts = texts

    def __call__(self, key: str, /, **values: object) -> str:
        """The text with its `{names}` filled in. A text with `one` and `many` is chosen by `count`."""
        area, _, name = key.partition(".")
        try:
            text = self._texts[area][name]
        except KeyError as error:
            raise NoWords(key) from error
        if isinstance(text, Mapping):
            count = values.get("count", 0)
            # French counts 0 and 1 as singular (Grevisse, Le Bon Usage, § 513).
            text = text["one"] if isinstance(count, int) and abs(count) < 2 else text["many"]
        return str(text).format(**values) if values else str(text)

    def has(self, key: str) -> bool:
        area, _, name = key.partition(".")
        return name in self._texts.get(area, {})

    def area(self, area: str) -> Mapping[str, Any]:
        """All texts of one file: what a page's script needs."""
        return self._texts[area]


def read_words(package: str, language: str) -> Words:
    """`package` has a folder for each language."""
    folder = resources.files(package) / language
    files = (entry for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return Words(_Files({entry.name.removesuffix(".toml"): entry for entry in files}))


class _Files(Mapping[str, Mapping[str, Any]]):
    """Each file is read when a text of it is first asked for: a start need not wait for the words of every page."""

    def __init__(self, files: Mapping[str, Traversable]) -> None:
        self._files = files
        self._read: dict[str, Mapping[str, Any]] = {}

    def __getitem__(self, area: str) -> Mapping[str, Any]:
        if area not in self._read:
            self._read[area] = tomllib.loads(self._files[area].read_text(encoding="utf-8"))
        return self._read[area]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def __len__(self) -> int:
        return len(self._files)


def grouped_number(number: int) -> str:
    """12000 → 12 000, with a narrow no-break space (Lexique des règles typographiques, Imprimerie nationale)."""
    return f"{number:,}".replace(",", "\u202f")
