"""Where a bundle is, in words."""

from floor_app.domain.progress import BundleStatus
from floor_app.domain.routings import Routing
from floor_app.store.bundles import Whereabouts
from floor_app.texts import Words
from floor_app.web.step_names import step_name


def place_words(t: Words, status: str, where: Whereabouts | None, routing: Routing | None = None) -> tuple[str, str]:
    """(kind, words): `waits`, `in_rework`, `over`, or the status of a bundle that is not open."""
    if status != BundleStatus.OPEN:
        return status, t(f"bundles.status_{status}")
    if where is None:
        return "over", t("bundles.place_over")
    waits, away = (
        t("bundles.and").join(step_name(t, operation, routing) for operation in _in_order(steps, routing))
        for steps in (where.waits_at, where.in_rework_at)
    )
    said = [t("bundles.place_waits", step=waits)] if waits else []
    said += [t("bundles.place_in_rework", step=away)] if away else []
    return "waits" if waits else "in_rework", t("bundles.and").join(said)


def _in_order(operations: tuple[str, ...], routing: Routing | None) -> list[str]:
    known = [operation.code for operation in routing.operations] if routing else []
    return sorted(operations, key=lambda code: known.index(code) if code in known else len(known))
