"""The scanner sheet with a Micro QR that has to stay mute: a torn QR can be taken for one, with other digits."""

from __future__ import annotations

from dataclasses import dataclass

from label_templates.cards import ScannerSheet

QUIET_MODULES = 2

# ISO/IEC 18004, version M2 level L, says 9274618350. The QR library draws no Micro QR; a test reads this one back.
_MODULES = """\
#######.#.#.#
#.....#..##.#
#.###.#.##..#
#.###.#.#.#.#
#.###.#.###..
#.....#..#..#
#######.##...
...........##
##.#.#.######
.#.#.#####.##
###.#.##..#.#
.#..###.#..#.
###.####..#.#""".splitlines()


def _drawn() -> str:
    side = len(_MODULES) + 2 * QUIET_MODULES
    path = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, modules in enumerate(_MODULES, QUIET_MODULES)
        for column, module in enumerate(modules, QUIET_MODULES)
        if module == "#"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path shape-rendering="crispEdges" d="{path}"/></svg>'
    )


@dataclass(frozen=True, slots=True)
class ScannerSheetWithMuteCode(ScannerSheet):
    """`picture_svg`: the Micro QR. Its words stand in the template, and only with it."""

    picture_svg: str = _drawn()
