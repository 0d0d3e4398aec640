"""What floor.toml writes behind the address of a scanner: `?feedback=honeywell`, `?layout=fr`."""

from collections.abc import Collection, Mapping

Choices = Mapping[str, Collection[str]]


def split_options(address: str, choices: Choices, *, form: str) -> tuple[str, dict[str, str]]:
    """The address without its options, and the options. ValueError (`misunderstood`) for any that is not in `choices`.

    `form` is how an address of this kind is written, for the cure.
    """
    bare, behind, written = address.partition("?")
    options: dict[str, str] = {}
    for option in written.split("&") if behind else ():
        key, _, value = option.partition("=")
        if value not in choices.get(key, ()):
            raise misunderstood(address, choices, form=form)
        options[key] = value
    return bare, options


def misunderstood(address: str, choices: Choices, *, form: str) -> ValueError:
    """The fault, with the cure."""
    options = "".join(f"[?{key}={'|'.join(sorted(values))}]" for key, values in choices.items())
    return ValueError(f"scanner address {address!r} is not understood: write {form}{options}")
