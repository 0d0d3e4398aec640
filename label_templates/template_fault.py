"""What is wrong with a label template that somebody drew: a code, and where. The words are with who shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """`line` counts from 1, 0 where it has none. `element`: as it stands in the file, « <rect id="logo"> ». `detail`: what exactly."""

    code: str
    line: int = 0
    element: str = ""
    detail: str = ""
