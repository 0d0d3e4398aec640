"""How a delivery note stands, from what its two ateliers said of it on their sheets. Pure; a table in its test."""

from enum import StrEnum

from central.domain.sheet_figures import NoteFigures


class TransferState(StrEnum):
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    DISCREPANCY = "discrepancy"
    CANCELLED = "cancelled"
    UNANNOUNCED = "unannounced"  # the receiver has it, the sender's sheet has not come


def transfer_state(said: NoteFigures) -> TransferState:
    """A note that neither says any more was cancelled."""
    if not said.lines_sent:
        return TransferState.UNANNOUNCED if said.lines_received else TransferState.CANCELLED
    if not said.lines_received:
        return TransferState.CANCELLED if said.lines_cancelled == said.lines_sent else TransferState.IN_TRANSIT
    return TransferState.RECEIVED if said.received == said.sent else TransferState.DISCREPANCY
