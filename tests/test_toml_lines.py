"""Where each key of a TOML text stands, whatever way it is written."""

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floor_app.toml_lines import KeyPath, key_lines

TEXTS = [
    ("a = 1\n\n# b = 2\nb = 3\n", {("a",): 1, ("b",): 4}),
    ('[a]\r\nb = "[c]"\r\nd = 1\r\n', {("a",): 1, ("a", "b"): 2, ("a", "d"): 3}),
    ("[[s]]\nn = 1\n[[s]]\nn = 2\n", {("s",): 1, ("s", 0): 1, ("s", 0, "n"): 2, ("s", 1): 3, ("s", 1, "n"): 4}),
    ("[[s]]\n[s.x]\ny = 1\n[[s]]\n[s.x]\n", {("s", 0, "x"): 2, ("s", 0, "x", "y"): 3, ("s", 1, "x"): 5}),
    ("[[a]]\n[[a.b]]\n[[a.b]]\n[[a]]\n[[a.b]]\nc=1\n", {("a", 0, "b", 1): 3, ("a", 1, "b", 0): 5}),
    ('a = """\n[b]\nc = 1\n"""\nd = 1\n', {("a",): 1, ("d",): 5}),
    ("a = '''it''s\n# \"'''''\nd = 1\n", {("a",): 1, ("d",): 3}),
    ('a = """x\\"""\ny"""""\nd = 1\n', {("a",): 1, ("d",): 3}),
    ('a = ["""x"""", "]",\n]\nd = 1', {("a", 0): 1, ("a", 1): 1, ("d",): 3}),
    ('a = ""\nd = \'\'\ne = "\\\\"\nf = 1', {("a",): 1, ("d",): 2, ("e",): 3, ("f",): 4}),
    ('"a.b" = 1\n\'c]\'.d = 2\n"\\u00e9" = 3\n', {("a.b",): 1, ("c]", "d"): 2, ("é",): 3}),
    ("a . b = 1\na.c = 1.5\n", {("a",): 1, ("a", "b"): 1, ("a", "c"): 2}),
    ("a = [ # [\n  1,\n  [2,\n 3],\n]\nb = 1", {("a", 0): 2, ("a", 1): 3, ("a", 1, 1): 4, ("b",): 6}),
    ("s = [\n {n = 1, o.p = '}'},\n {n = 2},\n]\nz = 1", {("s", 0, "n"): 2, ("s", 0, "o", "p"): 2, ("s", 1, "n"): 3}),
    ("a = 1979-05-27 07:32:00\nb = +1.5e3\nc = true\n", {("a",): 1, ("b",): 2, ("c",): 3}),
]


@pytest.mark.parametrize(("text", "lines"), TEXTS)
def test_a_key_is_on_the_line_where_a_person_sees_it(text: str, lines: dict[KeyPath, int]) -> None:
    tomllib.loads(text)
    found = key_lines(text)
    assert {path: found.get(path) for path in lines} == lines


NASTY = st.text(st.sampled_from("[]{}=,.#\"'\\ \tab\né"), max_size=8)
NAMES = st.one_of(st.text("abz-_09", min_size=1, max_size=4), NASTY.filter(lambda text: "\n" not in text))


@st.composite
def values(draw: st.DrawFn) -> str:
    """A value as a person might write it, some over several lines."""
    text = draw(NASTY)
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    literal = text.replace("'", "").replace("\n", "")
    over_lines = text.replace("\\", "\\\\").replace('"""', "").replace('"', '\\"')
    plain = [quoted, f"'{literal}'", f'"""{over_lines}"""', "12", "-1.5e3", "true", "2026-03-01T08:00:00Z"]
    one, other = draw(st.sampled_from(plain)), draw(st.sampled_from(plain))
    return draw(st.sampled_from([one, f"[{one}, # ]\n\n{other},\n]", f"{{ a = {one}, b = {other} }}", "[]", "{}"]))


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[KeyPath, int]]:
    """A TOML text, and the line each key was written on."""
    text, lines, sections = "", {}, draw(st.dictionaries(NAMES, st.booleans(), max_size=4))
    for path in [(), *_section_paths(sections, draw)]:
        text += draw(st.sampled_from(["", "\n", "# [x] = '''\n", " \t\n"]))
        if path:
            lines[path] = text.count("\n") + 1
            name = _written(str(path[0]), draw)
            text += f"[[{name}]]\n" if len(path) > 1 else f" [ {name} ] # x\n"
        for key in draw(st.lists(NAMES, unique=True, max_size=4)):
            if path or key not in sections:
                lines[(*path, key)] = text.count("\n") + 1
                text += f"{_written(key, draw)} = {draw(values())}{draw(st.sampled_from(['', ' # = [']))}\n"
    return text, lines


def _section_paths(sections: dict[str, bool], draw: st.DrawFn) -> Iterator[KeyPath]:
    for name, repeated in sections.items():
        yield from [(name, index) for index in range(draw(st.integers(1, 3)))] if repeated else [(name,)]


def _written(name: str, draw: st.DrawFn) -> str:
    if name and set(name) <= set("abz-_09") and draw(st.booleans()):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


@given(documents())
def test_for_any_text_the_line_of_each_key_is_the_line_it_was_written_on(
    written: tuple[str, dict[KeyPath, int]],
) -> None:
    text, lines = written
    found = key_lines(text)
    assert {path: found.get(path) for path in lines} == lines
    assert set(paths(tomllib.loads(text))) <= set(found)


def paths(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))
