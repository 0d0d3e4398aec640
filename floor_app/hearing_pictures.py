"""Pictures as the centre tells them: believed only when they are what their digest says, and nothing but pixels."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any

from groundwork.pictures import Picture, PictureFault, read_picture


def heard_picture(said: Mapping[str, Any], *, sha256: str = "") -> Picture:
    """Of a PictureContent of the contract. `sha256`: the one that was asked for, where one was. PictureFault for anything else."""
    if sha256 and said["sha256"] != sha256:
        raise PictureFault("not_a_picture")
    try:
        png = b64decode(said["png"], validate=True)
    except NotBase64 as error:
        raise PictureFault("not_a_picture") from error
    return read_picture(png, sha256=said["sha256"])
