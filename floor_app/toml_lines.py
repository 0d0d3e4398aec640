"""Where each key stands in a TOML text: tomllib reads the values but forgets the lines."""

import re
import tomllib

KeyPath = tuple[str | int, ...]

# Longest first: three quotes before one. A multi-line string may end in up to five quotes (TOML 1.0, « String »).
_TOKEN = re.compile(
    r"""
      (?P<newline>\n)
    | (?P<skip>[ \t\r]+ | \#[^\n]*)
    | (?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*')
    | (?P<mark>[\[\]{},=.])
    | (?P<word>[^\s\[\]{},=.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) of every section, key and list element of `text`, which tomllib must have accepted.

    A path holds names, and indexes from 0 inside lists: `("station", 1, "scanner")`.
    """
    walk = _Walk(_tokens(text))
    while walk.kind() != "end":
        walk.statement()
    return walk.lines


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """(kind, text, line) of each token; a line end is one, blanks and comments are none."""
    tokens, line = [], 1
    for match in _TOKEN.finditer(text):
        kind, token = str(match.lastgroup), match.group()
        if kind != "skip":
            tokens.append((kind, token, line))
        line += token.count("\n")
    return [*tokens, ("end", "", line)]


class _Walk:
    """Goes once through the tokens; `lines` fills up on the way."""

    def __init__(self, tokens: list[tuple[str, str, int]]) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._tokens = tokens
        self._at = 0
        self._section: KeyPath = ()
        self._counts: dict[KeyPath, int] = {}

    def kind(self) -> str:
        return self._tokens[self._at][0]

    def statement(self) -> None:
        """One `[section]`, one `[[section]]`, one `key = value`, or an empty line."""
        if self.kind() == "newline":
            self._take()
        elif self._next() == "[":
            self._header()
        else:
            self._assignment(self._section)

    def _header(self) -> None:
        line = self._line()
        self._take()
        repeated = self._next() == "["
        if repeated:
            self._take()
        names = self._key()
        self._take()
        if repeated:
            self._take()
        self._section = self._enter(names, line, repeated=repeated)

    def _enter(self, names: list[str], line: int, *, repeated: bool) -> KeyPath:
        path: KeyPath = ()
        for name in names[:-1]:
            path = self._last_element((*path, name), line)
        path = (*path, names[-1])
        if not repeated:
            return self._last_element(path, line)
        self.lines.setdefault(path, line)
        self._counts[path] = self._counts.get(path, 0) + 1
        path = (*path, self._counts[path] - 1)
        self.lines[path] = line
        return path

    def _last_element(self, path: KeyPath, line: int) -> KeyPath:
        """`path` noted, and inside a repeated section: its newest element, as TOML says."""
        self.lines.setdefault(path, line)
        return (*path, self._counts[path] - 1) if path in self._counts else path

    def _assignment(self, section: KeyPath) -> None:
        line, path = self._line(), section
        for name in self._key():
            path = (*path, name)
            self.lines.setdefault(path, line)
        self._take()
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._next() == "[":
            self._list(path)
        elif self._next() == "{":
            self._inline_table(path)
        else:
            while self.kind() not in ("newline", "end") and self._next() not in (",", "]", "}"):
                self._take()

    def _list(self, path: KeyPath) -> None:
        self._take()
        index = 0
        while self._next() != "]":
            if self.kind() == "newline" or self._next() == ",":
                self._take()
                continue
            self.lines[(*path, index)] = self._line()
            self._value((*path, index))
            index += 1
        self._take()

    def _inline_table(self, path: KeyPath) -> None:
        self._take()
        while self._next() != "}":
            if self.kind() == "newline" or self._next() == ",":
                self._take()
                continue
            self._assignment(path)
        self._take()

    def _key(self) -> list[str]:
        names = [self._name()]
        while self._next() == ".":
            self._take()
            names.append(self._name())
        return names

    def _name(self) -> str:
        kind, token = self.kind(), self._take()
        return str(tomllib.loads(f"name = {token}")["name"]) if kind == "string" else token

    def _next(self) -> str:
        return self._tokens[self._at][1]

    def _line(self) -> int:
        return self._tokens[self._at][2]

    def _take(self) -> str:
        token = self._tokens[self._at][1]
        self._at += 1
        return token
