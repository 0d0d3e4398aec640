"""What `record.c` wrote down of a service: every change of a file in one order, and what was answered in between."""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HEAD = struct.Struct("<QqQIIII")
_HEADERS_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Record:
    """`op`: w write, t resize, c create, r rename, l link, u unlink, S sync of a file, D of the folder, a sent on a socket.

    `file` is an inode; `at` an offset, a size or, for a sync, the number of records when it began.
    """

    op: str
    file: int
    at: int
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """A JSON answer whose last byte went out with record number `index`: from then on it may be believed."""

    index: int
    said: dict[str, Any]


def read_recording(path: Path) -> list[Record]:
    """All whole records; a killed service may leave half of one at the end. What cannot be played back is an error."""
    content = memoryview(path.read_bytes())
    found, at = [], 0
    while at + _HEAD.size <= len(content):
        file, where, _, op, name_bytes, data_bytes, _ = _HEAD.unpack_from(content, at)
        name_at = at + _HEAD.size
        data_at, end = name_at + name_bytes, name_at + name_bytes + data_bytes
        if end > len(content):
            break
        found.append(
            Record(chr(op), file, where, bytes(content[name_at:data_at]).decode(), bytes(content[data_at:end]))
        )
        at = end
    unknown = {record.name for record in found if record.op == "?"}
    assert not unknown, f"the recorder cannot play back {unknown}"
    return found


def answers(recording: list[Record]) -> Iterator[Answered]:
    """The JSON answers of status 200, in the order they went out."""
    streams: dict[int, bytes] = {}
    for index, record in enumerate(recording):
        if record.op != "a":
            continue
        sent = streams.get(record.file, b"") + record.data
        while (end := _end_of_answer(sent)) is not None:
            if said := _json_of(sent[:end]):
                yield Answered(index, said)
            sent = sent[end:]
        streams[record.file] = sent


def _end_of_answer(sent: bytes) -> int | None:
    """Where the first HTTP answer of a stream ends, once all of it is there. What is no HTTP is left alone."""
    head, found, _ = sent.partition(_HEADERS_END)
    if not found or not sent.startswith(b"HTTP/1.1 "):
        return None
    lengths = [line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    end = len(head) + len(_HEADERS_END) + (int(lengths[0]) if lengths else 0)
    return end if len(sent) >= end else None


def _json_of(answer: bytes) -> dict[str, Any]:
    head, _, body = answer.partition(_HEADERS_END)
    if not head.startswith(b"HTTP/1.1 200") or b"application/json" not in head:
        return {}
    said: dict[str, Any] = json.loads(body)
    return said
