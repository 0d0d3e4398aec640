"""One of each label but the bundle's, as its template's sample shows it."""

from __future__ import annotations

from label_templates.cards import CommandCard, PairingCard, ScannerSheet, StationCard
from label_templates.label import Label
from label_templates.notes import CartonLabel, DeliveryNote, LayLabel

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path fill="currentColor" d="M8 8h48v48H8z"/></svg>'
)
STATION = "http://192.168.1.20:8080/station/sew-1"
PAIRING = "http://192.168.1.20:8080/pair/k7Qm2x"

PAPERS: dict[str, Label] = {
    "command_card": CommandCard("XXCBBPNJ", "Bonnes pièces", "Puis scannez le paquet.", "12", SQUARE),
    "station_card": StationCard(STATION, "Couture 1", "Couture", "Atelier des Tilleuls", STATION, SQUARE),
    "pairing_card": PairingCard(PAIRING, "Couture 1", "10:42", PAIRING),
    "scanner_sheet": ScannerSheet(
        code="",
        model="Netum C750",
        steps=(
            "Branchez la douchette.",
            "Scannez les codes de sa notice pour le mode série (USB COM).",
            "Puis scannez chaque code ci-dessous, de gauche à droite.",
        ),
        checks=(("Clavier", "SETUP:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/"), ("Un paquet d’essai", "BCDFGHJKLNPRST")),
    ),
    "lay": LayLabel(
        code="http://192.168.1.20:8080/lays/OF-2026-0117/12",
        order="OF-2026-0117",
        style="Blouse infirmière",
        colour="Bleu pétrole",
        lay="12",
        marker="S1 M2 L2 XL1",
        plies=30,
        pieces=180,
        shade="B3",
        bundle_first=1,
        bundle_last=10,
        cut_on="21/11/2026",
    ),
    "carton": CartonLabel(
        code="BL-2026-0042/3",
        client="Ville de Lille",
        address="Magasin central, quai 3, 59000 Lille",
        order="OF-2026-0117",
        style="Blouse infirmière",
        colour="Bleu pétrole",
        size="XL",
        quantity=120,
        carton_number=3,
        carton_count=8,
        sender="Atelier des Tilleuls",
    ),
    "delivery_note": DeliveryNote(
        code="BL-2026-0042",
        number="BL-2026-0042",
        date="21/11/2026",
        sender="Atelier des Tilleuls",
        sender_address="4 rue des Tilleuls, 59000 Lille",
        client="Ville de Lille",
        client_address="Magasin central, quai 3, 59000 Lille",
        order="OF-2026-0117",
        lines=(("Blouse infirmière", "M", "Bleu pétrole", 60), ("Blouse infirmière", "XL", "Bleu pétrole", 40)),
        pieces=100,
        cartons=2,
    ),
}
