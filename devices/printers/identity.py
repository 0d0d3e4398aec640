"""Which language a printer probably speaks, from the IEEE 1284 id it gives over USB. Pure.

The id is read without opening the printer: /sys/class/usbmisc/lpN/device/ieee1284_id. It is a guess to offer to a person:
where the id names no language of ours, several of them, or a model of another maker, there is none.
"""

import re

_LANGUAGES = {
    "ZPL": "zpl",
    "ZPLII": "zpl",
    "ZPL2": "zpl",
    "TSPL": "tspl",
    "TSPL2": "tspl",
    "TSPLEZ": "tspl",
    "ESCPOS": "escpos",
}
# A printer that calls itself by these models without being of that maker says nothing reliable about itself: a Rongta
# calls itself "EPOSN TM-T88V".
_MODELS_OF = {"TM-": "EPSON", "ZTC": "ZEBRA", "TTP-": "TSC", "TDP-": "TSC"}
_LONG_NAMES = {"MANUFACTURER": "MFG", "COMMAND SET": "CMD", "MODEL": "MDL"}


def guess_language(device_id: str) -> str | None:
    """A name in `LANGUAGES` for an id such as `MFG:TSC;CMD:TSPL2;MDL:TTP-245C;`, None without a sure sign."""
    named = languages_named(device_id)
    return named[0] if len(named) == 1 else None


def languages_named(device_id: str) -> tuple[str, ...]:
    """Those of ours that the id names, sorted; none where it is not to be believed."""
    fields = id_fields(device_id)
    if _borrows_a_name(fields.get("MFG", ""), fields.get("MDL", "")):
        return ()
    spoken = (re.sub(r"[^A-Z0-9]", "", name.upper()) for name in fields.get("CMD", "").split(","))
    return tuple(sorted({_LANGUAGES[name] for name in spoken if name in _LANGUAGES}))


def id_fields(device_id: str) -> dict[str, str]:
    """The fields of an id, long names shortened to MFG, CMD and MDL; of a name said twice, the first."""
    fields: dict[str, str] = {}
    for part in device_id.split(";"):
        name, colon, value = part.partition(":")
        name = name.strip().upper()
        if colon:
            fields.setdefault(_LONG_NAMES.get(name, name), value.strip())
    return fields


def _borrows_a_name(maker: str, model: str) -> bool:
    words = model.upper().split()
    makers = {owner for start, owner in _MODELS_OF.items() for word in words if word.startswith(start)}
    return any(owner not in maker.upper() for owner in makers)
