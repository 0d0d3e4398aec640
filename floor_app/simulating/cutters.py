"""Those who cut: a lay at its time, its labels on paper before anybody scans; and a new roll when the paper ends."""

from typing import Any

from floor_app.simulating.actors import DayUnderWay
from floor_app.simulating.acts import Act, PlannedBundle, PlannedLay
from floor_app.simulating.equipment import Equipment
from floor_app.simulating.lay_plan import Shop
from floor_app.simulating.links import FloorAddress, FloorGone, Link, wait_for
from floor_app.simulating.pieces import BundleRef
from floor_app.simulating.supervisor import Supervisor

ROWS_LEFT = 500  # of dots: one label and part of the next
SHE_LOOKS_EVERY_S = 0.5
_PAPER_IS_THERE = ("ready", "unknown", "paper_near_end", "busy")


class OtherLay(Exception):
    """The floor refused a lay, or made other bundles of it than were planned."""


class CutterHands:
    """Cuts through the `floor` command's door. `asked_labels`: so many labels the floor was asked to print."""

    def __init__(self, floor: FloorAddress, equipment: Equipment, shop: Shop, day: DayUnderWay) -> None:
        self._floor, self._equipment, self._shop, self._day = floor, equipment, shop, day
        self._link = Link(floor.url, floor.control_token)
        self._supervisor: Supervisor | None = None
        self.asked_labels = 0

    def do(self, act: Act) -> None:
        lay = self._day.plan.lays[act.lay]
        printer = self._equipment.printer
        if lay.paper_ends and printer:
            printer.faults.paper_left_rows = ROWS_LEFT
        answer = self._link.post("/control/cut", self._asked(act, lay))
        self._take_codes(act.lay, lay, answer)
        if not printer:
            return
        self.asked_labels += len(lay.bundles)
        if lay.paper_ends:
            self._put_paper_in(answer["batch"])
        self._wait_for_labels()

    def close(self) -> None:
        self._link.close()

    def _asked(self, act: Act, lay: PlannedLay) -> dict[str, Any]:
        return {
            "id": f"sim-{self._day.plan.seed}-{act.number}",
            "order": lay.order,
            "colour": lay.colour,
            "marker": lay.marker,
            "plies": lay.plies,
            "shade": lay.shade,
            "cap": self._shop.bundle_cap,
            "tolerance": self._shop.bundle_tolerance,
            "print": self._equipment.printer is not None,
        }

    def _take_codes(self, place: int, lay: PlannedLay, answer: dict[str, Any]) -> None:
        made = tuple(PlannedBundle(bundle["size"], bundle["quantity"]) for bundle in answer["bundles"])
        if made != lay.bundles:
            raise OtherLay(f"{lay.order} {lay.marker} × {lay.plies}: {answer['faults'] or made}")
        for number, bundle in enumerate(answer["bundles"]):
            self._day.codes[BundleRef(place, number)] = bundle["code"]

    def _put_paper_in(self, batch: int) -> None:
        """Once the board says that there is none; then the supervisor chooses what still has to come out."""
        if not wait_for(self._paper_is_missed, stopping=self._day.stopping):
            raise FloorGone(self._equipment.printer_name)
        assert self._equipment.printer
        self._equipment.printer.load_paper()
        supervisor = self._supervisor = self._supervisor or Supervisor(self._floor)
        # A label that was on its way when she looked may have stopped after it: she looks until all are out.
        wait_for(
            lambda: supervisor.print_what_is_left(batch) == 0 and self._all_out(),
            stopping=self._day.stopping,
            pause_s=SHE_LOOKS_EVERY_S,
        )

    def _paper_is_missed(self) -> bool:
        devices = self._link.get("/api/v1/board")["devices"]
        return any(
            device["kind"] == "printer"
            and device["name"] == self._equipment.printer_name
            and device["state"] not in _PAPER_IS_THERE
            for device in devices
        )

    def _wait_for_labels(self) -> None:
        if not wait_for(self._all_out, stopping=self._day.stopping) and not self._day.stopping.is_set():
            raise FloorGone(f"{self._equipment.printer_name}: {self._equipment.paper.labels} / {self.asked_labels}")

    def _all_out(self) -> bool:
        return self._equipment.paper.labels >= self.asked_labels
