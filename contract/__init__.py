"""What an atelier and the central platform say to each other: shared by both, and by nothing else. Imports neither of them."""
