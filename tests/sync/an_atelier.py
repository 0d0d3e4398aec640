"""An atelier as a process of its own, of whatever version of the program is first on the path: counts, joins, talks, and says how it went.

an_atelier.py FOLDER URL [CODE]: with the centre's code it begins its order and joins first. Prints JSON.
"""

import json
import sys
import threading
from pathlib import Path
from typing import Any

import contract
from contract.day_sheets import SCHEMA
from floor_app.sharing import share_order
from floor_app.store import day_sheets
from floor_app.sync import enrolment
from floor_app.sync.run import sync
from floor_app.texts import words
from tests.floor import Floor

ORDER = "2026-0117"


def main(folder: Path, url: str, code: str = "") -> dict[str, Any]:
    """`says`: what the page says of a sheet that was not taken. `left`: days the centre has not confirmed. `finished`: pieces, here."""
    floor = Floor(folder)
    try:
        if code:
            _begin(floor)
            assert enrolment.join(floor.atelier, url, code).code == "joined"
        ended = sync(floor.atelier, "asked", stopping=threading.Event()).attempt
        with floor.reading() as db:
            (finished,) = db.conn.execute("SELECT sum(good) FROM count_hour WHERE operation = 'finish'").fetchone()
            troubles = [one.trouble for one in day_sheets.sheets_in_trouble(db)]
    finally:
        floor.close()
    said = [words()(f"network.trouble_{trouble}") for trouble in troubles]
    tree = Path(contract.__file__).parent.parent
    talk = {"outcome": ended.outcome, "left": ended.left, "says": said}
    return {**talk, "finished": finished, "writes": SCHEMA, "tree": str(tree)}


def _begin(floor: Floor) -> None:
    """180 pieces cut; the first three bundles finished."""
    floor.order()
    assert floor.atelier.run(share_order, ORDER, True, event_id="share", moment=floor.moment) == "done"
    for bundle in floor.cut().bundles[:3]:
        for step in ("cut", "sew", "finish"):
            floor.scan(bundle.code, step)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), *sys.argv[2:])))
