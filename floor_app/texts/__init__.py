"""Words of the atelier, one folder per language, one TOML file per screen."""

from functools import cache

from groundwork.words import NoWords, Words, grouped_number, read_words

LANGUAGES = ("fr",)


@cache
def words(language: str = "fr") -> Words:
    return read_words(__name__, language)


__all__ = ["LANGUAGES", "NoWords", "Words", "grouped_number", "words"]
