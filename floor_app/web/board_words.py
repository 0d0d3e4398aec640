"""How the board says ages, days, sizes and steps: to the minute, so that what was drawn holds until the minute is over."""

from dataclasses import dataclass
from datetime import date

from floor_app.clock import Clock
from floor_app.texts import Words
from floor_app.web.step_names import step_name

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class BoardWords:
    """`at_ms`: the moment the figures were read, UTC."""

    t: Words
    clock: Clock
    at_ms: int

    @property
    def time(self) -> str:
        """10:43."""
        return f"{self.clock.local(self.at_ms):%H:%M}"

    @property
    def day(self) -> str:
        """« lundi 23 novembre »."""
        return self.long_day(self.clock.local(self.at_ms).date())

    def long_day(self, day: date) -> str:
        spoken = self.t.area("board")
        number = "1ᵉʳ" if day.day == 1 else str(day.day)
        return f"{spoken['weekdays'][day.weekday()]} {number} {spoken['months'][day.month - 1]}"

    def short_day(self, iso_day: str) -> str:
        """« 18/12 », with the year where it is not this one."""
        day = date.fromisoformat(iso_day)
        return f"{day:%d/%m}" if day.year == self.clock.local(self.at_ms).year else f"{day:%d/%m/%Y}"

    def age(self, since_ms: int) -> str:
        """« il y a 3 minutes »."""
        return self._age(since_ms, "common.age") or self.t("board.just_now")

    def short_ago(self, since_ms: int) -> str:
        """« il y a 3 min », « à l’instant »."""
        return self._around(since_ms, "board.short_ago", now=self.t("board.just_now"))

    def short_since(self, since_ms: int) -> str:
        """« , depuis 3 min », or nothing within the first minute."""
        return self._around(since_ms, "board.short_since", now="")

    def step(self, operation: str, title: str = "") -> str:
        return title or step_name(self.t, operation)

    def state(self, kind: str, state: str) -> str:
        key = f"board.{kind}_{state}" if self.t.has(f"board.{kind}_{state}") else f"board.device_{state}"
        return self.t(key) if self.t.has(key) else self.t("board.device_error")

    def gigabytes(self, size_bytes: int) -> str:
        """« 12,3 »: decimal units, decimal comma."""
        return f"{size_bytes / 1e9:.1f}".replace(".", ",")

    def _around(self, since_ms: int, key: str, *, now: str) -> str:
        age = self._age(since_ms, "board.short_age")
        return self.t(key, age=age) if age else now

    def _age(self, since_ms: int, key: str) -> str:
        """Whole minutes of the clock on the wall, in the coarsest unit that says it; "" within the same minute."""
        minutes = max(0, self.at_ms // _MINUTE_MS - since_ms // _MINUTE_MS)
        for unit, length in (("days", 1440), ("hours", 60), ("minutes", 1)):
            if minutes >= length:
                return self.t(f"{key}_{unit}", count=minutes // length)
        return ""
