"""A bundle as it stands, for machines."""

from dataclasses import asdict
from typing import Any

from floor_app.atelier import Atelier
from floor_app.domain.progress import next_step, waiting
from floor_app.store.bundles import StandingBundle

TOLD = (
    "code", "number", "bundle_count", "order", "style", "client", "size", "colour", "shade", "roll", "lay",
    "ply_from", "ply_to", "quantity", "status", "duplicates",
)  # fmt: skip


def bundle_now(standing: StandingBundle, atelier: Atelier) -> dict[str, Any]:
    """JSON-able. Pieces at every step of the routing, in its order; `next`: the first where pieces wait, "" when none."""
    card, state, routing = asdict(standing.card), standing.state, standing.routing
    following = next_step(state, routing)
    steps = [
        {
            "operation": operation.code,
            "waiting": waiting(state, routing, operation),
            **_pieces(asdict(state.at(operation.code)), atelier),
        }
        for operation in routing.operations
    ]
    return {name: card[name] for name in TOLD} | {"next": following.code if following else "", "steps": steps}


def _pieces(step: dict[str, int], atelier: Atelier) -> dict[str, Any]:
    done_at_ms = step.pop("done_at_ms")
    done_at = atelier.clock.local(done_at_ms).isoformat(timespec="milliseconds") if done_at_ms else None
    return {**step, "done_at": done_at}
