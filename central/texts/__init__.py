"""Words of the centre, one folder per language, one TOML file per screen."""

from functools import cache

from groundwork.words import Words, read_words

LANGUAGES = ("fr", "en")


@cache
def words(language: str = "fr") -> Words:
    return read_words(__name__, language)


__all__ = ["LANGUAGES", "Words", "words"]
