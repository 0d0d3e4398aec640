"""In which language a page is: what was chosen, else what the browser likes best, else French."""

from flask import g, has_request_context, request, session

from central.texts import LANGUAGES, Words, words

CHOSEN = "language"


def language() -> str:
    if not has_request_context():
        return LANGUAGES[0]
    if "language" not in g:
        chosen = session.get(CHOSEN, "")
        g.language = chosen if chosen in LANGUAGES else _liked_best()
    found: str = g.language
    return found


def spoken() -> Words:
    """The words of whoever asks."""
    return words(language())


def t(key: str, /, **values: object) -> str:
    return spoken()(key, **values)


def choose(code: str) -> None:
    """From now on, in this browser. Another code than ours changes nothing."""
    if code in LANGUAGES:
        session[CHOSEN] = code
        g.pop("language", None)


def _liked_best() -> str:
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
