"""What a picture is called: short enough for a delivery note, and the same in every atelier and at the centre."""

NAME_LETTERS = 20


def name_of(sha256: str) -> str:
    """The first 20 letters of the digest of its bytes (80 bits), hexadecimal; "" for none."""
    return sha256[:NAME_LETTERS]
