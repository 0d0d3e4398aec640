"""What every template can use: words, numbers, times, codes."""

import uuid
from datetime import date

from flask import Flask
from markupsafe import Markup

from floor_app.atelier import Atelier
from floor_app.domain.codes import grouped
from floor_app.reports.hours_report import in_hours
from floor_app.store import pictures
from floor_app.texts import grouped_number, words
from floor_app.web.roles import Role, visitor
from groundwork.picture_names import name_of


def add_to(app: Flask, atelier: Atelier) -> None:
    t = words(atelier.config.atelier.language)
    clock = atelier.clock

    def at_time(at_ms: int) -> str:
        """10:42 today, « 21/11 à 10:42 » another day."""
        local = clock.local(at_ms)
        return f"{local:%H:%M}" if local.date().isoformat() == clock.today() else f"{local:%d/%m} à {local:%H:%M}"

    def french_date(iso_day: str) -> str:
        return f"{date.fromisoformat(iso_day):%d/%m/%Y}" if iso_day else ""

    def age(at_ms: int) -> str:
        """How long ago, in the coarsest unit that says it."""
        seconds = max(0, (clock.now_ms() - at_ms) // 1000)
        for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
            if seconds >= length:
                return t(f"common.age_{unit}", count=seconds // length)
        return t("common.age_seconds", count=seconds)

    def style_picture(style: str) -> str:
        """The name of the style's picture, where it is here; else ""."""
        with atelier.reading() as db:
            name = pictures.of_style(db, style)
            return name if name and pictures.here(db, [name]) else ""

    def pictures_here(names: list[str]) -> set[str]:
        with atelier.reading() as db:
            return pictures.here(db, names)

    app.jinja_env.filters.update(
        number=grouped_number,
        at_time=at_time,
        french_date=french_date,
        age=age,
        code_groups=_code_groups,
        in_hours=in_hours,
        short_name=name_of,
    )
    app.jinja_env.globals.update(
        t=t,
        atelier=atelier.config.atelier,
        stations=atelier.config.stations,
        visitor=visitor,
        Role=Role,
        style_picture=style_picture,
        pictures_here=pictures_here,
        new_id=lambda: uuid.uuid4().hex,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _code_groups(code: str) -> Markup:
    """The code in groups, kept on one line and spelt letter by letter by a screen reader."""
    return Markup('<span class="code" translate="no">{}</span>').format(grouped(code).replace(" ", "\u00a0"))
