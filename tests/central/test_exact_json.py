"""JSON of anybody is read as its one spelling, by whichever of the two roads."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.exact_json import NotExact, exact, read_json

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(-(2**53) + 1, 2**53 - 1)
    | st.sampled_from([float("nan"), float("inf")])
    | st.text()
    | st.text(alphabet='aé\ud7ff\ue000\U0001f9f5\\u"\x00\x1f\x7f/'),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(ANY_JSON, st.booleans(), st.sampled_from([None, 1]))
def test_the_short_road_spells_as_the_long_one(value: Any, escaped: bool, indent: int | None) -> None:
    sent = json.dumps(value, ensure_ascii=escaped, indent=indent).encode("utf-8")
    try:
        expected = exact(json.loads(sent))
    except NotExact:
        with pytest.raises(NotExact):
            read_json(sent)
        return
    assert read_json(sent) == expected
    assert read_json(expected.content) == expected


@pytest.mark.parametrize(
    ("sent", "spelled"),
    [
        ('{"b": 40.0, "a": "é"}', '{"a":"é","b":40}'),
        ('{"\U0001f9f5": 1, "\ue000": 2}', '{"\U0001f9f5":1,"\ue000":2}'),
        ('{"\\ud83e\\uddf5": 1, "\ue000": 2}', '{"\U0001f9f5":1,"\ue000":2}'),
        ('["\\u001f", "\\u00e9", "\\/", -0]', '["\\u001f","é","/",0]'),
        ("[1e3, 9007199254740991]", "[1000,9007199254740991]"),
        ('{"a": 1, "a": 2}', '{"a":2}'),
    ],
)
def test_one_spelling(sent: str, spelled: str) -> None:
    assert read_json(sent.encode("utf-8")).content == spelled.encode("utf-8")


@pytest.mark.parametrize(
    "sent", [b"", b"[NaN]", b"[-Infinity]", b"[9007199254740993]", b'["\\ud800"]', b"\xff", b"[1.5", b"[" * 100_000]
)
def test_what_has_no_one_spelling_is_refused(sent: bytes) -> None:
    with pytest.raises(NotExact):
        read_json(sent)
